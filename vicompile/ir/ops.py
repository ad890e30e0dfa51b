"""Functions that mean the same on NumPy arrays and on graph nodes.

`exp(x)` of an array is NumPy's; of a node it is a new node. Densities, draws and gradient rules are written once over
these.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from .dims import Dim, Shape
from .dims import Size as SizeValue
from .nodes import BOOL, FLOAT, INT, Axis, Const, Gather, IndexTuple, Map, Node, Scatter, const, make
from .nodes import Size as SizeKind
from .primitives import primitives


class ShapeMismatch(Exception):
    """Two sizes that must be equal and are not known to be."""

    def __init__(self, left: SizeValue, right: SizeValue) -> None:
        super().__init__(f"sizes {left} and {right} do not agree")
        self.left, self.right = left, right


# -- shapes ----------------------------------------------------------------------------------------------------------


def shape_of(value: Any) -> Shape:
    """The shape of a node, a number or an array."""
    return value.shape if isinstance(value, Node) else tuple(np.shape(value))


def broadcast_shapes(*shapes: Shape) -> Shape:
    """NumPy's broadcasting on symbolic shapes. Raises ShapeMismatch for sizes not known to be equal."""
    rank = max((len(s) for s in shapes), default=0)
    result: list[SizeValue] = [1] * rank
    for shape in shapes:
        for k, size in enumerate(shape, rank - len(shape)):
            if size is result[k] or size == result[k] or size == 1:
                continue
            if result[k] != 1:
                raise ShapeMismatch(result[k], size)
            result[k] = size
    return tuple(result)


def broadcast_to(value: Any, shape: Shape) -> Any:
    """`value` with exactly this shape, new axes in front as in NumPy."""
    if not isinstance(value, Node):
        numbers = [s for s in shape if isinstance(s, int)]
        if len(numbers) == len(shape):
            return np.broadcast_to(value, numbers)
    node = as_node(value)
    if node.shape == shape:
        return node
    offset = len(shape) - node.rank
    if broadcast_shapes(node.shape, shape) != shape:
        if offset < 0:
            raise ValueError(f"an array with {axes_text(node.rank)} does not broadcast to {axes_text(len(shape))}")
        raise next(ShapeMismatch(a, b) for a, b in zip(node.shape, shape[offset:]) if a != b and a != 1)
    index = tuple(0 if node.shape[k] == 1 and shape[k + offset] != 1 else Axis(k + offset) for k in range(node.rank))
    return gather(node, index, shape)


# -- construction ----------------------------------------------------------------------------------------------------


def as_node(value: Any) -> Node:
    """A node for a number, a size or a node. Arrays become nodes only as inputs: a TypeError otherwise."""
    if isinstance(value, Node):
        return value
    if isinstance(value, Dim):
        return size_node(value)
    if isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0):
        value = value.item()
    if isinstance(value, (bool, int, float)):
        return const(value)
    raise TypeError(f"a {type(value).__name__} is not a number")


def size_node(size: SizeValue) -> Node:
    """A size as a number."""
    return make(SizeKind, INT, (), dim=size) if isinstance(size, Dim) else const(size)


def gather(source: Node, index: IndexTuple, shape: Shape) -> Node:
    """out[i] = source[index(i)], composed with a gather below it where that is possible."""
    if shape == source.shape and all(e is Axis(k) for k, e in enumerate(index)):
        return source
    if isinstance(source, Gather):
        composed = _compose(source.index, index, shape)
        if composed is not None:
            return gather(source.source, composed, shape)
    return make(Gather, source.dtype, shape, source=source, index=index)


def _compose(inner: IndexTuple, outer: IndexTuple, shape: Shape) -> IndexTuple | None:
    entries: list[Any] = []
    for entry in inner:
        if isinstance(entry, Axis):
            through = outer[entry.axis]
            if isinstance(through, Axis):
                entries.append(Axis(through.axis, through.start + entry.start))
            else:
                entries.append(through if entry.start == 0 else through + entry.start)
        elif isinstance(entry, Node):
            entries.append(gather(entry, outer, shape))
        else:
            entries.append(entry)
    return tuple(entries)


def scatter(source: Node, index: IndexTuple, shape: Shape, combine: str = "add") -> Node:
    """out[index(i)] += source[i], from zeros; with "mul" their product, with "max" or "min" an extreme."""
    if shape == source.shape and all(e is Axis(k) for k, e in enumerate(index)):
        return source
    return make(Scatter, source.dtype, shape, source=source, index=index, combine=combine)


def apply(name: str, *args: Any) -> Any:
    """A primitive on NumPy values or nodes, with broadcasting and conversion."""
    if not any(isinstance(a, (Node, Dim)) for a in args):
        with np.errstate(all="ignore"):
            return primitives()[name].evaluate(*args)
    row = primitives()[name]
    nodes = [as_node(a) for a in args]
    shape = broadcast_shapes(*(n.shape for n in nodes))
    nodes = [broadcast_to(n, shape) for n in _convert(row.operands, nodes)]
    dtype = nodes[-1].dtype if row.result == "same" else row.result
    return _folded(name, dtype, nodes) or make(Map, dtype, shape, primitive=name, operands=tuple(nodes))


def _convert(operands: str, nodes: list[Node]) -> list[Node]:
    if operands == "float":
        return [to_float(n) for n in nodes]
    if operands == "bool":
        return [_truth(n) for n in nodes]
    if operands == "number":
        if all(n.dtype == INT for n in nodes):
            return nodes
        return [to_float(n) for n in nodes]
    if operands == "select":
        return [_truth(nodes[0]), *(nodes[1:] if nodes[1].dtype == nodes[2].dtype else map(to_float, nodes[1:]))]
    return nodes


def _truth(node: Node) -> Node:
    return node if node.dtype == BOOL else apply("not_equal", node, 0)


def _folded(name: str, dtype: str, nodes: list[Node]) -> Node | None:
    """Arithmetic on constants is done here; the graph never holds it."""
    if not all(isinstance(n, Const) for n in nodes):
        return None
    with np.errstate(all="ignore"):
        value = primitives()[name].evaluate(*(n.value for n in nodes))  # type: ignore[attr-defined]
    return const({FLOAT: float, INT: int, BOOL: bool}[dtype](value))


def to_float(value: Any) -> Any:
    """As float64."""
    if isinstance(value, Dim):
        value = size_node(value)
    if not isinstance(value, Node):
        return np.asarray(value, float)
    if value.dtype == FLOAT:
        return value
    return const(float(value.value)) if isinstance(value, Const) else apply("to_float", value)


# -- elementwise functions -------------------------------------------------------------------------------------------


def _unary(name: str) -> Any:
    def function(x: Any) -> Any:
        return apply(name, x)

    function.__name__ = name
    function.__doc__ = f"The elementwise primitive `{name}`."
    return function


def _binary(name: str) -> Any:
    def function(x: Any, y: Any) -> Any:
        return apply(name, x, y)

    function.__name__ = name
    function.__doc__ = f"The elementwise primitive `{name}`."
    return function


exp, log, log1p, expm1, sqrt, tanh = map(_unary, ("exp", "log", "log1p", "expm1", "sqrt", "tanh"))
sigmoid, softplus, sin, cos, tan, arctan = map(_unary, ("sigmoid", "softplus", "sin", "cos", "tan", "arctan"))
absolute, sign, floor, erf, ndtri = map(_unary, ("abs", "sign", "floor", "erf", "ndtri"))
arcsin, arccos, sinh, cosh = map(_unary, ("arcsin", "arccos", "sinh", "cosh"))
arcsinh, arccosh, arctanh, cbrt = map(_unary, ("arcsinh", "arccosh", "arctanh", "cbrt"))
erfc, ndtr, log_ndtr, log_ndtr_slope = map(_unary, ("erfc", "ndtr", "log_ndtr", "log_ndtr_slope"))
ndtri_exp, log_bessel_i0e = map(_unary, ("ndtri_exp", "log_bessel_i0e"))
log_bessel_i0e_slope = _unary("log_bessel_i0e_slope")
lgamma, digamma, trigamma, logical_not = map(_unary, ("lgamma", "digamma", "trigamma", "logical_not"))
add, subtract, multiply, divide = map(_binary, ("add", "sub", "mul", "div"))
minimum, maximum = map(_binary, ("minimum", "maximum"))
arctan2, hypot = map(_binary, ("arctan2", "hypot"))
log_beta, log_gamma_gradient = map(_binary, ("log_beta", "log_gamma_gradient"))
less, less_equal, greater, greater_equal = map(_binary, ("less", "less_equal", "greater", "greater_equal"))
equal, not_equal, logical_and, logical_or = map(_binary, ("equal", "not_equal", "logical_and", "logical_or"))
negative = _unary("neg")
floor_divide, modulo = map(_binary, ("floordiv", "mod"))


def is_finite(x: Any) -> Any:
    """Whether a number is neither infinite nor NaN."""
    return absolute(x) <= np.finfo(float).max


def square(x: Any) -> Any:
    """x * x."""
    return x * x


def where(condition: Any, a: Any, b: Any) -> Any:
    """a where the condition holds, else b. A gradient flows into the chosen one only; keep the other one finite."""
    return apply("where", condition, a, b)


def power(x: Any, y: Any) -> Any:
    """x to the power y; small whole powers are products."""
    if (
        isinstance(x, Node)
        and isinstance(y, (int, float, np.integer, np.floating))
        and float(y) in (0, 1, 2, 3, 4, 0.5, -1)
    ):
        exponent = float(y)
        if exponent == 0.5:
            return sqrt(x)
        if exponent == -1:
            return 1.0 / x
        result: Any = broadcast_to(const(1.0), x.shape) if exponent == 0 else x
        for _ in range(int(exponent) - 1):
            result = result * x
        return result
    return apply("pow", x, y)


def log_standard_gamma(concentration: Any, normal: Any, uniform: Any, boost: Any) -> Any:
    """The logarithm of a Gamma(concentration, 1) draw, a pure function of its base noise."""
    return apply("log_standard_gamma", concentration, normal, uniform, boost)


def log_bessel_i0(x: Any) -> Any:
    """The logarithm of the modified Bessel function I0; `log_bessel_i0e` is the part that does not grow with |x|."""
    return absolute(x) + log_bessel_i0e(x)


def detach(x: Any) -> Any:
    """x, as a constant for gradients: what a draw with a gradient of its own is made from."""
    return apply("detach", x)


def axis_of(x: Node, axis: int) -> int:
    """An axis counted from the left. ValueError if the array does not have it, TypeError if it is no whole number."""
    axis = operator.index(axis)
    if not -x.rank <= axis < x.rank:
        raise ValueError(f"axis {axis} is out of bounds for an array with {axes_text(x.rank)}")
    return axis % x.rank


def axes_text(rank: int) -> str:
    """A number of axes in a message."""
    return {0: "no axes", 1: "one axis"}.get(rank, f"{rank} axes")


# -- reductions --------------------------------------------------------------------------------------------------------


def total(x: Any, axes: Sequence[int] | None = None, keepdims: bool = False) -> Any:
    """The sum over `axes` (all by default)."""
    if not isinstance(x, Node):
        return np.sum(x, axis=None if axes is None else tuple(axes), keepdims=keepdims)
    return _reduced(to_float(x) if x.dtype == BOOL else x, axes, keepdims, "add")


def product_along(x: Any, axes: Sequence[int] | None = None, keepdims: bool = False) -> Any:
    """The product of the elements along `axes` (all by default); 1 of no elements."""
    if not isinstance(x, Node):
        return np.prod(x, axis=None if axes is None else tuple(axes), keepdims=keepdims)
    return _reduced(settled(x), axes, keepdims, "mul")


def maximum_along(x: Any, axes: Sequence[int] | None = None, keepdims: bool = False) -> Any:
    """The largest element along `axes` (all by default); -infinity of no elements. Gradients: see `autodiff`."""
    if not isinstance(x, Node):
        return np.max(x, axis=None if axes is None else tuple(axes), keepdims=keepdims)
    return _reduced(settled(x), axes, keepdims, "max")


def minimum_along(x: Any, axes: Sequence[int] | None = None, keepdims: bool = False) -> Any:
    """The smallest element along `axes` (all by default); infinity of no elements."""
    if not isinstance(x, Node):
        return np.min(x, axis=None if axes is None else tuple(axes), keepdims=keepdims)
    return _reduced(settled(x), axes, keepdims, "min")


def settled(x: Node) -> Node:
    """The same values, computed once: what is compared with its own extreme must not be rounded in two ways."""
    below = x
    while isinstance(below, Gather):
        below = below.source
    if not isinstance(below, Map) or (x is below and x.primitive == "copy"):
        return x
    node: Node = apply("copy", x)
    return node


def largest_to_subtract(x: Any, axes: Sequence[int] | None = None) -> Any:
    """The largest element along `axes` as a number that exponents are taken relative to; 0 where it is infinite."""
    largest = _reduced(x, axes, False, "max") if isinstance(x, Node) else maximum_along(x, axes)
    return detach(where(is_finite(largest), largest, 0.0))


def _reduced(x: Node, axes: Sequence[int] | None, keepdims: bool, combine: str) -> Node:
    dropped = set(range(x.rank)) if axes is None else {axis_of(x, a) for a in axes}
    kept = [k for k in range(x.rank) if k not in dropped]
    result = scatter(x, tuple(Axis(k) for k in kept), tuple(x.shape[k] for k in kept), combine)
    return (
        back_along(result, axes, tuple(1 if k in dropped else s for k, s in enumerate(x.shape))) if keepdims else result
    )


def back_along(reduced: Any, axes: Sequence[int] | None, shape: Shape) -> Any:
    """What was reduced along `axes` (all by default) repeated along them: it gets this shape."""
    rank = len(shape)
    dropped = set(range(rank)) if axes is None else {a % rank for a in axes}
    if not isinstance(reduced, Node):
        return np.broadcast_to(np.expand_dims(reduced, tuple(dropped)), shape)  # type: ignore[arg-type]
    return gather(reduced, tuple(Axis(k) for k in range(rank) if k not in dropped), shape)


def logsumexp(x: Any, axes: Sequence[int] | None = None, keepdims: bool = False) -> Any:
    """log(sum(exp(x))) along `axes` without overflow.

    Where every element is -infinity, so is the result, and the gradient is zero there.
    """
    shape, rank = shape_of(x), len(shape_of(x))
    shift = largest_to_subtract(x, axes)
    summed = total(exp(x - back_along(shift, axes, shape)), axes)
    found = summed > 0.0
    result = shift + where(found, log(where(found, summed, 1.0)), -np.inf)
    if not keepdims:
        return result
    dropped = set(range(rank)) if axes is None else {a % rank for a in axes}
    return back_along(result, axes, tuple(1 if k in dropped else s for k, s in enumerate(shape)))


def _install_operators() -> None:
    """Nodes compute with Python's operators."""
    table = {
        "add": add,
        "sub": subtract,
        "mul": multiply,
        "truediv": divide,
        "pow": power,
        "and": logical_and,
        "or": logical_or,
    }
    for name, function in table.items():
        setattr(Node, f"__{name}__", lambda a, b, f=function: f(a, b))
        setattr(Node, f"__r{name}__", lambda a, b, f=function: f(b, a))
    for name, function in {"lt": less, "le": less_equal, "gt": greater, "ge": greater_equal}.items():
        setattr(Node, f"__{name}__", lambda a, b, f=function: f(a, b))
    setattr(Node, "__neg__", lambda a: negative(a))  # noqa: B010
    setattr(Node, "__invert__", lambda a: logical_not(a))  # noqa: B010


_install_operators()
