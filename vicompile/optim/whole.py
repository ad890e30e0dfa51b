"""What a rule may ask of many elements at once. Each is another pass over the parameters.

On NumPy arrays they do the same for one array, so that a rule can be tried out as an ordinary function.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .expressions import Element, as_number

REDUCTIONS = ("total", "largest", "parameter_total", "parameter_largest", "cover")


def total(x: Any, *, per_parameter: bool = False) -> Any:
    """The sum of `x` over the elements of all parameters, or of the parameter that the element belongs to."""
    if isinstance(x, Element):
        return Element("parameter_total" if per_parameter else "total", as_number(x))
    return np.sum(x)


def largest(x: Any, *, per_parameter: bool = False) -> Any:
    """The largest `x` of all parameters' elements, or of those of the parameter that the element belongs to."""
    if isinstance(x, Element):
        return Element("parameter_largest" if per_parameter else "largest", as_number(x))
    return np.max(x, initial=-np.inf)


def norm(x: Any, *, per_parameter: bool = False) -> Any:
    """The Euclidean norm of `x` over all parameters' elements, or over those of one parameter.

    It is right also where the squares would overflow or vanish.
    """
    size = largest(np.abs(x), per_parameter=per_parameter)
    scaled = x / np.where(size > 0.0, size, 1.0)
    return size * np.sqrt(total(scaled * scaled, per_parameter=per_parameter))


def cover(x: Any) -> Any:
    """For each element of a parameter the smallest, over the parameter's axes, of the largest `x` in its slice.

    The slice of an axis are the elements with the same position on it. A scalar or a vector is its own cover.
    """
    if isinstance(x, Element):
        return Element("cover", as_number(x))
    if np.ndim(x) < 2:
        return x
    others = [tuple(k for k in range(np.ndim(x)) if k != axis) for axis in range(np.ndim(x))]
    slices = [np.broadcast_to(np.max(x, axis=axes, keepdims=True, initial=-np.inf), np.shape(x)) for axes in others]
    return np.min(slices, axis=0)


def ratio(top: Any, bottom: Any) -> Any:
    """top / bottom, and 0 / 0 = 0: a parameter that has lr 0, or had no gradient yet, stays where it is."""
    with np.errstate(invalid="ignore"):
        return np.where(top == 0.0, 0.0, top / bottom)
