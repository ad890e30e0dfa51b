"""What emitted kernels call: vectorisable elementary and special functions, gamma draws, and raw pointers.

Importing this package imports numba: only text that is about to be compiled does so. Every function takes and returns
float64, or float32 alone; errors and edges are stated where the formulas are: `elementary`, `special`, `normal_tail`,
`bessel`, `gamma_draw`, `gamma_gradient`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from vicompile.jit.mathlib import bessel, choice, elementary, normal_tail, special
from vicompile.jit.mathlib.define import elementwise
from vicompile.jit.mathlib.foreign import blas, call_at, invoke, lapack, packed, unpacked
from vicompile.jit.mathlib.gamma_draw import log_standard_gamma as gamma_draw_formula
from vicompile.jit.mathlib.gamma_gradient import log_gamma_gradient as gamma_gradient_formula
from vicompile.jit.mathlib.libm import from_libm
from vicompile.jit.mathlib.pointers import (
    advance,
    float32,
    float32_at,
    float32_in,
    float64_at,
    int64_at,
    local_buffer,
    local_float32_buffer,
    local_int64_buffer,
)
from vicompile.jit.mathlib.positions import random_position
from vicompile.jit.mathlib.products import add_cross_product, times_transposed
from vicompile.jit.mathlib.vectors import combine, dot, largest, not_finite, scale, total

exp = elementwise("exp", elementary.exp, has_single=True)
log = elementwise("log", elementary.log, has_single=True)
log1p = elementwise("log1p", elementary.log1p, has_single=True)
expm1 = elementwise("expm1", elementary.expm1, has_single=True)
sigmoid = elementwise("sigmoid", elementary.sigmoid, has_single=True)
softplus = elementwise("softplus", elementary.softplus, has_single=True)
log_sigmoid = elementwise("log_sigmoid", elementary.log_sigmoid, has_single=True)
tanh = elementwise("tanh", elementary.tanh, has_single=True)
sqrt = elementwise("sqrt", elementary.sqrt, has_single=True)
erf = elementwise("erf", special.erf)
erfc = elementwise("erfc", special.erfc)
lgamma = elementwise("lgamma", special.lgamma)
log_beta = elementwise("log_beta", special.log_beta, 2)
digamma = elementwise("digamma", special.digamma)
trigamma = elementwise("trigamma", special.trigamma)
ndtri = elementwise("ndtri", special.ndtri)
ndtr = elementwise("ndtr", normal_tail.ndtr)
log_ndtr = elementwise("log_ndtr", normal_tail.log_ndtr)
log_ndtr_slope = elementwise("log_ndtr_slope", normal_tail.log_ndtr_slope)
ndtri_exp = elementwise("ndtri_exp", normal_tail.ndtri_exp)
log_bessel_i0e = elementwise("log_bessel_i0e", bessel.log_bessel_i0e)
log_bessel_i0e_slope = elementwise("log_bessel_i0e_slope", bessel.log_bessel_i0e_slope)
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
asinh = elementwise("asinh", from_libm("asinh"))
acosh = elementwise("acosh", from_libm("acosh"))
atanh = elementwise("atanh", from_libm("atanh"))
atan2 = elementwise("atan2", from_libm("atan2"), 2)
cbrt = elementwise("cbrt", from_libm("cbrt"))
hypot = elementwise("hypot", from_libm("hypot"), 2)
multiply_add = elementwise("multiply_add", lambda a, b, c: a.times_plus(b, c), 3, has_single=True)
minimum = elementwise("minimum", choice.minimum, 2, has_single=True)
maximum = elementwise("maximum", choice.maximum, 2, has_single=True)
sign = elementwise("sign", choice.sign, has_single=True)
floor = elementwise("floor", choice.floor, has_single=True)
pow = elementwise("pow", from_libm("pow"), 2)

MATHLIB: dict[str, Callable[..., Any]] = {
    "acos": acos,
    "acosh": acosh,
    "asin": asin,
    "asinh": asinh,
    "atan": atan,
    "atan2": atan2,
    "atanh": atanh,
    "cbrt": cbrt,
    "cos": cos,
    "cosh": cosh,
    "digamma": digamma,
    "erf": erf,
    "erfc": erfc,
    "exp": exp,
    "floor": floor,
    "maximum": maximum,
    "minimum": minimum,
    "multiply_add": multiply_add,
    "sign": sign,
    "expm1": expm1,
    "hypot": hypot,
    "lgamma": lgamma,
    "log": log,
    "log1p": log1p,
    "log_bessel_i0e": log_bessel_i0e,
    "log_bessel_i0e_slope": log_bessel_i0e_slope,
    "log_beta": log_beta,
    "log_gamma_gradient": log_gamma_gradient,
    "log_ndtr": log_ndtr,
    "log_ndtr_slope": log_ndtr_slope,
    "log_sigmoid": log_sigmoid,
    "log_standard_gamma": log_standard_gamma,
    "ndtr": ndtr,
    "ndtri": ndtri,
    "ndtri_exp": ndtri_exp,
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
__all__ += ["float32", "float32_at", "float32_in", "local_float32_buffer"]
__all__ += ["add_cross_product", "times_transposed"]
__all__ += ["combine", "dot", "largest", "not_finite", "scale", "total"]
__all__ += ["blas", "call_at", "invoke", "lapack", "packed", "random_position", "unpacked"]
