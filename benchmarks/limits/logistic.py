"""Logistic regression by hand: rows packed as [block][column][row], so that memory is read once, in order.

A block of 192 rows and 50 columns is 77 kB: the first pass (scores) reads it from memory, the second (gradient) from
the level-2 cache. The last block is filled up with rows of zeros labelled 0; what those add is a function of the bias
alone and is taken off again.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from benchmarks.limits.options import inline_loop, whole_fit
from benchmarks.limits.random_lanes import fill_normals, seeded_lanes
from benchmarks.limits.stack_memory import stack_doubles
from benchmarks.limits.vector_math import exp, log1p_of_fraction

ROWS = 192
EPSILON = 1e-8


@inline_loop
def pack(x: Any, y: Any) -> Any:
    """(packed of shape (blocks, columns, ROWS), labels of shape (blocks, ROWS)), filled up with zeros."""
    count, columns = x.shape
    blocks = (count + ROWS - 1) // ROWS
    packed = np.zeros((blocks, columns, ROWS))
    labels = np.zeros((blocks, ROWS))
    for block in range(blocks):
        first = block * ROWS
        rows = x[first : min(first + ROWS, count)]
        labels[block, : rows.shape[0]] = y[first : first + rows.shape[0]]
        for r in range(rows.shape[0]):
            for c in range(columns):
                packed[block, c, r] = rows[r, c]
    return packed, labels


@inline_loop
def log_likelihood(packed: Any, labels: Any, weights: Any, bias: float, slope: Any) -> Any:
    """(log likelihood, its derivative in the bias); the derivatives in the weights go to `slope`."""
    score = stack_doubles(192)
    residual = stack_doubles(192)
    total = bias_slope = 0.0
    slope[:] = 0.0
    for block in range(packed.shape[0]):
        columns = packed[block]
        label = labels[block]
        for r in range(ROWS):
            score[r] = bias
        for c in range(weights.size):
            column = columns[c]
            weight = weights[c]
            for r in range(ROWS):
                score[r] += weight * column[r]
        for r in range(ROWS):
            t = score[r]
            e = exp(-abs(t))
            total += label[r] * t - max(t, 0.0) - log1p_of_fraction(e)
            probability = (1.0 if t >= 0.0 else e) / (1.0 + e)
            residual[r] = label[r] - probability
            bias_slope += residual[r]
        for c in range(weights.size):
            column = columns[c]
            part = 0.0
            for r in range(ROWS):
                part += column[r] * residual[r]
            slope[c] += part
    return total, bias_slope


@whole_fit
def fit(x: Any, y: Any, steps: int, seed: int, start: Any, adam: Any) -> Any:
    """(status, unconstrained parameters of shape (2, columns + 1), losses).

    Row 0 of the parameters is the locations, row 1 the log scales; the bias comes last.
    """
    learning_rate, b1, b2 = adam[0], adam[1], adam[2]
    packed, labels = pack(x, y)
    padding = float(labels.size - y.size)
    latents = x.shape[1] + 1
    loc, log_scale = start[0].copy(), start[1].copy()
    loc_m, loc_v, scale_m, scale_v = np.zeros(latents), np.zeros(latents), np.zeros(latents), np.zeros(latents)
    theta, slope = np.empty(latents), np.empty(latents)
    state = seeded_lanes(seed)
    noise = np.empty(128 * ((latents + 127) // 128))
    losses = np.empty(steps)
    b1_power = b2_power = 1.0
    for step in range(steps):
        fill_normals(state, noise)
        value = 0.0
        for i in range(latents):
            theta[i] = loc[i] + exp(log_scale[i]) * noise[i]
            value += 0.5 * (noise[i] * noise[i] - theta[i] * theta[i]) + log_scale[i]
        bias = theta[latents - 1]
        likelihood, bias_slope = log_likelihood(packed, labels, theta[: latents - 1], bias, slope[: latents - 1])
        e = math.exp(-abs(bias))
        likelihood += padding * (max(bias, 0.0) + math.log1p(e))
        slope[latents - 1] = bias_slope + padding * ((1.0 if bias >= 0.0 else e) / (1.0 + e))
        losses[step] = -(value + likelihood)
        b1_power *= b1
        b2_power *= b2
        m_scale, v_scale = learning_rate / (1.0 - b1_power), 1.0 / (1.0 - b2_power)
        for i in range(latents):
            g = theta[i] - slope[i]
            g_scale = g * noise[i] * exp(log_scale[i]) - 1.0
            loc_m[i] = b1 * loc_m[i] + (1.0 - b1) * g
            loc_v[i] = b2 * loc_v[i] + (1.0 - b2) * g * g
            scale_m[i] = b1 * scale_m[i] + (1.0 - b1) * g_scale
            scale_v[i] = b2 * scale_v[i] + (1.0 - b2) * g_scale * g_scale
            loc[i] -= loc_m[i] * m_scale / (math.sqrt(loc_v[i] * v_scale) + EPSILON)
            log_scale[i] -= scale_m[i] * m_scale / (math.sqrt(scale_v[i] * v_scale) + EPSILON)
    result = np.empty((2, latents))
    result[0] = loc
    result[1] = log_scale
    return 0, result, losses
