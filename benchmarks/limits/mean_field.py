"""What hand-written mean-field Normal fits share: the draw, and Adam on locations and log scales.

A fit has n latents, Normal or Normal in the logarithm, so that the guide's log density is that of a Normal. `point` is
(2, n): locations, then log scales. `moments` is (4, n): Adam's first and second of the locations, then of the log
scales.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from benchmarks.limits.options import inline_loop
from benchmarks.limits.vector_math import exp

EPSILON = 1e-8
HALF_LOG_TWO_PI = 0.5 * math.log(2.0 * math.pi)


@inline_loop
def noise_buffer(latents: int) -> Any:
    """Room for the normals of one step, a whole number of the generator's blocks."""
    return np.empty(128 * ((latents + 127) // 128))


@inline_loop
def draw(point: Any, noise: Any, scale: Any, theta: Any) -> float:
    """Fill scales and draws; the value is -log q of the draws."""
    loc, log_scale = point[0], point[1]
    total = 0.0
    for i in range(loc.size):
        scale[i] = exp(log_scale[i])
        theta[i] = loc[i] + scale[i] * noise[i]
        total += 0.5 * noise[i] * noise[i] + log_scale[i]
    return total + loc.size * HALF_LOG_TWO_PI


@inline_loop
def normal_prior(theta: Any, slope: Any, mean: float, first: int, last: int) -> float:
    """Log density of Normal(mean, 1) over latents first to last; its slopes are added to `slope`."""
    here, there = theta[first:last], slope[first:last]
    total = 0.0
    for i in range(here.size):
        d = here[i] - mean
        total -= 0.5 * d * d
        there[i] -= d
    return total - here.size * HALF_LOG_TWO_PI


@inline_loop
def adam(point: Any, slope: Any, noise: Any, scale: Any, moments: Any, settings: Any, powers: Any) -> None:
    """One step up the slope of the log joint; `powers` are those of the decay rates before the step, kept here."""
    learning_rate, b1, b2 = settings[0], settings[1], settings[2]
    powers[0] *= b1
    powers[1] *= b2
    m_scale, v_scale = learning_rate / (1.0 - powers[0]), 1.0 / (1.0 - powers[1])
    loc, log_scale = point[0], point[1]
    loc_m, loc_v, scale_m, scale_v = moments[0], moments[1], moments[2], moments[3]
    for i in range(loc.size):
        g = -slope[i]
        g_scale = g * noise[i] * scale[i] - 1.0
        loc_m[i] = b1 * loc_m[i] + (1.0 - b1) * g
        loc_v[i] = b2 * loc_v[i] + (1.0 - b2) * g * g
        scale_m[i] = b1 * scale_m[i] + (1.0 - b1) * g_scale
        scale_v[i] = b2 * scale_v[i] + (1.0 - b2) * g_scale * g_scale
        loc[i] -= loc_m[i] * m_scale / (math.sqrt(loc_v[i] * v_scale) + EPSILON)
        log_scale[i] -= scale_m[i] * m_scale / (math.sqrt(scale_v[i] * v_scale) + EPSILON)
