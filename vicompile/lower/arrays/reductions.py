"""Along axes: sums, means, products, extremes and where they are, any and all. Named after their NumPy models."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...ir import ops
from ...ir.dims import product
from ...ir.nodes import BOOL, FLOAT, Node
from ..bounds import Bound, Bounded, at_most
from .convert import as_array, as_numbers, axes_of, axis_of, count_along, positions
from .shaping import ravel


def sum_(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """np.sum; the number of conditions that hold is a float."""
    x = as_array(a)
    return ops.total(x, axes_of(x, axis), keepdims)


def mean(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """np.mean"""
    x = ops.to_float(as_array(a))
    return _kept(_mean(x, axes_of(x, axis)), x, axis, keepdims)


def _mean(x: Node, axes: list[int]) -> Any:
    return ops.total(x, axes) / ops.size_node(product(tuple(x.shape[k] for k in axes)))


def _kept(result: Any, x: Node, axis: Any, keepdims: bool) -> Any:
    """Axes that were reduced, with size one; nothing is computed along them."""
    if not keepdims:
        return result
    axes = axes_of(x, axis)
    return ops.back_along(result, axes, tuple(1 if k in axes else s for k, s in enumerate(x.shape)))


def variance(a: Any, axis: Any = None, ddof: Any = 0, keepdims: bool = False) -> Any:
    """np.var"""
    x = ops.to_float(as_array(a))
    axes = axes_of(x, axis)
    deviation = x - ops.back_along(_mean(x, axes), axes, x.shape)
    result = ops.total(deviation * deviation, axes) / (ops.size_node(count_along(x, axis)) - ddof)
    return _kept(result, x, axis, keepdims)


def deviation(a: Any, axis: Any = None, ddof: Any = 0, keepdims: bool = False) -> Any:
    """np.std"""
    x = as_array(a)
    return _kept(ops.sqrt(variance(x, axis, ddof)), x, axis, keepdims)


def average(a: Any, axis: Any = None, weights: Any = None, keepdims: bool = False) -> Any:
    """np.average; weights have the shape of the array, or one axis where `axis` is one."""
    x = as_array(a)
    if weights is None:
        return mean(x, axis, keepdims)
    w = as_array(weights)
    if w.rank == 1 and x.rank > 1:
        along = axis_of(x, axis)
        w = _column(w, x.rank - along)
    elif w.rank != x.rank:
        raise ValueError("the weights of np.average must have the shape of the array, or one axis")
    w = ops.broadcast_to(w, x.shape)
    return _kept(sum_(x * w, axis) / sum_(w, axis), x, axis, keepdims)


def _column(w: Node, rank: int) -> Node:
    from .shaping import reshape

    node: Node = reshape(w, (w.shape[0], *(1,) * (rank - 1)))
    return node


def prod(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """np.prod"""
    x = as_numbers(as_array(a))
    return ops.product_along(x, axes_of(x, axis), keepdims)


# -- extremes ----------------------------------------------------------------------------------------------------------


def _some(x: Node, axis: Any) -> list[Bound]:
    """There is an extreme of at least one element."""
    return at_most(1, product(tuple(x.shape[k] for k in axes_of(x, axis))))


def _extreme(along: Callable[..., Any]) -> Callable[..., Any]:
    def function(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
        x = as_array(a)
        found = along(as_numbers(x), axes_of(x, axis), keepdims)
        return Bounded(found > 0.0 if x.dtype == BOOL else found, _some(x, axis))

    return function


largest, smallest = _extreme(ops.maximum_along), _extreme(ops.minimum_along)


def spread(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """np.ptp"""
    x = as_array(a)
    axes = axes_of(x, axis)
    return Bounded(ops.maximum_along(x, axes, keepdims) - ops.minimum_along(x, axes, keepdims), _some(x, axis))


def _place_of(along: Callable[..., Any]) -> Callable[..., Any]:
    def function(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
        x = as_numbers(as_array(a))
        if axis is None and not keepdims:
            x, axis = ravel(x), 0
        if isinstance(axis, (tuple, list)) or axis is None:
            raise TypeError("np.argmax and np.argmin look along one axis")
        k = axis_of(x, axis)
        x = ops.settled(x)
        best = ops.equal(x, ops.broadcast_to(along(x, [k], True), x.shape))
        if x.dtype == FLOAT:
            best = ops.logical_or(best, ops.not_equal(x, x))  # NumPy finds the first NaN
        place = ops.where(best, positions(x.shape, k), ops.size_node(x.shape[k]))
        return Bounded(ops.minimum_along(place, [k], keepdims), _some(x, k))

    return function


argmax, argmin = _place_of(ops.maximum_along), _place_of(ops.minimum_along)


def any_(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """np.any"""
    x = ops.to_float(_truth(as_array(a)))
    return ops.maximum_along(x, axes_of(x, axis), keepdims) > 0.0


def all_(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """np.all"""
    x = ops.to_float(_truth(as_array(a)))
    return ops.minimum_along(x, axes_of(x, axis), keepdims) > 0.0


def count_nonzero(a: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """np.count_nonzero"""
    x = _truth(as_array(a))
    return ops.apply("to_int", ops.total(x, axes_of(x, axis), keepdims))


def _truth(x: Node) -> Node:
    return x if x.dtype == BOOL else ops.not_equal(x, 0)


# -- logarithms of sums ------------------------------------------------------------------------------------------------


def logsumexp(a: Any, axis: Any = None, b: Any = None, keepdims: bool = False) -> Any:
    """scipy.special.logsumexp; `b` are weights that are not negative."""
    x = ops.to_float(as_array(a))
    if b is not None:
        weights = ops.to_float(as_array(b))
        x = x + ops.where(weights > 0.0, ops.log(ops.where(weights > 0.0, weights, 1.0)), -float("inf"))
        x = ops.where(weights >= 0.0, x, float("nan"))
    return ops.logsumexp(x, axes_of(x, axis), keepdims)


def log_softmax(x: Any, axis: Any = None) -> Any:
    """scipy.special.log_softmax"""
    node = ops.to_float(as_array(x))
    return node - ops.logsumexp(node, axes_of(node, axis), True)


def softmax(x: Any, axis: Any = None) -> Any:
    """scipy.special.softmax"""
    node = ops.to_float(as_array(x))
    axes = axes_of(node, axis)
    shift = ops.largest_to_subtract(node, axes)
    parts = ops.exp(node - ops.back_along(shift, axes, node.shape))
    return parts / ops.back_along(ops.total(parts, axes), axes, node.shape)


# -- Python's own ------------------------------------------------------------------------------------------------------


def python_sum(values: Any, start: Any = 0) -> Any:
    """sum(values) over the first axis, or over a list."""
    if isinstance(values, (list, tuple)):
        result = start
        for value in values:
            result = result + value
        return result
    return sum_(values, axis=0) + start


def pairwise(function: Callable[[Any, Any], Any], along: Callable[..., Any]) -> Callable[..., Any]:
    """min or max of several numbers, made from that of two; `along` is that of an array."""

    def several(*values: Any) -> Any:
        given = values[0] if len(values) == 1 else values
        if isinstance(given, Node):
            if given.rank != 1:
                raise TypeError(f"min and max compare single numbers, not {ops.axes_text(given.rank)}")
            return along(given)
        result, *rest = given
        for value in rest:
            result = function(result, value)
        return result

    return several


def of_items(function: Callable[..., Any]) -> Callable[..., Any]:
    """any or all of a list of conditions, or of an array with one axis."""

    def over(values: Any) -> Any:
        x = as_array(values)
        if x.rank != 1:
            raise TypeError(f"any and all look at single conditions, not at an array with {ops.axes_text(x.rank)}")
        return function(x)

    return over
