"""Every constraint with members and strangers, and where there is a map, what its tests need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from vicompile import constraints as c

NAN, INF = np.nan, np.inf


def everything(x: Any) -> Any:
    """All elements are free coordinates."""
    return x


def all_but_last(x: Any) -> Any:
    return x[..., :-1]


def triangle(x: Any) -> Any:
    return x[..., *np.tril_indices(x.shape[-1])]


def strict_triangle(x: Any) -> Any:
    return x[..., *np.tril_indices(x.shape[-1], -1)]


@dataclass
class Row:
    """One constraint.

    shape: of the events that are drawn for it; None where there is no bijection. chart: the free coordinates of an
    event, as many as unconstrained numbers; None for an isometry. scale: unconstrained numbers are drawn from
    [-scale, scale].
    """

    constraint: c.Constraint
    members: list[Any]
    strangers: list[Any]
    shape: tuple[int, ...] | None = ()
    chart: Callable[[Any], Any] | None = field(default=everything)
    scale: float = 3.0


HALF = [[1.0, 0.0], [0.6, 0.8]]
ROWS = [
    Row(c.real, [-1e300, 0.0], [INF, NAN]),
    Row(c.real_vector, [[1.0, -2.0], [0.0]], [[1.0, NAN], 3.0], (3,)),
    Row(c.real_matrix, [[[1.0, -2.0]]], [[1.0], [[1.0], [INF]]], (2, 3)),
    Row(c.positive, [1e-300, 2.0], [0.0, -1.0, INF, NAN]),
    Row(c.nonnegative, [0.0, 2.0], [-1e-300, INF, NAN]),
    Row(c.greater_than(3.0), [3.1], [3.0, INF, NAN]),
    Row(c.greater_than_eq(3.0), [3.0, 3.1], [2.9, INF, NAN]),
    Row(c.less_than(3.0), [2.9, -5.0], [3.0, -INF, NAN]),
    Row(c.less_than_eq(3.0), [2.9, 3.0], [3.1, -INF, NAN]),
    Row(c.unit_interval, [0.0, 0.5, 1.0], [-1e-9, 1.1, NAN]),
    Row(c.interval(-1.0, 2.0), [-1.0, 0.0, 2.0], [-1.1, 2.1, NAN]),
    Row(c.interval(0.0, 2.0), [0.0, 1.0, 2.0], [-0.1, 2.1, NAN]),
    Row(c.open_interval(-1.0, 2.0), [0.0], [-1.0, 2.0, NAN]),
    Row(c.half_open_interval(-1.0, 2.0), [-1.0, 0.0], [2.0, NAN]),
    Row(c.circular, [-np.pi, 3.0, np.pi], [3.2, NAN]),
    Row(c.softplus_positive, [1e-300, 2.0], [0.0, NAN]),
    Row(
        c.simplex, [[0.2, 0.3, 0.5], [0.0, 1.0], [1.0]], [[0.2, 0.3], [-0.5, 1.5], [NAN, 1.0], 1.0], (4,), all_but_last
    ),
    Row(c.row_stochastic, [[[0.5, 0.5], [1.0, 0.0]]], [[[0.5, 0.5], [1.0, 0.1]], [0.5, 0.5]], (2, 3), all_but_last),
    Row(c.ordered_vector, [[-1.0, 2.0], [5.0]], [[2.0, 1.0], [1.0, 1.0], [0.0, NAN], 1.0], (4,)),
    Row(c.positive_ordered_vector, [[0.1, 2.0]], [[-1.0, 2.0], [2.0, 1.0], [0.0, 1.0]], (3,), scale=1.0),
    Row(c.sphere, [[0.6, 0.8], [-1.0]], [[0.6, 0.7], [NAN, 1.0], 1.0], None),
    Row(c.l1_ball, [[0.5, -0.5], [0.1, 0.0]], [[0.6, -0.5], [NAN], 0.1], (3,)),
    Row(c.zero_sum(), [[1.0, -3.0, 2.0], [0.0]], [[1.0, -2.0], [NAN, 1.0], [INF, INF], 0.0], (4,), None),
    Row(c.zero_sum(2), [[[1.0, -1.0], [-1.0, 1.0]]], [[[1.0, -1.0], [1.0, -1.0]], [1.0, -1.0]], (3, 4), None),
    Row(c.square, [[[1.0, 2.0], [3.0, 4.0]]], [[[1.0, 2.0]], [1.0]], (2, 2)),
    Row(c.symmetric, [[[1.0, 2.0], [2.0, -4.0]]], [[[1.0, 2.0], [3.0, 4.0]], [[1.0, 2.0]]], (3, 3), triangle),
    Row(
        c.positive_definite,
        [[[2.0, -1.0], [-1.0, 2.0]], [[1e-20, 0.0], [0.0, 1e20]]],
        [[[1.0, 2.0], [2.0, 1.0]], [[1.0, 0.0], [0.0, 0.0]], [[1.0, 0.1], [0.0, 1.0]], [[NAN]], [1.0]],
        (3, 3),
        triangle,
    ),
    Row(
        c.positive_semidefinite,
        [[[1.0, 1.0], [1.0, 1.0]], [[0.0]]],
        [[[1.0, 2.0], [2.0, 1.0]], [[1.0, 0.1], [0.0, 1.0]]],
        (3, 3),
        triangle,
    ),
    Row(
        c.corr_matrix,
        [[[1.0, 0.6], [0.6, 1.0]]],
        [[[1.0, 1.0], [1.0, 1.0]], [[2.0, 0.6], [0.6, 1.0]], [[1.0, 0.2]], 1.0],
        (3, 3),
        strict_triangle,
    ),
    Row(
        c.corr_cholesky,
        [HALF],
        [[[1.0, 0.0], [0.6, 0.7]], [[1.0, 0.0], [0.6, -0.8]], [HALF[0]]],
        (4, 4),
        strict_triangle,
    ),
    Row(c.lower_triangular, [[[-1.0, 0.0], [3.0, 0.0]]], [[[1.0, 1e-9], [0.0, 1.0]]], (3, 3), triangle),
    Row(c.lower_cholesky, [HALF], [[[1.0, 0.0], [3.0, -1.0]], [[1.0, 0.1], [0.0, 1.0]]], (3, 3), triangle),
    Row(c.softplus_lower_cholesky, [HALF], [[[1.0, 0.0], [3.0, 0.0]]], (3, 3), triangle),
    Row(c.scaled_unit_lower_cholesky, [HALF], [[[1.0, 0.0], [3.0, 0.0]]], (3, 3), triangle),
    Row(c.unit_lower_cholesky, [[[1.0, 0.0], [3.0, 1.0]]], [HALF], (3, 3), strict_triangle),
    Row(c.independent(c.positive, 2), [[[1.0, 2.0]]], [[1.0, 2.0], [[1.0], [0.0]]], (2, 3)),
    Row(
        c.cat([c.positive, c.simplex, c.real], lengths=[2, 3, 1]),
        [[1.0, 2.0, 0.5, 0.2, 0.3, -4.0]],
        [[0.0, 2.0, 0.5, 0.2, 0.3, -4.0], [1.0, 2.0, 0.5, 0.2, 0.2, 0.0], [1.0, 2.0], 1.0],
        (6,),
        lambda x: x[..., [0, 1, 2, 3, 5]],
    ),
    Row(c.stack([c.positive, c.unit_interval]), [[3.0, 0.5]], [[3.0, 1.5], [3.0], 1.0], (2,)),
    Row(c.stack([c.ordered_vector, c.real_vector]), [[[1.0, 2.0], [2.0, 1.0]]], [[[2.0, 1.0], [1.0, 2.0]]], (2, 3)),
    Row(c.boolean, [0, 1, True], [2, 0.5, -1, NAN], None),
    Row(c.integer, [-4, 0, 7], [0.5, NAN, INF], None),
    Row(c.nonnegative_integer, [0, 7], [-1, 0.5, NAN, INF], None),
    Row(c.positive_integer, [1, 7], [0, 1.5, NAN], None),
    Row(c.integer_interval(2, 4), [2, 4], [1, 5, 2.5], None),
    Row(c.integer_greater_than(3), [3, 9], [2, 3.5], None),
    Row(c.one_hot, [[0, 1, 0], [1]], [[0, 0], [1, 1], [0.5, 0.5], 1], None),
    Row(c.multinomial(4), [[0, 3, 1]], [[0, 3], [5, -1], [3.5, 0.5]], None),
]
NAMES = [f"{k}-{row.constraint!r}" for k, row in enumerate(ROWS)]
SMOOTH = [row for row in ROWS if row.shape is not None]
SMOOTH_NAMES = [name for name, row in zip(NAMES, ROWS) if row.shape is not None]
