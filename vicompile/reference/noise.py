"""The base noise of one step, from its plan."""

from __future__ import annotations

from typing import Any

import numpy as np

from .philox import normal_pair, uniform_pair


def noise_rows(plan: Any, step: int, particles: int, normal_pairs: int, uniform_pairs: int, seed: int) -> Any:
    """The base noise of one step: float64 of shape (particles, 2 * (normal_pairs + uniform_pairs)), normals first.

    `plan` holds a block index and a site number for each pair, as integers of shape (pairs, 2) or flat. A number
    depends only on the seed, the step, the particle and its pair's two integers. ValueError if the plan has another
    length.
    """
    pairs = normal_pairs + uniform_pairs
    plan = np.asarray(plan, dtype=np.int64).reshape(-1, 2)
    if len(plan) != pairs:
        raise ValueError(f"the noise plan has {len(plan)} pairs, but {pairs} are asked for")
    particle = np.arange(particles, dtype=np.int64)[:, None]
    rows = np.empty((particles, pairs, 2))
    for draw, part in ((normal_pair, slice(0, normal_pairs)), (uniform_pair, slice(normal_pairs, pairs))):
        rows[:, part, 0], rows[:, part, 1] = draw(
            plan[part, 0], particle, np.int64(step), plan[part, 1], np.int64(seed)
        )
    return rows.reshape(particles, 2 * pairs)
