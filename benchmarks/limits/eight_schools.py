"""Eight schools by hand: non-centred, mean-field guide, any number of particles, schools on the vector lanes.

Parameters lie as [theta_loc 8][log theta_scale 8][mu_loc, tau_loc, log mu_scale, log tau_scale, 4 unused], so that
Adam is three vectors of eight. The noise of a step is [mu: particles][tau: particles][theta: particles x 8].
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from benchmarks.limits.options import inline_loop, whole_fit
from benchmarks.limits.random_lanes import fill_normals, seeded_lanes
from benchmarks.limits.stack_memory import stack_doubles
from benchmarks.limits.vector_math import exp, log

SCHOOLS = 8
PARAMETERS = 24
MU_LOC, TAU_LOC, MU_SCALE, TAU_SCALE = 16, 17, 18, 19
MAX_PARTICLES = 32
POOL = 8192
PRIOR_SCALE = 5.0
EPSILON = 1e-8
HALF_LOG_TWO_PI = 0.5 * math.log(2.0 * math.pi)
# log density constants of mu and tau; those of theta and of the whole guide cancel against each other.
CONSTANT_OF_PRIORS = -HALF_LOG_TWO_PI - math.log(PRIOR_SCALE) + math.log(2.0 / (math.pi * PRIOR_SCALE))
CONSTANT_OF_GUIDE = -2.0 * HALF_LOG_TWO_PI


@inline_loop
def fit(y: Any, sigma: Any, particles: int, steps: int, seed: int, start: Any, adam: Any) -> Any:
    losses = np.empty(steps)
    result = start.copy()
    if y.size != SCHOOLS or not 1 <= particles <= MAX_PARTICLES:
        return 1, result, losses
    learning_rate, b1, b2 = adam[0], adam[1], adam[2]
    state = seeded_lanes(seed)
    normals = np.empty(POOL)
    used = POOL
    parameters = stack_doubles(24)
    gradient = stack_doubles(24)
    first_moment = stack_doubles(24)
    second_moment = stack_doubles(24)
    scale = stack_doubles(16)
    observed = stack_doubles(8)
    precision = stack_doubles(8)
    loc_gradient = stack_doubles(8)
    scale_gradient = stack_doubles(8)
    mus = stack_doubles(32)
    taus = stack_doubles(32)
    for i in range(PARAMETERS):
        parameters[i] = start[i]
        first_moment[i] = 0.0
        second_moment[i] = 0.0
        gradient[i] = 0.0
    constant = CONSTANT_OF_PRIORS - CONSTANT_OF_GUIDE
    for j in range(SCHOOLS):
        observed[j] = y[j]
        precision[j] = 1.0 / (sigma[j] * sigma[j])
        constant -= HALF_LOG_TWO_PI + math.log(sigma[j])
    weight = 1.0 / particles
    row = 10 * particles
    b1_power = b2_power = 1.0
    for step in range(steps):
        if used + row > POOL:
            fill_normals(state, normals)
            used = 0
        noise = normals[used : used + row]
        used += row
        log_scales = parameters[MU_SCALE] + parameters[TAU_SCALE]
        # Two full vectors: the scales of mu and tau come along with those of theta for nothing.
        for j in range(2 * SCHOOLS):
            scale[j] = exp(parameters[SCHOOLS + j])
        for j in range(SCHOOLS):
            log_scales += parameters[SCHOOLS + j]
            loc_gradient[j] = 0.0
            scale_gradient[j] = 0.0
        mu_scale, tau_scale = scale[MU_SCALE - SCHOOLS], scale[TAU_SCALE - SCHOOLS]
        mu_loc, tau_loc = parameters[MU_LOC], parameters[TAU_LOC]
        mu_total = mu_noise_total = tau_total = tau_noise_total = value = 0.0
        for k in range(particles):
            mus[k] = mu_loc + mu_scale * noise[k]
            log_tau = tau_loc + tau_scale * noise[particles + k]
            tau = exp(log_tau)
            taus[k] = tau
            ratio = tau * (1.0 / PRIOR_SCALE)
            square = mus[k] * (1.0 / PRIOR_SCALE)
            # Everything of a particle that does not touch the schools; + log_tau is the guide's Jacobian.
            value += log_tau - log(1.0 + ratio * ratio) - 0.5 * square * square
            value += 0.5 * (noise[k] * noise[k] + noise[particles + k] * noise[particles + k])
        for k in range(particles):
            mu, tau = mus[k], taus[k]
            theta_noise = noise[2 * particles + SCHOOLS * k : 2 * particles + SCHOOLS * k + SCHOOLS]
            residual_total = weighted_total = squares = 0.0
            for j in range(SCHOOLS):
                theta = parameters[j] + scale[j] * theta_noise[j]
                residual = observed[j] - mu - tau * theta
                scaled = residual * precision[j]
                residual_total += scaled
                weighted_total += scaled * theta
                squares += theta_noise[j] * theta_noise[j] - theta * theta - residual * scaled
                slope = tau * scaled - theta
                loc_gradient[j] += slope
                scale_gradient[j] += slope * theta_noise[j]
            value += 0.5 * squares
            mu_slope = residual_total - mu * (1.0 / (PRIOR_SCALE * PRIOR_SCALE))
            tau_square = tau * tau
            tau_slope = tau * weighted_total - 2.0 * tau_square / (PRIOR_SCALE * PRIOR_SCALE + tau_square) + 1.0
            mu_total += mu_slope
            mu_noise_total += mu_slope * noise[k]
            tau_total += tau_slope
            tau_noise_total += tau_slope * noise[particles + k]
        losses[step] = -(weight * value + log_scales + constant)
        for j in range(SCHOOLS):
            gradient[j] = -weight * loc_gradient[j]
            gradient[SCHOOLS + j] = -(weight * scale_gradient[j] * scale[j] + 1.0)
        gradient[MU_LOC] = -weight * mu_total
        gradient[TAU_LOC] = -weight * tau_total
        gradient[MU_SCALE] = -(weight * mu_noise_total * mu_scale + 1.0)
        gradient[TAU_SCALE] = -(weight * tau_noise_total * tau_scale + 1.0)
        b1_power *= b1
        b2_power *= b2
        m_scale, v_scale = learning_rate / (1.0 - b1_power), 1.0 / (1.0 - b2_power)
        for i in range(PARAMETERS):
            g = gradient[i]
            m = b1 * first_moment[i] + (1.0 - b1) * g
            v = b2 * second_moment[i] + (1.0 - b2) * g * g
            first_moment[i] = m
            second_moment[i] = v
            parameters[i] -= m * m_scale / (math.sqrt(v * v_scale) + EPSILON)
    for i in range(PARAMETERS):
        result[i] = parameters[i]
    return 0, result, losses


@whole_fit
def fit_one_particle(y: Any, sigma: Any, steps: int, seed: int, start: Any, adam: Any) -> Any:
    """(status, unconstrained parameters of shape (24,), losses); status 1 for a wrong number of schools."""
    return fit(y, sigma, 1, steps, seed, start, adam)


@whole_fit
def fit_particles(y: Any, sigma: Any, particles: int, steps: int, seed: int, start: Any, adam: Any) -> Any:
    """The same for 1 to 32 particles; status 1 for any other number."""
    return fit(y, sigma, particles, steps, seed, start, adam)
