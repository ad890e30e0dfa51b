"""GARCH(1, 1) by hand: two recurrences, each a fused multiply-add a day; the rest is vector code."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.limits.mean_field import HALF_LOG_TWO_PI, adam, draw, noise_buffer, normal_prior
from benchmarks.limits.options import inline_loop, whole_fit
from benchmarks.limits.random_lanes import fill_normals, seeded_lanes
from benchmarks.limits.vector_math import exp, log

MU, LOG_A0, LOGIT_A1, LOGIT_B1 = 0, 1, 2, 3
PRIOR_MEANS = (0.0, -2.0, -2.0, 1.0)


@inline_loop
def log_density(y: Any, mu: float, a0: float, a1: float, b1: float, squares: Any, variances: Any) -> Any:
    """(log density, its derivatives in mu, a0, a1 and b1); the two buffers are as long as y."""
    days = y.size
    for t in range(days):
        d = y[t] - mu
        squares[t] = d * d
    before, after = squares[: days - 1], variances[1:]
    for t in range(days - 1):
        after[t] = a0 + a1 * before[t]
    variance = 1.0
    variances[0] = 1.0
    for t in range(days - 1):
        variance = after[t] + b1 * variance
        after[t] = variance
    # From here `squares` holds the derivative in the variance, for its own day alone.
    logs = quotients = in_mu = 0.0
    for t in range(days):
        inverse = 1.0 / variances[t]
        quotient = squares[t] * inverse
        logs += log(variances[t])
        quotients += quotient
        in_mu += (y[t] - mu) * inverse
        squares[t] = 0.5 * inverse * (quotient - 1.0)
    adjoint = 0.0
    for back in range(days - 1):
        t = days - 1 - back
        adjoint = squares[t] + b1 * adjoint
        squares[t] = adjoint
    in_a0 = in_a1 = in_b1 = through_mu = 0.0
    adjoints = squares[1:]
    for t in range(days - 1):
        d = y[t] - mu
        in_a0 += adjoints[t]
        in_a1 += adjoints[t] * d * d
        in_b1 += adjoints[t] * variances[t]
        through_mu += adjoints[t] * d
    value = -0.5 * (logs + quotients) - days * HALF_LOG_TWO_PI
    return value, in_mu - 2.0 * a1 * through_mu, in_a0, in_a1, in_b1


@whole_fit
def fit(y: Any, steps: int, seed: int, start: Any, settings: Any) -> Any:
    """(locations and log scales of shape (2, 4), losses)."""
    latents = 4
    point, moments, powers = start.copy(), np.zeros((4, latents)), np.ones(2)
    scale, theta, slope = np.empty(latents), np.empty(latents), np.empty(latents)
    squares, variances = np.empty(y.size), np.empty(y.size)
    state, noise = seeded_lanes(seed), noise_buffer(latents)
    losses = np.empty(steps)
    for step in range(steps):
        fill_normals(state, noise)
        value = draw(point, noise, scale, theta)
        a0 = exp(theta[LOG_A0])
        a1 = 1.0 / (1.0 + exp(-theta[LOGIT_A1]))
        share = 1.0 / (1.0 + exp(-theta[LOGIT_B1]))
        b1 = share * (1.0 - a1)
        density, in_mu, in_a0, in_a1, in_b1 = log_density(y, theta[MU], a0, a1, b1, squares, variances)
        slope[MU] = in_mu
        slope[LOG_A0] = in_a0 * a0
        slope[LOGIT_A1] = (in_a1 - share * in_b1) * a1 * (1.0 - a1)
        slope[LOGIT_B1] = in_b1 * b1 * (1.0 - share)
        value += density
        for i in range(latents):
            value += normal_prior(theta, slope, PRIOR_MEANS[i], i, i + 1)
        losses[step] = -value
        adam(point, slope, noise, scale, moments, settings, powers)
    return point, losses
