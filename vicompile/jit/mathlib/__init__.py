"""What emitted kernels call: vectorisable elementary and special functions, gamma draws, and raw pointers.

Importing this package imports numba: only text that is about to be compiled does so. Every function takes and returns
float64; errors and edges are stated where the formulas are: `elementary`, `special`, `gamma_draw`, `gamma_gradient`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from vicompile.jit.mathlib import choice, elementary, special
from vicompile.jit.mathlib.define import elementwise
from vicompile.jit.mathlib.foreign import blas, invoke, lapack, packed, unpacked
from vicompile.jit.mathlib.gamma_draw import log_standard_gamma as gamma_draw_formula
from vicompile.jit.mathlib.gamma_gradient import log_gamma_gradient as gamma_gradient_formula
from vicompile.jit.mathlib.libm import from_libm
from vicompile.jit.mathlib.pointers import advance, float64_at, int64_at, local_buffer, local_int64_buffer
from vicompile.jit.mathlib.positions import random_position

exp = elementwise("exp", elementary.exp)
log = elementwise("log", elementary.log)
log1p = elementwise("log1p", elementary.log1p)
expm1 = elementwise("expm1", elementary.expm1)
sigmoid = elementwise("sigmoid", elementary.sigmoid)
softplus = elementwise("softplus", elementary.softplus)
log_sigmoid = elementwise("log_sigmoid", elementary.log_sigmoid)
tanh = elementwise("tanh", elementary.tanh)
sqrt = elementwise("sqrt", elementary.sqrt)
erf = elementwise("erf", special.erf)
erfc = elementwise("erfc", special.erfc)
lgamma = elementwise("lgamma", special.lgamma)
log_beta = elementwise("log_beta", special.log_beta, 2)
digamma = elementwise("digamma", special.digamma)
trigamma = elementwise("trigamma", special.trigamma)
ndtri = elementwise("ndtri", special.ndtri)
log_standard_gamma = elementwise("log_standard_gamma", gamma_draw_formula, 4, inline=False)
log_gamma_gradient = elementwise("log_gamma_gradient", gamma_gradient_formula, 2, inline=False)
sin = elementwise("sin", from_libm("sin"))
cos = elementwise("cos", from_libm("cos"))
tan = elementwise("tan", from_libm("tan"))
asin = elementwise("asin", from_libm("asin"))
acos = elementwise("acos", from_libm("acos"))
atan = elementwise("atan", from_libm("atan"))
sinh = elementwise("sinh", from_libm("sinh"))
cosh = elementwise("cosh", from_libm("cosh"))
minimum = elementwise("minimum", choice.minimum, 2)
maximum = elementwise("maximum", choice.maximum, 2)
sign = elementwise("sign", choice.sign)
floor = elementwise("floor", choice.floor)
pow = elementwise("pow", from_libm("pow"), 2)

MATHLIB: dict[str, Callable[..., Any]] = {
    "acos": acos,
    "asin": asin,
    "atan": atan,
    "cos": cos,
    "cosh": cosh,
    "digamma": digamma,
    "erf": erf,
    "erfc": erfc,
    "exp": exp,
    "floor": floor,
    "maximum": maximum,
    "minimum": minimum,
    "sign": sign,
    "expm1": expm1,
    "lgamma": lgamma,
    "log": log,
    "log1p": log1p,
    "log_beta": log_beta,
    "log_gamma_gradient": log_gamma_gradient,
    "log_sigmoid": log_sigmoid,
    "log_standard_gamma": log_standard_gamma,
    "ndtri": ndtri,
    "pow": pow,
    "sigmoid": sigmoid,
    "sin": sin,
    "sinh": sinh,
    "softplus": softplus,
    "sqrt": sqrt,
    "tan": tan,
    "tanh": tanh,
    "trigamma": trigamma,
}

__all__ = ["MATHLIB", *MATHLIB, "advance", "float64_at", "int64_at", "local_buffer", "local_int64_buffer"]
__all__ += ["blas", "invoke", "lapack", "packed", "random_position", "unpacked"]
