"""Poisson regression by hand: rows packed as in `logistic`; sums with the counts are kept: no pass reads them."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.limits.logistic import ROWS, pack
from benchmarks.limits.mean_field import adam, draw, noise_buffer, normal_prior
from benchmarks.limits.options import inline_loop, whole_fit
from benchmarks.limits.random_lanes import fill_normals, seeded_lanes
from benchmarks.limits.stack_memory import stack_doubles
from benchmarks.limits.vector_math import exp


@inline_loop
def rates(packed: Any, weights: Any, bias: float, slope: Any) -> float:
    """Sum of all rows' rates; its derivatives are taken from `slope`, the bias's last."""
    rate = stack_doubles(192)
    total = 0.0
    for block in range(packed.shape[0]):
        columns = packed[block]
        for r in range(ROWS):
            rate[r] = bias
        for c in range(weights.size):
            column = columns[c]
            weight = weights[c]
            for r in range(ROWS):
                rate[r] += weight * column[r]
        for r in range(ROWS):
            rate[r] = exp(rate[r])
            total += rate[r]
        for c in range(weights.size):
            column = columns[c]
            part = 0.0
            for r in range(ROWS):
                part += column[r] * rate[r]
            slope[c] -= part
    slope[weights.size] -= total
    return total


@inline_loop
def sums_with_counts(x: Any, y: Any) -> Any:
    """Sum over the rows of y times (row of x, 1)."""
    sums = np.zeros(x.shape[1] + 1)
    for r in range(y.size):
        row = x[r]
        for c in range(row.size):
            sums[c] += y[r] * row[c]
        sums[row.size] += y[r]
    return sums


@whole_fit
def fit(x: Any, y: Any, constant: float, steps: int, seed: int, start: Any, settings: Any) -> Any:
    """(locations and log scales of shape (2, columns + 1), the bias last; losses). constant: sum of log(count!)."""
    packed, _ = pack(x, y)
    padding = float(packed.shape[0] * ROWS - y.size)
    columns = x.shape[1]
    kept = sums_with_counts(x, y)
    latents = columns + 1
    point, moments, powers = start.copy(), np.zeros((4, latents)), np.ones(2)
    scale, theta, slope = np.empty(latents), np.empty(latents), np.empty(latents)
    state, noise = seeded_lanes(seed), noise_buffer(latents)
    losses = np.empty(steps)
    for step in range(steps):
        fill_normals(state, noise)
        value = draw(point, noise, scale, theta) - constant
        for i in range(latents):
            slope[i] = kept[i]
            value += kept[i] * theta[i]
        bias = theta[columns]
        value -= rates(packed, theta[:columns], bias, slope)
        # The last block's rows of zeros have the rate e**bias.
        extra = padding * exp(bias)
        value += extra
        slope[columns] += extra
        losses[step] = -(value + normal_prior(theta, slope, 0.0, 0, latents))
        adam(point, slope, noise, scale, moments, settings, powers)
    return point, losses
