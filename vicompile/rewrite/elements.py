"""Small arrays of literal shape are taken apart into numbers where a program reads their elements.

After it: the element of an array that was just put together, or computed element by element, is the number itself; a
recurrence carries the elements of small arrays as numbers, which stay in registers; sums over a few literal elements
are written out. So `np.array([f(z[1]), g(z[0])])` in a differential equation costs what two numbers cost.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product as places
from math import prod

from ..ir import ops
from ..ir.dims import Shape
from ..ir.nodes import Axis, Gather, History, IndexTuple, Map, Node, Scan, Scatter, const, inherit_origins
from ..ir.scan import histories, new_key, recurrence, slot
from ..ir.walk import rebuild, replace, topological, with_args, with_parts

# Elements that were looked for: (array, index, shape) -> what was found.
Known = dict[tuple[Node, IndexTuple, Shape], Node]

# Literal sizes that are taken apart: of one axis, and of a whole array.
_LONGEST_AXIS = 8
_MOST_ELEMENTS = 9
_MOST_TERMS = 4
# So deep an element is followed into what it is computed from.
_DEEPEST = 60


def take_elements(roots: Iterable[Node]) -> dict[Node, Node]:
    """Map each node below `roots` to its form without needless small arrays."""
    result: dict[Node, Node] = {}
    known: Known = {}
    with inherit_origins() as follow:
        for node in topological(roots):
            follow(node)
            if isinstance(node, History) and not isinstance(result[node.scan], Scan):
                raise AssertionError("a recurrence stays one")
            fresh = _split_history(node, result, known) if isinstance(node, History) else None
            if fresh is None:
                fresh = with_args(node, result) if node.args else node
                if isinstance(fresh, Scan):
                    inside = rebuild(fresh.body, lambda one: _shorter(one, known))
                    fresh = with_parts(fresh, fresh.args, tuple(inside[root] for root in fresh.body))
                fresh = _shorter(fresh, known) or fresh
            result[node] = fresh
    return result


def _shorter(node: Node, known: Known) -> Node | None:
    match node:
        case Gather() if _selects(node.source.shape, node.index):
            found = view(node.source, node.index, node.shape, known)
            return None if found is node else found
        case Scatter(combine="add") if _is_short_sum(node):
            return _written_out(node, known)
    return None


# -- elements ----------------------------------------------------------------------------------------------------------


def view(source: Node, index: IndexTuple, shape: Shape, known: Known, depth: int = 0) -> Node:
    """source[index], taken from what the source is made of where that is less work."""
    found = known.get((source, index, shape))
    if found is None:
        found = known[source, index, shape] = _view(source, index, shape, known, depth)
    return found


def _view(source: Node, index: IndexTuple, shape: Shape, known: Known, depth: int) -> Node:
    if depth < _DEEPEST and _selects(source.shape, index):
        match source:
            case Gather():
                through = ops.gather(source, index, shape)
                if isinstance(through, Gather) and through.source is not source:
                    return view(through.source, through.index, shape, known, depth + 1)
                return through
            case Map():
                operands = [view(a, index, shape, known, depth + 1) for a in source.operands]
                return ops.as_node(ops.apply(source.primitive, *operands))
            case Scatter(combine="add"):
                found = _element_of_parts(source, index, shape, known, depth)
                if found is not None:
                    return found
    result: Node = ops.gather(source, index, shape)
    return result


def _selects(shape: Shape, index: IndexTuple) -> bool:
    """Whether a view takes single elements of a short literal axis, and nothing depends on values."""
    if any(isinstance(entry, Node) for entry in index):
        return False
    return any(isinstance(e, int) and isinstance(s, int) and 1 < s <= _LONGEST_AXIS for e, s in zip(index, shape))


def _element_of_parts(source: Scatter, index: IndexTuple, shape: Shape, known: Known, depth: int) -> Node | None:
    """An element of an array that a part of was put in its place; None where parts are summed."""
    kept = [entry for entry in source.index if isinstance(entry, Axis)]
    if any(isinstance(e, Node) for e in source.index) or len({e.axis for e in kept}) != len(kept):
        return None
    if len(kept) != source.source.rank or any(e.start != 0 for e in kept):
        return None
    inner: dict[int, object] = {}
    for place, wanted, size in zip(source.index, index, source.shape):
        if isinstance(place, Axis):
            inner[place.axis] = wanted
            if source.source.shape[place.axis] != size:
                return None
        elif not isinstance(wanted, int) or not isinstance(place, int):
            return None
        elif place != wanted:
            zeros: Node = ops.broadcast_to(const(0.0 if source.dtype == "float64" else 0), shape)
            return zeros
    entries = tuple(inner[k] for k in range(source.source.rank))
    return view(source.source, entries, shape, known, depth + 1)  # type: ignore[arg-type]


# -- sums --------------------------------------------------------------------------------------------------------------


def _is_short_sum(node: Scatter) -> bool:
    shape = node.source.shape
    kept = [entry.axis for entry in node.index if isinstance(entry, Axis)]
    if len(kept) != len(node.index) or not all(isinstance(s, int) for s in shape):
        return False
    if any(e.start != 0 for e in node.index if isinstance(e, Axis)) or kept != sorted(set(kept)):
        return False
    summed = prod(s for k, s in enumerate(shape) if k not in kept and isinstance(s, int))
    whole = prod(s for s in shape if isinstance(s, int))
    return 1 < summed <= _MOST_TERMS and whole <= _LONGEST_AXIS * 2 and isinstance(node.source, Map)


def _written_out(node: Scatter, known: Known) -> Node:
    shape = node.source.shape
    kept = [entry.axis for entry in node.index if isinstance(entry, Axis)]
    summed = [k for k in range(len(shape)) if k not in kept]
    total: Node | None = None
    for place in places(*(range(s) for s in (shape[k] for k in summed) if isinstance(s, int))):
        at = dict(zip(summed, place))
        index = tuple(at[k] if k in at else Axis(kept.index(k)) for k in range(len(shape)))
        term = view(node.source, index, node.shape, known)
        total = term if total is None else total + term
    assert total is not None
    return total


# -- recurrences -------------------------------------------------------------------------------------------------------


def _split_history(node: History, result: dict[Node, Node], known: Known) -> Node | None:
    scan = result[node.scan]
    assert isinstance(scan, Scan)
    numbers = [_elements(leaf.shape) for leaf in scan.slots[: len(scan.init)]]
    if all(one is None for one in numbers):
        return None
    made = _split(scan, numbers, known)
    return made[node.number]


def _elements(shape: Shape) -> list[tuple[int, ...]] | None:
    """The places of an array that is worth taking apart."""
    if not shape or not all(isinstance(s, int) for s in shape):
        return None
    literal = [s for s in shape if isinstance(s, int)]
    return list(places(*map(range, literal))) if 1 <= prod(literal) <= _MOST_ELEMENTS else None


def _split(scan: Scan, numbers: list[list[tuple[int, ...]] | None], known: Known) -> list[Node]:
    """The histories of the same recurrence with numbers in place of small arrays."""
    key, rank, count = new_key(), scan.rank, 0
    batch = tuple(Axis(k) for k in range(rank))
    leaves: dict[Node, Node] = {}
    parts: list[list[tuple[Node, Node]]] = []
    for leaf, init, found in zip(scan.slots, scan.init, numbers):
        if found is None:
            fresh: Node = slot("carry", key, count, leaf, leaf.shape)
            parts.append([(fresh, init)])
            leaves[leaf] = fresh
            count += 1
            continue
        own = []
        for place in found:
            own.append((slot("carry", key, count, leaf, ()), view(init, (*batch, *place), scan.shape, known)))
            count += 1
        parts.append(list(own))
        leaves[leaf] = _together([one for one, _ in own], found, leaf.shape, ())
    body = replace(scan.body, leaves)
    bodies = rebuild([body[root] for root in scan.body], lambda one: _shorter(one, known))
    carried = []
    for root, found, group in zip(scan.body, numbers, parts):
        whole = bodies[body[root]]
        for (leaf_node, init), place in zip(group, found or [()]):
            carried.append((leaf_node, init, whole if found is None else view(whole, place, (), known)))
    bound = {leaf: arg for leaf, arg in scan.bound.items() if leaf not in leaves}
    made = iter(recurrence(scan.length, scan.shape, carried, bound, backwards=scan.backwards))  # type: ignore[arg-type]
    result = []
    for history, found in zip(histories(scan), numbers):
        if found is None:
            result.append(next(made))
        else:
            result.append(_together([next(made) for _ in found], found, history.shape, history.shape[: rank + 1]))
    return result


def _together(nodes: list[Node], found: list[tuple[int, ...]], shape: Shape, lead: Shape) -> Node:
    """The array whose elements are these nodes, each with the axes `lead` in front."""
    axes = tuple(Axis(k) for k in range(len(lead)))
    total: Node | None = None
    for node, place in zip(nodes, found):
        part = ops.scatter(node, (*axes, *place), shape)
        total = part if total is None else total + part
    assert total is not None
    return total
