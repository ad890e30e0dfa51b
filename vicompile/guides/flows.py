"""Guides whose vector of all sites is a standard normal one behind a stack of maps with networks in them.

Each map is y = shift(x) + exp(log_scale(x)) x, where the networks see for every element only such others that the
Jacobian is triangular: its determinant is the product of the scales. The masks are made of positions, so that the code
is one for every length of the vector.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..diagnostics import Record, as_whole
from ..distributions import Normal
from ..distributions.constraints import Constraint, real
from ..ir import ops, vectors
from ..ir.dims import Size
from ..ir.nodes import Node
from .build import Builder, filled
from .joint import Pieces

# No single map scales by more than e^3 either way: a step too far then cannot overflow.
_STEEPEST = 3.0


class Flow(Record, eq=False):
    """What a stack of maps is made of.

    count: how many maps. hidden: the sizes of the hidden layers of each; None for the length of the vector.
    nonlinearity: between the layers. layers: the masks of one map.
    """

    count: int
    hidden: tuple[int | None, ...]
    nonlinearity: Callable[[Any], Any]
    layers: Layers


def flow(build: Builder, pieces: Pieces, made: Flow, init_scale: float, scale_constraint: Constraint) -> None:
    """The vector is loc + scale * the last map of standard normals."""
    prefix, span, size = build.prefix, pieces.first.site.span, pieces.size
    with build.at(pieces.first):
        x = pieces.draw(f"_{prefix}_base", Normal(filled(0.0, (size,)), 1.0).to_event(1))
        log_det: Any = 0.0
        for number in range(made.count):
            shift, log_scale = _network(build, pieces, made, number, x)
            x = shift + ops.exp(log_scale) * x
            log_det = log_det + ops.total(log_scale)
        loc = build.param(f"{prefix}_loc", filled(0.0, (size,)), real, span)
        scale = build.param(f"{prefix}_scale", filled(init_scale, (size,)), scale_constraint, span)
        log_det = log_det + ops.total(ops.log(scale))
        vector = pieces.derived(f"_{prefix}_latent", loc + scale * x, -log_det)
    pieces.images(vector)


class Layers:
    """The masks of one map. `number` counts the maps, `size` is the length of the vector."""

    def first(self, number: int, size: Size, hidden: Size, like: Node) -> Node:
        """Whether each element of the first hidden layer, by rows, sees each element of the vector."""
        raise NotImplementedError

    def inner(self, size: Size, hidden: Size, before: Size, like: Node) -> Node | None:
        """Whether each element of a hidden layer sees each one of the layer before; None for all."""
        raise NotImplementedError

    def last(self, number: int, size: Size, hidden: Size, like: Node) -> Node:
        """Whether shift and scale of each element see each one of the last hidden layer."""
        raise NotImplementedError


class Autoregressive(Layers):
    """Every element sees those before it, in every other map those after it (Germain et al. 2015)."""

    def first(self, number: int, size: Size, hidden: Size, like: Node) -> Node:
        """A hidden element of degree k sees the elements up to the k-th."""
        return _grid(ops.greater_equal, _degrees(size, hidden, like), _order(number, size, like))

    def inner(self, size: Size, hidden: Size, before: Size, like: Node) -> Node | None:
        """Degrees do not fall."""
        return _grid(ops.greater_equal, _degrees(size, hidden, like), _degrees(size, before, like))

    def last(self, number: int, size: Size, hidden: Size, like: Node) -> Node:
        """An element sees what saw only those before it."""
        return _grid(ops.greater, _order(number, size, like), _degrees(size, hidden, like))


class Coupling(Layers):
    """Elements at odd places see those at even ones, in every other map the other way round (Dinh et al. 2017)."""

    def first(self, number: int, size: Size, hidden: Size, like: Node) -> Node:
        """The elements that are left as they are are seen."""
        parity = ops.modulo(vectors.positions(size, like), 2)
        return _grid(ops.equal, filled(number % 2, (hidden,)), parity)

    def inner(self, size: Size, hidden: Size, before: Size, like: Node) -> Node | None:
        """All see all."""
        return None

    def last(self, number: int, size: Size, hidden: Size, like: Node) -> Node:
        """The other elements are mapped."""
        parity = ops.modulo(vectors.positions(size, like), 2)
        return _grid(ops.not_equal, parity, filled(number % 2, (hidden,)))


def _network(build: Builder, pieces: Pieces, made: Flow, number: int, x: Node) -> tuple[Node, Node]:
    """Shift and logarithm of the scale."""
    size, span = pieces.size, pieces.first.site.span
    widths: list[Size] = [size if one is None else one for one in made.hidden]
    layers, name = made.layers, f"{build.prefix}_flow_{number}"

    def layer(ending: str, seen: Node | None, rows: Size, x: Node) -> Any:
        weight = build.param(f"{name}_weight_{ending}", filled(0.0, (rows, x.shape[0])), real, span)
        bias = build.param(f"{name}_bias_{ending}", filled(0.0, (rows,)), real, span)
        seen_only = weight if seen is None else ops.where(seen, weight, 0.0)
        return vectors.matvec(seen_only, x), bias

    before: Size = size
    inside = x
    for k, width in enumerate(widths):
        seen = layers.inner(size, width, before, x) if k else layers.first(number, size, width, x)
        product, bias = layer(str(k), seen, width, inside)
        inside, before = made.nonlinearity(product + bias), width
    seen = layers.last(number, size, before, x)
    # What sees nothing keeps its place: also its bias is left out.
    moved = ops.total(ops.to_float(seen), [-1]) > 0.0
    results = []
    for ending in ("shift", "scale"):
        product, bias = layer(ending, seen, size, inside)
        results.append(product + ops.where(moved, bias, 0.0))
    return results[0], _STEEPEST * ops.tanh(results[1] * (1.0 / _STEEPEST))


def _order(number: int, size: Size, like: Node) -> Node:
    """The place of each element, from the other end in every other map."""
    places: Node = vectors.positions(size, like)
    return ops.size_node(size) - 1 - places if number % 2 else places


def _degrees(size: Size, hidden: Size, like: Node) -> Node:
    """Degrees from 0 to below size - 1, again and again."""
    most = ops.maximum(ops.size_node(size) - 1, 1)
    degrees: Node = ops.modulo(vectors.positions(hidden, like), most)
    return degrees


def _grid(compare: Callable[[Any, Any], Any], rows: Node, columns: Node) -> Node:
    found: Node = compare(vectors.insert_axis(rows, -1), vectors.insert_axis(columns, 0))
    return found


def elu(x: Any) -> Any:
    """x where it is positive, else exp(x) - 1."""
    return ops.where(x > 0.0, x, ops.expm1(ops.minimum(x, 0.0)))


def relu(x: Any) -> Any:
    """The larger of x and 0."""
    return ops.maximum(x, 0.0)


NONLINEARITIES: dict[str, Callable[[Any], Any]] = {
    "elu": elu,
    "relu": relu,
    "sigmoid": ops.sigmoid,
    "softplus": ops.softplus,
    "tanh": ops.tanh,
}


def is_weight(name: str, prefix: str) -> bool:
    """Whether a parameter is one that must start at random: a weight of a hidden layer, or of the last one."""
    return name.startswith(f"{prefix}_flow_") and "_weight_" in name


def hidden_sizes(sizes: Sequence[Any] | None) -> tuple[int | None, ...]:
    """The sizes of the hidden layers; two of the length of the vector by default. ValueError for others than from 1."""
    if sizes is None:
        return (None, None)
    found = tuple(sizes)
    if not found or any((as_whole(n) or 0) < 1 for n in found):
        raise ValueError(f"`hidden_dims` must be whole numbers from 1, at least one, got {sizes!r}")
    return tuple(int(n) for n in found)
