"""The numbers that a rule is run on once, to write it down: they record what NumPy's functions do to them."""

from __future__ import annotations

from collections.abc import Callable
from numbers import Real
from typing import Any, NoReturn

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

# What a rule may do to numbers, by the names that the run time knows.
UFUNCS: dict[np.ufunc, str] = {
    np.add: "add",
    np.subtract: "subtract",
    np.multiply: "multiply",
    np.true_divide: "divide",
    np.negative: "negative",
    np.absolute: "absolute",
    np.fabs: "absolute",
    np.sqrt: "sqrt",
    np.exp: "exp",
    np.expm1: "expm1",
    np.log: "log",
    np.log1p: "log1p",
    np.tanh: "tanh",
    np.sign: "sign",
    np.maximum: "maximum",
    np.minimum: "minimum",
    np.power: "power",
    np.float_power: "power",
}
COMPARISONS: dict[np.ufunc, str] = {
    np.less: "less",
    np.less_equal: "less_equal",
    np.greater: "greater",
    np.greater_equal: "greater_equal",
    np.equal: "equal",
    np.not_equal: "not_equal",
}
CONNECTIVES: dict[np.ufunc, str] = {
    np.logical_and: "both",
    np.bitwise_and: "both",
    np.logical_or: "either",
    np.bitwise_or: "either",
    np.logical_not: "opposite",
    np.invert: "opposite",
}
_LONGEST_PRODUCT = 16  # a whole power is multiplied out up to here


class Element(NDArrayOperatorsMixin):
    """One element of every parameter, or of what belongs to it, in a rule that is being written down.

    operation: `input`, `constant`, one of the tables above, or a reduction over elements (`whole`).
    operands: elements; for an input its name, for a constant its value.
    """

    __slots__ = ("is_condition", "operands", "operation")
    # Identity: comparing two of them gives a third.
    __hash__ = object.__hash__

    def __init__(self, operation: str, *operands: Any, is_condition: bool = False) -> None:
        self.operation, self.operands, self.is_condition = operation, operands, is_condition

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **keywords: Any) -> Element:
        if method != "__call__" or keywords:
            raise TypeError(f"a rule cannot use np.{ufunc.__name__}.{method} with keywords {sorted(keywords)}")
        if ufunc in UFUNCS:
            return _arithmetic(UFUNCS[ufunc], [as_number(one) for one in inputs])
        if ufunc in COMPARISONS:
            return Element(COMPARISONS[ufunc], *(as_number(one) for one in inputs), is_condition=True)
        if ufunc in CONNECTIVES:
            return Element(CONNECTIVES[ufunc], *(as_condition(one) for one in inputs), is_condition=True)
        if ufunc is np.square:
            return _product(as_number(inputs[0]), 2)
        if ufunc is np.reciprocal:
            return Element("divide", as_number(1.0), as_number(inputs[0]))
        raise TypeError(f"a rule cannot use np.{ufunc.__name__}; it may use {allowed_names()}")

    def __array_function__(self, function: Any, types: Any, args: Any, keywords: Any) -> Element:
        if function not in _FUNCTIONS:
            hint = "; vicompile.optim.total adds up over all parameters" if function in (np.sum, np.mean) else ""
            raise TypeError(f"a rule cannot use np.{function.__name__}; it may use {allowed_names()}{hint}")
        return _FUNCTIONS[function](*args, **keywords)

    def __bool__(self) -> NoReturn:
        raise TypeError("a rule cannot branch on a number of its elements: use np.where(condition, a, b)")

    def __float__(self) -> NoReturn:
        raise TypeError("a rule is written with NumPy's functions, np.sqrt and the like, not with those of math")

    def __repr__(self) -> str:
        return f"<{self.operation}>"


def as_number(value: Any) -> Element:
    """An operand as an element; a condition counts as 0 or 1."""
    if isinstance(value, Element):
        return Element("where", value, as_number(1.0), as_number(0.0)) if value.is_condition else value
    if np.ndim(value) == 0 and isinstance(np.asarray(value)[()], (Real, np.bool_)):
        return Element("constant", float(value))
    raise TypeError(f"a rule computes with numbers, got {value!r}")


def as_condition(value: Any) -> Element:
    """An operand as a condition; a number holds where it is not zero."""
    if isinstance(value, Element) and value.is_condition:
        return value
    return Element("not_equal", as_number(value), as_number(0.0), is_condition=True)


def allowed_names() -> str:
    """The functions of NumPy that a rule may use."""
    ufuncs = {one.__name__ for one in (*UFUNCS, *COMPARISONS, *CONNECTIVES)}
    return ", ".join(sorted(ufuncs | {"clip", "reciprocal", "square", "where"}))


def _arithmetic(name: str, operands: list[Element]) -> Element:
    if name == "power" and operands[1].operation == "constant":
        base, exponent = operands[0], operands[1].operands[0]
        if exponent == 0.5:
            return Element("sqrt", base)
        if exponent in range(1, _LONGEST_PRODUCT + 1):
            return _product(base, int(exponent))
    return Element(name, *operands)


def _product(base: Element, times: int) -> Element:
    if times == 1:
        return base
    half = _product(base, times // 2)
    squared = Element("multiply", half, half)
    return Element("multiply", squared, base) if times % 2 else squared


def _where(condition: Any, then: Any, otherwise: Any) -> Element:
    return Element("where", as_condition(condition), as_number(then), as_number(otherwise))


def _clip(value: Any, lower: Any = None, upper: Any = None) -> Element:
    clipped = as_number(value)
    if lower is not None:
        clipped = Element("maximum", clipped, as_number(lower))
    return clipped if upper is None else Element("minimum", clipped, as_number(upper))


_FUNCTIONS: dict[Callable[..., Any], Callable[..., Element]] = {np.where: _where, np.clip: _clip}
