"""The coin by hand: Beta(10, 10) prior, Beta guide, one pathwise draw a step, as two Gamma draws.

`fit_with_sums` uses the number of heads; `fit_with_one_pass` reads every flip in every step. Both give the loss of
every step. Concentrations below 8 or above 1e7 leave the range of the series in `gamma` and end the fit with status 1.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from benchmarks.limits.gamma import (
    SMALLEST_CONCENTRATION,
    digamma_minus_log,
    log_gamma,
    log_gradient,
    squeeze_accepts,
)
from benchmarks.limits.options import inline_helper, inline_loop, whole_fit
from benchmarks.limits.random_lanes import fill_normals, fill_uniforms, seeded_lanes
from benchmarks.limits.vector_math import exp, log

POOL = 2048
LARGEST_CONCENTRATION = 1.0e7
PRIOR = 10.0
LOG_BETA_OF_PRIOR = 2.0 * math.lgamma(PRIOR) - math.lgamma(2.0 * PRIOR)
EPSILON = 1e-8


@inline_helper
def proposal(d: float, c: float, normal: float) -> float:
    """The cube of Marsaglia and Tsang; a non-positive base gives 0, which is never accepted."""
    base = max(1.0 + c * normal, 0.0)
    return base * base * base


@inline_helper
def full_test_accepts(d: float, cube: float, normal: float, uniform: float) -> bool:
    return cube > 0.0 and math.log(uniform) < 0.5 * normal * normal + d * (1.0 - cube + math.log(cube))


@inline_helper
def adam_step(gradient: float, m: float, v: float, b1: float, b2: float, m_scale: float, v_scale: float) -> Any:
    """New moments and the step before the learning rate (Kingma and Ba 2015)."""
    m = b1 * m + (1.0 - b1) * gradient
    v = b2 * v + (1.0 - b2) * gradient * gradient
    return m, v, m * m_scale / (math.sqrt(v * v_scale) + EPSILON)


@inline_loop
def log_likelihood(flips: Any, log_heads: float, log_tails: float, probability: float) -> Any:
    """Sum over the flips of the log probability, and its derivative times p*(1 - p)."""
    difference = log_heads - log_tails
    total = 0.0
    slope = 0.0
    for i in range(flips.size):
        total += flips[i] * difference + log_tails
        slope += flips[i] - probability
    return total, slope


@inline_loop
def fit(flips: Any, heads: float, count: float, keep_sums: bool, steps: int, seed: int, start: Any, adam: Any) -> Any:
    learning_rate, b1, b2 = adam[0], adam[1], adam[2]
    state = seeded_lanes(seed)
    normals, uniforms = np.empty(POOL), np.empty(POOL)
    losses = np.empty(steps)
    used = POOL
    u_a, u_b = math.log(start[0]), math.log(start[1])
    m_a = m_b = v_a = v_b = 0.0
    b1_power = b2_power = 1.0
    status = 0
    for step in range(steps):
        if used > POOL - 128:
            fill_normals(state, normals)
            fill_uniforms(state, uniforms)
            used = 0
        a, b = exp(u_a), exp(u_b)
        if not (min(a, b) >= SMALLEST_CONCENTRATION and max(a, b) <= LARGEST_CONCENTRATION):
            status = 1
            break
        d_a, d_b = a - 1.0 / 3.0, b - 1.0 / 3.0
        c_a, c_b = 1.0 / math.sqrt(9.0 * d_a), 1.0 / math.sqrt(9.0 * d_b)
        n_a, n_b, w_a, w_b = normals[used], normals[used + 1], uniforms[used], uniforms[used + 1]
        used += 2
        cube_a, cube_b = proposal(d_a, c_a, n_a), proposal(d_b, c_b, n_b)
        if not (squeeze_accepts(n_a, w_a) and squeeze_accepts(n_b, w_b) and min(cube_a, cube_b) > 0.0):
            while not full_test_accepts(d_a, cube_a, n_a, w_a):
                n_a, w_a = normals[used], uniforms[used]
                used += 1
                cube_a = proposal(d_a, c_a, n_a)
            while not full_test_accepts(d_b, cube_b, n_b, w_b):
                n_b, w_b = normals[used], uniforms[used]
                used += 1
                cube_b = proposal(d_b, c_b, n_b)
        x_a, x_b = d_a * cube_a, d_b * cube_b
        log_x_a, log_x_b = log(x_a), log(x_b)
        inverse_total = 1.0 / (x_a + x_b)
        p, q = x_a * inverse_total, x_b * inverse_total
        log_total = log(x_a + x_b)
        log_p, log_q = log_x_a - log_total, log_x_b - log_total
        inverse_a, inverse_b, inverse_ab = 1.0 / a, 1.0 / b, 1.0 / (a + b)
        log_ab = log(a + b)
        h_a, h_b = log_gradient(inverse_a, log_x_a - u_a), log_gradient(inverse_b, log_x_b - u_b)
        if keep_sums:
            likelihood = heads * log_p + (count - heads) * log_q
            slope = heads * q - (count - heads) * p
        else:
            likelihood, slope = log_likelihood(flips, log_p, log_q, p)
        slope += (PRIOR - a) * q - (PRIOR - b) * p
        log_beta = log_gamma(a, u_a, inverse_a) + log_gamma(b, u_b, inverse_b) - log_gamma(a + b, log_ab, inverse_ab)
        losses[step] = -(likelihood + (PRIOR - a) * log_p + (PRIOR - b) * log_q - LOG_BETA_OF_PRIOR + log_beta)
        psi_ab = log_ab + digamma_minus_log(inverse_ab)
        # d/d log a: through the draw, d log(x_a) = h_a, and directly through -log q.
        gradient_a = -(slope * h_a + a * (u_a + digamma_minus_log(inverse_a) - psi_ab - log_p))
        gradient_b = -(-slope * h_b + b * (u_b + digamma_minus_log(inverse_b) - psi_ab - log_q))
        b1_power *= b1
        b2_power *= b2
        m_scale, v_scale = 1.0 / (1.0 - b1_power), 1.0 / (1.0 - b2_power)
        m_a, v_a, move_a = adam_step(gradient_a, m_a, v_a, b1, b2, m_scale, v_scale)
        m_b, v_b, move_b = adam_step(gradient_b, m_b, v_b, b1, b2, m_scale, v_scale)
        u_a -= learning_rate * move_a
        u_b -= learning_rate * move_b
    return status, math.exp(u_a), math.exp(u_b), losses


@whole_fit
def fit_with_sums(flips: Any, steps: int, seed: int, start: Any, adam: Any) -> Any:
    """Fit with the number of heads counted once: (status, alpha_q, beta_q, losses)."""
    heads = flips.sum()
    return fit(flips, heads, float(flips.size), True, steps, seed, start, adam)


@whole_fit
def fit_with_one_pass(flips: Any, steps: int, seed: int, start: Any, adam: Any) -> Any:
    """Fit that reads every flip in every step: (status, alpha_q, beta_q, losses)."""
    return fit(flips, 0.0, 0.0, False, steps, seed, start, adam)
