"""Functions of single elements that are made from a few primitives. Named after their NumPy models."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...ir import ops
from ...ir.nodes import FLOAT, INT
from ..bounds import whole
from .convert import as_array


def absolute(x: Any) -> Any:
    """np.absolute; whole numbers stay whole."""
    x = as_array(x)
    return ops.where(x < 0, -x, x) if x.dtype == INT else ops.absolute(x)


def maximum(a: Any, b: Any) -> Any:
    """np.maximum; whole numbers stay whole. Equal numbers share the gradient."""
    a, b = as_array(a), as_array(b)
    return ops.where(a >= b, a, b) if a.dtype == b.dtype == INT else ops.apply("larger", a, b)


def minimum(a: Any, b: Any) -> Any:
    """np.minimum; whole numbers stay whole. Equal numbers share the gradient."""
    a, b = as_array(a), as_array(b)
    return ops.where(a <= b, a, b) if a.dtype == b.dtype == INT else ops.apply("smaller", a, b)


def clip(a: Any, a_min: Any = None, a_max: Any = None, min: Any = None, max: Any = None) -> Any:
    """np.clip"""
    low, high = (a_min if min is None else min), (a_max if max is None else max)
    x = as_array(a)
    x = x if low is None else maximum(x, low)
    return x if high is None else minimum(x, high)


def logaddexp(a: Any, b: Any) -> Any:
    """np.logaddexp; -infinity of two of them."""
    a, b = (ops.to_float(as_array(v)) for v in (a, b))
    is_first = a >= b
    larger, smaller = ops.where(is_first, a, b), ops.where(is_first, b, a)
    # Both of them are in the second term, so that equal numbers share the gradient; infinity - infinity is no number.
    is_infinite = ops.logical_and(ops.equal(a, b), ops.logical_not(ops.is_finite(a)))
    return larger + ops.softplus(ops.where(is_infinite, 0.0, smaller - larger))


def where(condition: Any, x: Any = None, y: Any = None) -> Any:
    """np.where with both alternatives."""
    if x is None or y is None:
        advice = "its size depends on values: index data before you pass it, or write np.where(condition, a, b)"
        raise NotImplementedError("np.where of a condition alone", advice)
    return ops.where(as_array(condition), as_array(x), as_array(y))


def logical_xor(a: Any, b: Any) -> Any:
    """np.logical_xor"""
    return ops.logical_and(ops.logical_or(a, b), ops.logical_not(ops.logical_and(a, b)))


# -- whole parts -------------------------------------------------------------------------------------------------------


def ceil(x: Any) -> Any:
    """np.ceil"""
    return -ops.floor(-ops.to_float(as_array(x)))


def trunc(x: Any) -> Any:
    """np.trunc"""
    x = ops.to_float(as_array(x))
    return ops.where(x < 0.0, ceil(x), ops.floor(x))


def rint(x: Any) -> Any:
    """np.rint: halves go to the even neighbour."""
    x = ops.to_float(as_array(x))
    below = ops.floor(x)
    over = x - below
    odd = below - 2.0 * ops.floor(0.5 * below)
    return below + ops.where(ops.equal(over, 0.5), odd, ops.where(over > 0.5, 1.0, 0.0))


def round_(a: Any, decimals: Any = 0) -> Any:
    """np.round"""
    x, places = as_array(a), whole(decimals, "the number of decimals")
    if places == 0 or (x.dtype == INT and places > 0):
        return x if x.dtype == INT else rint(x)
    scale = 10.0 ** abs(places)
    return rint(x * scale) / scale if places > 0 else rint(x / scale) * scale


def python_round(number: Any, ndigits: Any = None) -> Any:
    """round(x): a whole number; round(x, n): a float."""
    return ops.apply("to_int", rint(number)) if ndigits is None else round_(number, ndigits)


def fmod(x: Any, y: Any) -> Any:
    """np.fmod: the remainder with the sign of the first argument."""
    x, y = as_array(x), as_array(y)
    rest = ops.modulo(absolute(x), absolute(y))
    return ops.where(x < 0, -rest, rest)


# -- other functions ---------------------------------------------------------------------------------------------------


def heaviside(x: Any, h0: Any) -> Any:
    """np.heaviside"""
    x = ops.to_float(as_array(x))
    return ops.where(x < 0.0, 0.0, ops.where(x > 0.0, 1.0, ops.where(ops.equal(x, 0.0), h0, x)))


def exp2(x: Any) -> Any:
    """np.exp2"""
    return ops.exp(math.log(2.0) * as_array(x))


def isnan(x: Any) -> Any:
    """np.isnan"""
    x = ops.to_float(as_array(x))
    return ops.not_equal(x, x)


def isfinite(x: Any) -> Any:
    """np.isfinite"""
    return ops.is_finite(as_array(x))


def isinf(x: Any) -> Any:
    """np.isinf"""
    return ops.absolute(as_array(x)) > np.finfo(float).max


def nan_to_num(x: Any, copy: Any = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    """np.nan_to_num"""
    x = as_array(x)
    if x.dtype != FLOAT:
        return x
    largest = np.finfo(float).max
    number = ops.where(isnan(x), nan, x)
    number = ops.where(number > largest, largest if posinf is None else posinf, number)
    return ops.where(number < -largest, -largest if neginf is None else neginf, number)


def select(condlist: Any, choicelist: Any, default: Any = 0.0) -> Any:
    """np.select: the choice of the first condition that holds."""
    if len(condlist) != len(choicelist) or not condlist:
        raise ValueError("np.select needs as many choices as conditions, and at least one")
    result = as_array(default)
    for condition, choice in reversed(list(zip(condlist, choicelist))):
        result = ops.where(as_array(condition), as_array(choice), result)
    return result
