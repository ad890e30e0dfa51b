"""Recurrences: made so that only what must wait for the step before stands in the loop.

A body is given over leaves (Slots) that stand for the carried values and for the arguments. What does not depend on a
carried value is taken out and computed for all steps at once; what depends on one but is not needed by the next step
never enters: whoever reads it lifts it over the histories of the carried values. So a recurrence is as short as its
mathematics, and the rest is vector code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import count

from . import ops
from .batch import lift
from .dims import Shape, Size
from .nodes import Axis, Const, Gather, History, Index, Node, Scan, Slot, make
from .nodes import Size as SizeNode
from .walk import replace, topological

_keys = count()


def new_key() -> str:
    """A name that no other recurrence has."""
    return f"scan{next(_keys)}"


def slot(role: str, key: str, number: int, like: Node, shape: Shape) -> Slot:
    """A leaf of a body."""
    return make(Slot, like.dtype, shape, role=role, key=key, number=number)


def recurrence(
    length: Size,
    batch_shape: Shape,
    carried: Sequence[tuple[Slot, Node, Node]],
    bound: Mapping[Node, Node],
    *,
    backwards: bool = False,
    index: Index | None = None,
) -> list[Node]:
    """The history of each carried variable: shape `batch_shape` + (length + 1,) + its own.

    carried: for each variable its leaf, its initial value with the batch axes, and its next value over the leaves.
    bound: the argument behind each other leaf: with the batch axes, and after them one of `length` for what differs
        from step to step.
    index: the leaf, if there is one, that counts the steps.
    """
    if not carried:
        return []
    roots = [following for _, _, following in carried]
    order = topological(roots)
    waiting = _below(order, {leaf for leaf, _, _ in carried})
    rank = len(batch_shape)
    stepwise = _below(order, {leaf for leaf, value in bound.items() if value.rank == rank + 1 + leaf.rank})
    key = carried[0][0].key
    made: dict[Node, Slot] = {}
    arguments: dict[str, list[tuple[Slot, Node]]] = {"step": [], "invariant": []}
    for node in _cuts(order, roots, waiting):
        role = "step" if node in stepwise else "invariant"
        lead = (*batch_shape, length) if role == "step" else batch_shape
        value = over_steps([node], bound, lead, rank, index)[0]
        leaf = slot(role, f"{key}.cut", len(made), node, node.shape)
        made[node] = leaf
        arguments[role].append((leaf, value))
    body = replace(roots, made)
    leaves = [*(leaf for leaf, _, _ in carried), *(leaf for group in arguments.values() for leaf, _ in group)]
    scan = make(
        Scan, "float64", batch_shape, length=length, backwards=backwards, init=tuple(i for _, i, _ in carried),
        steps=tuple(v for _, v in arguments["step"]), invariants=tuple(v for _, v in arguments["invariant"]),
        slots=tuple(leaves), body=tuple(body[root] for root in roots),
    )  # fmt: skip
    return histories(scan)


def histories(scan: Scan) -> list[Node]:
    """The history of every variable that a scan carries."""
    own = len(scan.shape)
    return [
        make(History, init.dtype, (*scan.shape, scan.length + 1, *init.shape[own:]), scan=scan, number=k)
        for k, init in enumerate(scan.init)
    ]


def before_and_after(history: Node, scan: Scan) -> tuple[Node, Node]:
    """What the steps have read, and what they have made, in the order of t: each with an axis of `length`."""
    lead = len(scan.shape)
    shape = (*history.shape[:lead], scan.length, *history.shape[lead + 1 :])
    first, second = (
        ops.gather(history, tuple(Axis(k, start if k == lead else 0) for k in range(history.rank)), shape)
        for start in (0, 1)
    )
    return (second, first) if scan.backwards else (first, second)


def over_steps(
    roots: Sequence[Node], bound: Mapping[Node, Node], lead: Shape, batch_rank: int, index: Index | None = None
) -> list[Node]:
    """Nodes over leaves, for all steps at once: with the axes `lead`, which are the batch's and perhaps the steps'."""

    def leaf(node: Node) -> Node | None:
        value = bound.get(node)
        return None if value is None else _with_lead(value, node, lead, batch_rank)

    lifted = lift(roots, lead, leaf, index)
    return [_with_lead(lifted[root], root, lead, 0) for root in roots]


def _with_lead(value: Node, node: Node, lead: Shape, batch_rank: int) -> Node:
    """What stands for `node`, with all the leading axes: it may have the batch's only, or none."""
    if value.rank == len(lead) + node.rank:
        return value
    own = value.rank - node.rank
    axes = (*(Axis(k) for k in range(own)), *(Axis(len(lead) + k) for k in range(node.rank)))
    assert own in (0, batch_rank)
    return ops.gather(value, axes, (*lead, *node.shape))


def _below(order: Sequence[Node], leaves: AbstractSet[Node]) -> set[Node]:
    found: set[Node] = set(leaves)
    for node in order:
        if any(a in found for a in node.args):
            found.add(node)
    return found


def _cuts(order: Sequence[Node], roots: Sequence[Node], waiting: set[Node]) -> list[Node]:
    """The largest nodes that no carried value is below; constants and mere views stay in the body."""
    wanted = [root for root in roots if root not in waiting]
    for node in order:
        if node in waiting:
            wanted += [a for a in node.args if a not in waiting]
    cuts: dict[Node, None] = {}
    while wanted:
        node = wanted.pop(0)
        if isinstance(node, (Const, SizeNode)):
            continue
        if isinstance(node, Gather) and not any(isinstance(e, Node) for e in node.index):
            wanted.append(node.source)
        else:
            cuts.setdefault(node)
    return list(cuts)
