"""What emitted kernels call: vectorisable elementary and special functions, and raw pointers.

Importing this package imports numba: only text that is about to be compiled does so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from vicompile.jit.mathlib import elementary
from vicompile.jit.mathlib.define import elementwise
from vicompile.jit.mathlib.pointers import advance, float64_at, int64_at, local_buffer, local_int64_buffer

exp = elementwise("exp", elementary.exp)
log = elementwise("log", elementary.log)
log1p = elementwise("log1p", elementary.log1p)
expm1 = elementwise("expm1", elementary.expm1)
sigmoid = elementwise("sigmoid", elementary.sigmoid)
softplus = elementwise("softplus", elementary.softplus)
tanh = elementwise("tanh", elementary.tanh)
log_sigmoid = elementwise("log_sigmoid", elementary.log_sigmoid)
sqrt = elementwise("sqrt", elementary.sqrt)

MATHLIB: dict[str, Callable[..., Any]] = {
    "exp": exp,
    "log": log,
    "log1p": log1p,
    "expm1": expm1,
    "sigmoid": sigmoid,
    "softplus": softplus,
    "tanh": tanh,
    "log_sigmoid": log_sigmoid,
    "sqrt": sqrt,
}
