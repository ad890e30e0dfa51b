"""The adjoint of a recurrence is a recurrence that runs the other way.

With values[t + 1] = f(values[t], steps[t], invariants) the adjoint of values[t] is what arrives from its readers, plus
that of values[t + 1] through f. Only this sum is a recurrence; the derivatives of f at all steps, and the adjoints of
steps and invariants, are made from the histories at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from ..ir import ops
from ..ir.nodes import FLOAT, Axis, Node, Scan, Slot, const
from ..ir.scan import before_and_after, histories, new_key, over_steps, recurrence, slot

Gradient = Callable[[Node, Sequence[Node]], list[Node]]


def scan_adjoints(
    scan: Scan, arriving: Sequence[Node | None], active: AbstractSet[Node], gradient: Gradient
) -> Iterator[tuple[Node, Node]]:
    """Each active argument of the scan with its adjoint.

    arriving: the adjoint of each carried variable's history, None where nobody reads it.
    """
    count, lead = len(scan.init), (*scan.shape, scan.length)
    floats = [k for k in range(count) if scan.init[k].dtype == FLOAT]
    key = new_key()
    after = {k: slot("carry", key, k, scan.body[k], scan.body[k].shape) for k in floats}
    through: Node = const(0.0)
    for k in floats:
        through = through + ops.total(scan.body[k] * after[k])
    wanted = [leaf for leaf in scan.slots if leaf.dtype == FLOAT]
    slopes = dict(zip(wanted, gradient(through, wanted)))

    # What the leaves of the body stand for in every step.
    bound = scan.bound
    bound.update((leaf, before_and_after(h, scan)[0]) for leaf, h in zip(scan.slots, histories(scan)))
    incoming: dict[int, Node] = {
        k: one if (one := arriving[k]) is not None else _zeros(histories(scan)[k]) for k in floats
    }
    carried: list[tuple[Slot, Node, Node]] = []
    for k in floats:
        here: Node = slot("step", key, k, after[k], after[k].shape)
        at_step, at_end = _apart(incoming[k], scan)
        bound[here] = at_step
        carried.append((after[k], at_end, slopes[scan.slots[k]] + here))
    made = recurrence(scan.length, scan.shape, carried, bound, backwards=not scan.backwards)
    for k, history in zip(floats, made):
        total = _first(history, scan)
        if scan.init[k] in active:
            yield scan.init[k], total
        bound[after[k]] = _after(history, scan)
    for k, (leaf, arg) in enumerate(zip(scan.slots, scan.args)):
        if k >= count and arg in active:
            (each,) = over_steps([slopes[leaf]], bound, lead, scan.rank)
            yield arg, each if k < count + len(scan.steps) else ops.total(each, [scan.rank])


def _zeros(like: Node) -> Node:
    zeros: Node = ops.broadcast_to(const(0.0), like.shape)
    return zeros


def _apart(adjoint: Node, scan: Scan) -> tuple[Node, Node]:
    """What arrives at the values that steps have read, and at the last value, which none has."""
    before, _ = before_and_after(adjoint, scan)
    return before, _at(adjoint, scan, 0 if scan.backwards else scan.length)


def _first(history: Node, scan: Scan) -> Node:
    """The adjoint of the initial value, where the recurrence of the adjoints ends."""
    return _at(history, scan, scan.length if scan.backwards else 0)


def _after(history: Node, scan: Scan) -> Node:
    """The adjoint of what each step has made."""
    return before_and_after(history, scan)[1]


def _at(history: Node, scan: Scan, position: object) -> Node:
    lead = scan.rank
    axes = (*(Axis(k) for k in range(lead)), position, *(Axis(k) for k in range(lead, history.rank - 1)))
    shape = (*history.shape[:lead], *history.shape[lead + 1 :])
    node: Node = ops.gather(history, axes, shape)  # type: ignore[arg-type]
    return node
