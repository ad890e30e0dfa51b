"""Negative binomial regression by hand, log(phi) as the last latent; rows packed as in `logistic`.

With t = score - log(phi) a row's log density is lgamma(y + phi) - lgamma(phi) - log(y!) + y * score
- (y + phi) * (log(phi) + softplus(t)). The sums of y * score are kept. `fit_with_grouped_counts` takes lgamma once for
each different count; `fit_with_one_pass` once for each row, in vector code.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from benchmarks.limits.gamma import digamma_minus_log, log_gamma
from benchmarks.limits.logistic import ROWS, pack
from benchmarks.limits.mean_field import adam, draw, noise_buffer, normal_prior
from benchmarks.limits.options import inline_helper, inline_loop, whole_fit
from benchmarks.limits.poisson import sums_with_counts
from benchmarks.limits.random_lanes import fill_normals, seeded_lanes
from benchmarks.limits.stack_memory import stack_doubles
from benchmarks.limits.vector_math import exp, log, log1p_of_fraction


@inline_helper
def log_gamma_and_slope(x: float) -> Any:
    """(log Gamma(x), digamma(x)) of a positive x up to 1e30: Stirling's series at x + 8."""
    product, slope = x, 1.0
    for i in range(1, 8):
        slope = slope * (x + i) + product
        product = product * (x + i)
    a = x + 8.0
    inverse, log_a = 1.0 / a, log(a)
    return log_gamma(a, log_a, inverse) - log(product), digamma_minus_log(inverse) + log_a - slope / product


@inline_loop
def softplus_terms(packed: Any, counts: Any, weights: Any, shift: float, phi: float, slope: Any) -> Any:
    """(sum of (y + phi)*softplus(t), sum of softplus(t), sum of (y + phi)*(1 - sigmoid(t))), t = shift + x @ weights.

    The derivatives of the first in weights and shift are taken from `slope`.
    """
    score = stack_doubles(192)
    weighted = plain = rest = in_shift = 0.0
    for block in range(packed.shape[0]):
        columns, count = packed[block], counts[block]
        for r in range(ROWS):
            score[r] = shift
        for c in range(weights.size):
            column = columns[c]
            weight = weights[c]
            for r in range(ROWS):
                score[r] += weight * column[r]
        for r in range(ROWS):
            t = score[r]
            e = exp(-abs(t))
            softplus = max(t, 0.0) + log1p_of_fraction(e)
            share = 1.0 / (1.0 + e)
            size = count[r] + phi
            weighted += size * softplus
            plain += softplus
            up = size * (share if t >= 0.0 else e * share)
            rest += size - up
            in_shift += up
            score[r] = up
        for c in range(weights.size):
            column = columns[c]
            part = 0.0
            for r in range(ROWS):
                part += column[r] * score[r]
            slope[c] -= part
    slope[weights.size] -= in_shift
    return weighted, plain, rest


@inline_loop
def gamma_terms(counts: Any, times: Any, phi: float) -> Any:
    """Sum of times * lgamma(counts + phi), and its derivative."""
    total = in_phi = 0.0
    for i in range(counts.size):
        value, slope = log_gamma_and_slope(counts[i] + phi)
        total += times[i] * value
        in_phi += times[i] * slope
    return total, in_phi


@inline_loop
def fit(
    x: Any, y: Any, values: Any, times: Any, constant: float, steps: int, seed: int, start: Any, settings: Any
) -> Any:
    packed, counts = pack(x, y)
    padding = float(counts.size - y.size)
    columns = x.shape[1]
    kept = sums_with_counts(x, y)
    latents = columns + 2
    point, moments, powers = start.copy(), np.zeros((4, latents)), np.ones(2)
    scale, theta, slope = np.empty(latents), np.empty(latents), np.empty(latents)
    state, noise = seeded_lanes(seed), noise_buffer(latents)
    losses = np.empty(steps)
    rows = float(y.size)
    total_size = kept[columns]
    for step in range(steps):
        fill_normals(state, noise)
        value = draw(point, noise, scale, theta) - constant
        for i in range(columns + 1):
            slope[i] = kept[i]
            value += kept[i] * theta[i]
        log_phi = theta[columns + 1]
        phi = exp(log_phi)
        shift = theta[columns] - log_phi
        weighted, plain, rest = softplus_terms(packed, counts, theta[:columns], shift, phi, slope)
        # The last block's rows of zeros have y = 0 and t = shift.
        e = math.exp(-abs(shift))
        softplus = max(shift, 0.0) + math.log1p(e)
        up = (1.0 if shift >= 0.0 else e) / (1.0 + e)
        weighted -= padding * phi * softplus
        plain -= padding * softplus
        rest -= padding * phi * (1.0 - up)
        slope[columns] += padding * phi * up
        gammas, gamma_slope = gamma_terms(values, times, phi)
        of_phi, slope_of_phi = log_gamma_and_slope(phi)
        value += gammas - rows * of_phi - weighted - total_size * log_phi
        in_phi = gamma_slope - rows * slope_of_phi + rows - plain - rest / phi
        slope[columns + 1] = phi * in_phi
        losses[step] = -(value + normal_prior(theta, slope, 0.0, 0, latents))
        adam(point, slope, noise, scale, moments, settings, powers)
    return point, losses


@whole_fit
def fit_with_one_pass(x: Any, y: Any, constant: float, steps: int, seed: int, start: Any, settings: Any) -> Any:
    """(locations and log scales of shape (2, columns + 2), bias and log phi last; losses)."""
    return fit(x, y, y, np.ones(y.size), constant, steps, seed, start, settings)


@whole_fit
def fit_with_grouped_counts(x: Any, y: Any, constant: float, steps: int, seed: int, start: Any, settings: Any) -> Any:
    """The same; each different count is seen once a step."""
    tally = np.zeros(int(y.max()) + 1)
    for i in range(y.size):
        tally[int(y[i])] += 1.0
    values = np.nonzero(tally)[0]
    return fit(x, y, values.astype(np.float64), tally[values], constant, steps, seed, start, settings)
