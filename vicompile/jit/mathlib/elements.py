"""The operations of an optimizer's rule, by the names of `vicompile.optim.expressions`, on a `Real` of several lanes.

Conditions are LLVM's own values; everything else is a Real.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir

from vicompile.jit.mathlib import choice, elementary
from vicompile.jit.mathlib.lanes import HALF_WORD, Real
from vicompile.jit.mathlib.libm import from_libm


def lane_by_lane(formula: Callable[..., Real]) -> Callable[..., Real]:
    """A formula that is known for single numbers only, on the lanes of vectors one after the other."""

    def over_lanes(*arguments: Real) -> Real:
        builder, result = arguments[0].builder, arguments[0]
        for lane in range(result.value.type.count):
            place = ir.Constant(HALF_WORD, lane)
            one = formula(*(Real(builder, builder.extract_element(a.value, place)) for a in arguments))
            result = Real(builder, builder.insert_element(result.value, one.value, place))
        return result

    return over_lanes


def _compared(how: str) -> Callable[[Real, Real], Any]:
    return lambda a, b: a.builder.fcmp_ordered(how, a.value, b.value)


def _chosen(condition: Any, then: Real, otherwise: Real) -> Real:
    return then.where(condition, then, otherwise)


ELEMENTS: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: a * b,
    "divide": lambda a, b: a / b,
    "negative": lambda a: 0.0 - a,
    "absolute": lambda a: a.absolute(),
    "sqrt": lambda a: a.square_root(),
    "exp": elementary.exp,
    "expm1": elementary.expm1,
    "log": elementary.log,
    "log1p": elementary.log1p,
    "tanh": lane_by_lane(elementary.tanh),
    "power": lane_by_lane(from_libm("pow")),
    "sign": choice.sign,
    "maximum": choice.maximum,
    "minimum": choice.minimum,
    "where": _chosen,
    "less": _compared("<"),
    "less_equal": _compared("<="),
    "greater": _compared(">"),
    "greater_equal": _compared(">="),
    "equal": _compared("=="),
    # True for NaN, like the opposite of `equal`.
    "not_equal": lambda a, b: a.builder.fcmp_unordered("!=", a.value, b.value),
}


def connectives(builder: Any) -> dict[str, Callable[..., Any]]:
    """The operations on conditions."""
    return {"both": builder.and_, "either": builder.or_, "opposite": builder.not_}
