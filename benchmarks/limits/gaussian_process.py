"""A Gaussian process by hand: LAPACK's potrf and potri, and vector code over the lower triangle.

With K the covariance, A its inverse and w = A y, the derivative of the log density in any hyperparameter h is half the
sum of (w w' - A) * dK/dh over all elements (Rasmussen and Williams 2006, equation 5.9).
"""

from __future__ import annotations

import ctypes
import math
from typing import Any

import numba
import numpy as np
from numba.extending import get_cython_function_address

from benchmarks.limits.mean_field import HALF_LOG_TWO_PI, adam, draw, noise_buffer, normal_prior
from benchmarks.limits.options import FREE_ORDER, inline_loop
from benchmarks.limits.random_lanes import fill_normals, seeded_lanes
from benchmarks.limits.vector_math import exp

JITTER = 1e-6


def lapack(name: str) -> Any:
    """The routine (uplo, n, a, lda, info) of that name, as SciPy offers it to Cython."""
    signature = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 5)
    return signature(get_cython_function_address("scipy.linalg.cython_lapack", name))


potrf, potri = lapack("dpotrf"), lapack("dpotri")


@inline_loop
def fill_covariance(x: Any, amplitude: float, length: float, noise: float, smooth: Any, matrix: Any) -> None:
    """The lower triangle, by columns: without the noise, and with it."""
    factor, square = -0.5 / (length * length), amplitude * amplitude
    for column in range(x.size):
        place = x[column]
        below, one, other = x[column:], smooth[column, column:], matrix[column, column:]
        for i in range(below.size):
            d = below[i] - place
            one[i] = square * exp(factor * d * d)
            other[i] = one[i]
        other[0] += noise * noise + JITTER


@inline_loop
def multiply(inverse: Any, y: Any, weights: Any) -> None:
    """weights = inverse @ y, from the lower triangle."""
    weights[:] = 0.0
    for column in range(y.size):
        below, right, out = inverse[column, column + 1 :], y[column + 1 :], weights[column + 1 :]
        value, part = y[column], 0.0
        for i in range(below.size):
            out[i] += below[i] * value
            part += below[i] * right[i]
        weights[column] += inverse[column, column] * value + part


@inline_loop
def slopes(x: Any, weights: Any, inverse: Any, smooth: Any, length: float, noise: float, slope: Any) -> None:
    """Derivatives in the logarithms of amplitude, length and noise."""
    in_length = off_diagonal = trace = on_diagonal = 0.0
    for column in range(x.size):
        place, weight = x[column], weights[column]
        near = x[column + 1 :]
        others, below, kernel = weights[column + 1 :], inverse[column, column + 1 :], smooth[column, column + 1 :]
        for i in range(near.size):
            d = near[i] - place
            term = (weight * others[i] - below[i]) * kernel[i]
            off_diagonal += term
            in_length += term * d * d
        own = weight * weight - inverse[column, column]
        trace += own
        on_diagonal += own * smooth[column, column]
    slope[0] = 2.0 * off_diagonal + on_diagonal
    slope[1] = in_length / (length * length)
    slope[2] = trace * noise * noise


# numba cannot keep a function that calls an address: it is compiled in every process.
@numba.njit(error_model="numpy", fastmath=FREE_ORDER, boundscheck=False)
def fit(x: Any, y: Any, steps: int, seed: int, start: Any, settings: Any) -> Any:
    """(status, locations and log scales of shape (2, 3), losses); status 1 where a matrix was not positive definite."""
    latents = 3
    point, moments, powers = start.copy(), np.zeros((4, latents)), np.ones(2)
    scale, theta, slope = np.empty(latents), np.empty(latents), np.empty(latents)
    smooth, matrix, weights = np.empty((x.size, x.size)), np.empty((x.size, x.size)), np.empty(x.size)
    # A row here is a column of LAPACK's.
    lower = np.full(1, ord("L"), dtype=np.uint8)
    order, info = np.full(1, x.size, dtype=np.int32), np.zeros(1, dtype=np.int32)
    state, noise = seeded_lanes(seed), noise_buffer(latents)
    losses = np.empty(steps)
    for step in range(steps):
        fill_normals(state, noise)
        value = draw(point, noise, scale, theta)
        amplitude, length, error = exp(theta[0]), exp(theta[1]), exp(theta[2])
        fill_covariance(x, amplitude, length, error, smooth, matrix)
        potrf(lower.ctypes, order.ctypes, matrix.ctypes, order.ctypes, info.ctypes)
        if info[0] != 0:
            return 1, point, losses
        log_determinant = 0.0
        for i in range(x.size):
            log_determinant += math.log(matrix[i, i])
        potri(lower.ctypes, order.ctypes, matrix.ctypes, order.ctypes, info.ctypes)
        multiply(matrix, y, weights)
        square = 0.0
        for i in range(x.size):
            square += weights[i] * y[i]
        value -= 0.5 * square + log_determinant + x.size * HALF_LOG_TWO_PI
        slopes(x, weights, matrix, smooth, length, error, slope)
        losses[step] = -(value + normal_prior(theta, slope, 0.0, 0, latents))
        adam(point, slope, noise, scale, moments, settings, powers)
    return 0, point, losses
