"""The hierarchy by hand: rows sorted by county once. Latents: intercepts, slopes, then mu_a, mu_b and the log widths.

`fit_with_one_pass` reads every row in every step, county by county; `fit_with_sums` keeps six sums for each county and
multiplies the squares out, counties on the vector lanes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.limits.mean_field import HALF_LOG_TWO_PI, adam, draw, noise_buffer, normal_prior
from benchmarks.limits.options import inline_loop, whole_fit
from benchmarks.limits.random_lanes import fill_normals, seeded_lanes
from benchmarks.limits.vector_math import exp

TOP_VARIANCE = 25.0
HALF_LOG_TOP_VARIANCE = 0.5 * np.log(TOP_VARIANCE)


@inline_loop
def sorted_by_county(county: Any, floor: Any, y: Any, groups: int) -> Any:
    """(floor and y in the order of the counties, where each county starts and the last ends)."""
    starts = np.zeros(groups + 1, dtype=np.int64)
    for i in range(county.size):
        starts[county[i] + 1] += 1
    for g in range(groups):
        starts[g + 1] += starts[g]
    place = starts[:groups].copy()
    floors, values = np.empty(y.size), np.empty(y.size)
    for i in range(y.size):
        here = place[county[i]]
        floors[here], values[here] = floor[i], y[i]
        place[county[i]] += 1
    return floors, values, starts


@inline_loop
def squares_of_rows(floor: Any, y: Any, starts: Any, a: Any, b: Any, in_a: Any, in_b: Any) -> float:
    """Sum of squared residuals; each county's sums of residuals and of residuals times floor."""
    squares = 0.0
    for g in range(a.size):
        floors, values = floor[starts[g] : starts[g + 1]], y[starts[g] : starts[g + 1]]
        intercept, slope = a[g], b[g]
        plain = with_floor = 0.0
        for i in range(floors.size):
            residual = values[i] - intercept - slope * floors[i]
            squares += residual * residual
            plain += residual
            with_floor += residual * floors[i]
        in_a[g], in_b[g] = plain, with_floor
    return squares


@inline_loop
def sums_of_counties(floor: Any, y: Any, starts: Any) -> Any:
    """Per county the sums of 1, floor, floor**2, y, floor*y and y**2, shape (6, groups)."""
    sums = np.zeros((6, starts.size - 1))
    for g in range(starts.size - 1):
        for i in range(starts[g], starts[g + 1]):
            sums[0, g] += 1.0
            sums[1, g] += floor[i]
            sums[2, g] += floor[i] * floor[i]
            sums[3, g] += y[i]
            sums[4, g] += floor[i] * y[i]
            sums[5, g] += y[i] * y[i]
    return sums


@inline_loop
def squares_of_sums(sums: Any, a: Any, b: Any, in_a: Any, in_b: Any) -> float:
    """The same three results from the kept sums."""
    rows, floors, floor_squares, values, products, value_squares = sums[0], sums[1], sums[2], sums[3], sums[4], sums[5]
    squares = 0.0
    for g in range(a.size):
        in_a[g] = values[g] - rows[g] * a[g] - floors[g] * b[g]
        in_b[g] = products[g] - floors[g] * a[g] - floor_squares[g] * b[g]
        squares += value_squares[g] - a[g] * (values[g] + in_a[g]) - b[g] * (products[g] + in_b[g])
    return squares


@inline_loop
def normals(theta: Any, slope: Any, mean: float, log_width: float) -> Any:
    """(log density of Normal(mean, width) of all of theta, its derivatives in mean and log width); adds to slope."""
    precision = exp(-2.0 * log_width)
    total = in_mean = 0.0
    for i in range(theta.size):
        d = theta[i] - mean
        total += d * d
        in_mean += d
        slope[i] -= precision * d
    squares = precision * total
    value = -0.5 * squares - theta.size * (log_width + HALF_LOG_TWO_PI)
    return value, precision * in_mean, squares - theta.size


@inline_loop
def fit(county: Any, floor: Any, y: Any, keep_sums: bool, steps: int, seed: int, start: Any, settings: Any) -> Any:
    latents = start.shape[1]
    groups = (latents - 5) // 2
    floors, values, starts = sorted_by_county(county, floor, y, groups)
    sums = sums_of_counties(floors, values, starts)
    point, moments, powers = start.copy(), np.zeros((4, latents)), np.ones(2)
    scale, theta, slope = np.empty(latents), np.empty(latents), np.empty(latents)
    state, noise = seeded_lanes(seed), noise_buffer(latents)
    losses = np.empty(steps)
    top = 2 * groups
    for step in range(steps):
        fill_normals(state, noise)
        value = draw(point, noise, scale, theta)
        a, b, in_a, in_b = theta[:groups], theta[groups:top], slope[:groups], slope[groups:top]
        if keep_sums:
            squares = squares_of_sums(sums, a, b, in_a, in_b)
        else:
            squares = squares_of_rows(floors, values, starts, a, b, in_a, in_b)
        log_width = theta[top + 4]
        precision = exp(-2.0 * log_width)
        for i in range(top):
            slope[i] *= precision
        squares *= precision
        value -= 0.5 * squares + y.size * (log_width + HALF_LOG_TWO_PI)
        slope[top + 4] = squares - y.size
        of_a, slope[top], slope[top + 2] = normals(a, in_a, theta[top], theta[top + 2])
        of_b, slope[top + 1], slope[top + 3] = normals(b, in_b, theta[top + 1], theta[top + 3])
        value += of_a + of_b
        for i in range(top, top + 2):
            value -= 0.5 * theta[i] * theta[i] / TOP_VARIANCE + HALF_LOG_TOP_VARIANCE + HALF_LOG_TWO_PI
            slope[i] -= theta[i] / TOP_VARIANCE
        value += normal_prior(theta, slope, 0.0, top + 2, latents)
        losses[step] = -value
        adam(point, slope, noise, scale, moments, settings, powers)
    return point, losses


@whole_fit
def fit_with_one_pass(county: Any, floor: Any, y: Any, steps: int, seed: int, start: Any, settings: Any) -> Any:
    """(locations and log scales of shape (2, 2*groups + 5), losses)."""
    return fit(county, floor, y, False, steps, seed, start, settings)


@whole_fit
def fit_with_sums(county: Any, floor: Any, y: Any, steps: int, seed: int, start: Any, settings: Any) -> Any:
    """The same; no row is read after the first step."""
    return fit(county, floor, y, True, steps, seed, start, settings)
