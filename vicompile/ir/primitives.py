"""The elementwise primitives: one row each.

A row has the primitive's name, its NumPy meaning, how it is written in a kernel, its gradient, and its result type.
All fields are required, so that a forgotten gradient is an error at import. To add one, see docs/add-a-primitive.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from ..diagnostics import Record
from . import special
from .nodes import BOOL, FLOAT, INT

if TYPE_CHECKING:
    from .nodes import Node

Gradient = Callable[..., "tuple[Node | None, ...]"]


class Primitive(Record):
    """One elementwise function.

    evaluate: its meaning on NumPy arrays.
    emit: a Python expression over {0}, {1}, ... as it stands in a kernel; what it calls is in vicompile.jit.mathlib.
    gradient: `gradient(g, out, *args)` gives the adjoint of each argument, None where it has none.
    result: the result type: "same" (that of the arguments after promotion), or a fixed type.
    operands: what arguments are converted to: "float", "number" (int or float, promoted together), "bool", "select"
        (a bool, then two alike), or "any" (nothing is converted).
    """

    name: str
    evaluate: Callable[..., Any]
    emit: str
    gradient: Gradient | None
    result: str
    operands: str


def _where_gradient(g: Any, out: Any, condition: Any, a: Any, b: Any) -> tuple[Any, ...]:
    from .ops import where

    return None, where(condition, g, 0.0), where(condition, 0.0, g)


def _arctan2_gradient(g: Any, out: Any, y: Any, x: Any) -> tuple[Any, ...]:
    from .ops import hypot

    # Divided twice by the radius: its square may overflow.
    radius = hypot(y, x)
    return g * (x / radius) / radius, -g * (y / radius) / radius


def _hypot_gradient(g: Any, out: Any, a: Any, b: Any) -> tuple[Any, ...]:
    from .ops import where

    safe = where(out > 0.0, out, 1.0)
    return g * (a / safe), g * (b / safe)


def _of_the_larger(g: Any, this: Any, other: Any) -> Any:
    """The part of a gradient that belongs to `this`: all where it is the larger one, half where both are equal."""
    from .ops import equal, where

    return where(this > other, g, where(equal(this, other), 0.5 * g, 0.0))


def _log_ndtr_slope_gradient(g: Any, out: Any, a: Any) -> tuple[Any, ...]:
    from .ops import maximum, minimum, where

    # -out (a + out); far to the left, where the sum cancels, its asymptotic series in 1 / a**2.
    inner, outer = maximum(a, -300.0), minimum(a, -300.0)
    w = (1.0 / outer) * (1.0 / outer)
    series = -1.0 + w * (1.0 + w * (-6.0 + w * 50.0))
    return (g * where(a < -300.0, series, -out * (inner + out)),)


def _log_bessel_i0e_slope_gradient(g: Any, out: Any, a: Any) -> tuple[Any, ...]:
    from .ops import absolute, where

    # For the ratio r = I1 / I0 at x > 0 it is 1 - r / x - r**2 (Abramowitz and Stegun 9.6.26); here 1 - r = |out|.
    size, deficit = absolute(a), absolute(out)
    over = where(size > 0.0, (1.0 - deficit) / where(size > 0.0, size, 1.0), 0.5)
    return (g * (deficit * (2.0 - deficit) - over),)


def _rows() -> list[Primitive]:
    from . import ops as o

    none: Gradient | None = None

    def row(name: str, evaluate: Callable[..., Any], emit: str, gradient: Gradient | None, *, result: str = FLOAT,
            operands: str = "float") -> Primitive:  # fmt: skip
        return Primitive(name, evaluate, emit, gradient, result, operands)

    def arithmetic(name: str, evaluate: Callable[..., Any], emit: str, gradient: Gradient) -> Primitive:
        return row(name, evaluate, emit, gradient, result="same", operands="number")

    def comparison(name: str, evaluate: Callable[..., Any], sign: str) -> Primitive:
        return row(name, evaluate, f"{{0}} {sign} {{1}}", none, result=BOOL, operands="number")

    return [
        arithmetic("add", np.add, "{0} + {1}", lambda g, out, a, b: (g, g)),
        arithmetic("sub", np.subtract, "{0} - {1}", lambda g, out, a, b: (g, -g)),
        arithmetic("mul", np.multiply, "{0} * {1}", lambda g, out, a, b: (g * b, g * a)),
        arithmetic("neg", np.negative, "-{0}", lambda g, out, a: (-g,)),
        row("div", np.divide, "{0} / {1}", lambda g, out, a, b: (g / b, -(g * out) / b)),
        row("pow", np.power, "pow({0}, {1})",
            lambda g, out, a, b: (g * b * o.power(a, b - 1.0), g * out * o.log(o.where(a > 0.0, a, 1.0)))),
        row("exp", np.exp, "exp({0})", lambda g, out, a: (g * out,)),
        row("log", np.log, "log({0})", lambda g, out, a: (g / a,)),
        row("log1p", np.log1p, "log1p({0})", lambda g, out, a: (g / (1.0 + a),)),
        row("expm1", np.expm1, "expm1({0})", lambda g, out, a: (g * (out + 1.0),)),
        row("sqrt", np.sqrt, "sqrt({0})", lambda g, out, a: (g * 0.5 / out,)),
        row("tanh", np.tanh, "tanh({0})", lambda g, out, a: (g * (1.0 - out * out),)),
        row("sigmoid", special.sigmoid, "sigmoid({0})", lambda g, out, a: (g * out * (1.0 - out),)),
        row("softplus", special.softplus, "softplus({0})", lambda g, out, a: (g * o.sigmoid(a),)),
        row("sin", np.sin, "sin({0})", lambda g, out, a: (g * o.cos(a),)),
        row("cos", np.cos, "cos({0})", lambda g, out, a: (-g * o.sin(a),)),
        row("tan", np.tan, "tan({0})", lambda g, out, a: (g * (1.0 + out * out),)),
        row("arctan", np.arctan, "atan({0})", lambda g, out, a: (g / (1.0 + a * a),)),
        row("arcsin", np.arcsin, "asin({0})", lambda g, out, a: (g / o.sqrt((1.0 - a) * (1.0 + a)),)),
        row("arccos", np.arccos, "acos({0})", lambda g, out, a: (-g / o.sqrt((1.0 - a) * (1.0 + a)),)),
        row("arctan2", np.arctan2, "atan2({0}, {1})", _arctan2_gradient),
        row("sinh", np.sinh, "sinh({0})", lambda g, out, a: (g * o.cosh(a),)),
        row("cosh", np.cosh, "cosh({0})", lambda g, out, a: (g * o.sinh(a),)),
        row("arcsinh", np.arcsinh, "asinh({0})", lambda g, out, a: (g / o.hypot(a, 1.0),)),
        row("arccosh", np.arccosh, "acosh({0})", lambda g, out, a: (g / (o.sqrt(a - 1.0) * o.sqrt(a + 1.0)),)),
        row("arctanh", np.arctanh, "atanh({0})", lambda g, out, a: (g / ((1.0 - a) * (1.0 + a)),)),
        row("cbrt", np.cbrt, "cbrt({0})", lambda g, out, a: (g / (3.0 * out * out),)),
        row("hypot", np.hypot, "hypot({0}, {1})", _hypot_gradient),
        row("abs", np.abs, "abs({0})", lambda g, out, a: (g * o.sign(a),)),
        row("sign", np.sign, "sign({0})", lambda g, out, a: (None,)),
        row("floor", np.floor, "floor({0})", lambda g, out, a: (None,)),
        row("minimum", np.minimum, "minimum({0}, {1})",
            lambda g, out, a, b: (o.where(a <= b, g, 0.0), o.where(a <= b, 0.0, g))),
        row("maximum", np.maximum, "maximum({0}, {1})",
            lambda g, out, a, b: (o.where(a >= b, g, 0.0), o.where(a >= b, 0.0, g))),
        # Those of programs: equal numbers share the gradient. Where formulas use one as a bound the first has it all.
        row("smaller", np.minimum, "minimum({0}, {1})",
            lambda g, out, a, b: (_of_the_larger(g, b, a), _of_the_larger(g, a, b))),
        row("larger", np.maximum, "maximum({0}, {1})",
            lambda g, out, a, b: (_of_the_larger(g, a, b), _of_the_larger(g, b, a))),
        row("erf", special.erf, "erf({0})", lambda g, out, a: (g * (2.0 / np.sqrt(np.pi)) * o.exp(-a * a),)),
        row("erfc", special.erfc, "erfc({0})", lambda g, out, a: (-g * (2.0 / np.sqrt(np.pi)) * o.exp(-a * a),)),
        row("ndtr", special.ndtr, "ndtr({0})",
            lambda g, out, a: (g * (1.0 / np.sqrt(2 * np.pi)) * o.exp(-0.5 * a * a),)),
        row("log_ndtr", special.log_ndtr, "log_ndtr({0})", lambda g, out, a: (g * o.log_ndtr_slope(a),)),
        row("log_ndtr_slope", special.log_ndtr_slope, "log_ndtr_slope({0})",
            _log_ndtr_slope_gradient),
        row("ndtri_exp", special.ndtri_exp, "ndtri_exp({0})", lambda g, out, a: (g / o.log_ndtr_slope(out),)),
        row("log_bessel_i0e", special.log_bessel_i0e, "log_bessel_i0e({0})",
            lambda g, out, a: (g * o.log_bessel_i0e_slope(a),)),
        row("log_bessel_i0e_slope", special.log_bessel_i0e_slope, "log_bessel_i0e_slope({0})",
            _log_bessel_i0e_slope_gradient),
        row("lgamma", special.lgamma, "lgamma({0})", lambda g, out, a: (g * o.digamma(a),)),
        row("log_beta", special.log_beta, "log_beta({0}, {1})",
            lambda g, out, a, b: (g * (o.digamma(a) - o.digamma(a + b)), g * (o.digamma(b) - o.digamma(a + b)))),
        row("digamma", special.digamma, "digamma({0})", lambda g, out, a: (g * o.trigamma(a),)),
        row("trigamma", special.trigamma, "trigamma({0})", none),
        row("ndtri", special.ndtri, "ndtri({0})",
            lambda g, out, a: (g * np.sqrt(2.0 * np.pi) * o.exp(0.5 * out * out),)),
        row("log_standard_gamma", special.log_standard_gamma, "log_standard_gamma({0}, {1}, {2}, {3})",
            lambda g, out, a, n, u, b: (g * o.log_gamma_gradient(a, out), None, None, None)),
        row("log_gamma_gradient", special.log_gamma_gradient, "log_gamma_gradient({0}, {1})", none),
        row("random_position", special.random_position, "random_position({0}, {1}, {2}, {3})", none, result=INT,
            operands="any"),
        comparison("less", np.less, "<"),
        comparison("less_equal", np.less_equal, "<="),
        comparison("greater", np.greater, ">"),
        comparison("greater_equal", np.greater_equal, ">="),
        comparison("equal", np.equal, "=="),
        comparison("not_equal", np.not_equal, "!="),
        row("logical_and", np.logical_and, "{0} & {1}", none, result=BOOL, operands="bool"),
        row("logical_or", np.logical_or, "{0} | {1}", none, result=BOOL, operands="bool"),
        row("logical_not", np.logical_not, "{0} == False", none, result=BOOL, operands="bool"),
        row("where", np.where, "{1} if {0} else {2}", _where_gradient, result="same", operands="select"),
        arithmetic("floordiv", np.floor_divide, "{0} // {1}", lambda g, out, a, b: (None, None)),
        arithmetic("mod", np.mod, "{0} % {1}", lambda g, out, a, b: (g, -g * o.floor_divide(a, b))),
        row("copy", lambda a: a, "{0}", lambda g, out, a: (g,), result="same", operands="any"),
        row("detach", lambda a: a, "{0}", lambda g, out, a: (None,), result="same", operands="any"),
        row("to_float", lambda a: np.asarray(a, float), "{0} * 1.0", lambda g, out, a: (None,), operands="any"),
        row("to_int", lambda a: np.asarray(a, np.int64), "int({0})", lambda g, out, a: (None,), result=INT,
            operands="any"),
    ]  # fmt: skip


_table: dict[str, Primitive] = {}


def primitives() -> dict[str, Primitive]:
    """All rows by name."""
    if not _table:
        _table.update((row.name, row) for row in _rows())
    return _table
