"""Running sums and products along the last axis, as recurrences: the other axes are rows, lanes of vector code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from . import ops
from .nodes import FLOAT, Axis, Node
from .scan import new_key, recurrence, slot


def running(
    x: Node, neutral: int, step: Callable[[Any, Any], Any], *, reverse: bool = False, exclusive: bool = False
) -> Node:
    """step(... step(step(neutral, x[0]), x[1]) ..., x[i]) for each i of the last axis.

    reverse: from the last element down to each one. exclusive: without the element itself.
    """
    batch, key = x.shape[:-1], new_key()
    carried, element = slot("carry", key, 0, x, ()), slot("step", key, 0, x, ())
    start = ops.broadcast_to(ops.as_node(float(neutral) if x.dtype == FLOAT else neutral), batch)
    (history,) = recurrence(
        x.shape[-1], batch, [(carried, start, step(carried, element))], {element: x}, backwards=reverse
    )
    # The history has one place more: that of the start, in front, or behind where it runs backwards.
    first = int(reverse == exclusive)
    return ops.gather(history, tuple(Axis(j, first if j == len(batch) else 0) for j in range(x.rank)), x.shape)


def linear_steps(matrix: Any, steps: Any) -> Any:
    """z[t] = A z[t - 1] + steps[t] from zero, for the rows of `steps`, (..., T, n) with A (..., n, n)."""
    if not isinstance(matrix, Node) and not isinstance(steps, Node):
        lead = np.broadcast_shapes(np.shape(matrix)[:-2], np.shape(steps)[:-2])
        rows = np.array(np.broadcast_to(steps, (*lead, *np.shape(steps)[-2:])), float)
        for t in range(1, rows.shape[-2]):
            rows[..., t, :] += np.einsum("...ij,...j->...i", matrix, rows[..., t - 1, :])
        return rows
    a, b = ops.to_float(ops.as_node(matrix)), ops.to_float(ops.as_node(steps))
    lead = ops.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    length, size = b.shape[-2:]
    a, b = ops.broadcast_to(a, (*lead, size, size)), ops.broadcast_to(b, (*lead, length, size))
    key = new_key()
    carried, row = slot("carry", key, 0, b, (size,)), slot("step", key, 0, b, (size,))
    turn = slot("invariant", key, 0, a, (size, size))
    wide = ops.gather(carried, (Axis(1),), (size, size))
    following = ops.total(turn * wide, [-1]) + row
    start = ops.broadcast_to(ops.as_node(0.0), (*lead, size))
    (history,) = recurrence(length, lead, [(carried, start, following)], {row: b, turn: a})
    rank = len(lead)
    return ops.gather(history, tuple(Axis(k, int(k == rank)) for k in range(rank + 2)), b.shape)
