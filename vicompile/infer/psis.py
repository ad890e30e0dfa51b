"""Pareto-smoothed importance sampling: how far the weights of draws may be trusted, and better weights.

Vehtari, Simpson, Gelman, Yao and Gabry (2024), "Pareto Smoothed Importance Sampling", JMLR 25(72). The generalised
Pareto distribution is fitted to the largest weights as in Zhang and Stephens (2009), "A New and Efficient Estimation
Method for the Generalized Pareto Distribution", Technometrics 51(3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..diagnostics import Record

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

FEWEST = 25  # draws of which a tail can be taken
_FEWEST_IN_TAIL = 5  # weights in the tail of which a fit can be made
_PRIOR_DRAWS, _PRIOR_SHAPE = 10, 0.5  # a weak prior on the shape, worth so many weights
_EQUAL = 1e-9  # what log weights differ by where only the rounding of two log densities is left
_SMALLEST = float(np.log(np.finfo(np.float64).tiny))


def pareto_k(log_weights: ArrayLike) -> float:
    """The shape of the generalised Pareto distribution of the largest weights, k-hat.

    log_weights: (draws,), log p - log q up to a constant; -inf is a weight of zero. Below 0.5 the weights have a
    variance; up to 0.7 smoothed weights are good for averages; above 1 they do not even have a mean, and the draws tell
    little about p. -inf for weights that are all equal, inf where the tail (0.2 of the draws, at most three times their
    root) has fewer than five weights to fit.

    Errors: ValueError for another number of axes, nan, +inf, or no finite weight.
    """
    return _tail(_checked(log_weights)).shape


def smoothed(log_weights: ArrayLike) -> NDArray[np.float64]:
    """Log weights whose largest are replaced by the quantiles of the fitted distribution, and that sum to one.

    log_weights: (draws,), as for `pareto_k`. Returns float64 (draws,). Where no tail can be fitted, the weights are
    only normalised. No weight becomes larger than the largest one was.

    Errors: as `pareto_k`.
    """
    log_w = _checked(log_weights)
    tail = _tail(log_w)
    if np.isfinite(tail.shape):
        count = len(tail.places)
        levels = (np.arange(count) + 0.5) / count
        excess = tail.scale * _quantiles(levels, tail.shape)
        log_w[tail.places] = np.minimum(np.log(np.exp(tail.threshold) + excess), 0.0)
    return np.asarray(log_w - np.log(np.exp(log_w).sum()))


class _Tail(Record):
    """The largest weights: where they are, in ascending order, the log weight below them, and the fit."""

    places: NDArray[np.intp]
    threshold: float
    shape: float
    scale: float


def _checked(log_weights: ArrayLike) -> NDArray[np.float64]:
    """Log weights of which the largest is zero."""
    log_w = np.array(log_weights, dtype=np.float64)
    if log_w.ndim != 1:
        raise ValueError(f"`log_weights` must have one axis, the draws; got the shape {log_w.shape}")
    if np.isnan(log_w).any() or not np.isfinite(largest := log_w.max(initial=-np.inf)):
        raise ValueError("`log_weights` must be numbers or -inf, one of them finite; got nan, inf or nothing else")
    log_w -= largest
    log_w[log_w > -_EQUAL] = 0.0
    return log_w


def _tail(log_w: NDArray[np.float64]) -> _Tail:
    count = len(log_w)
    length = int(np.ceil(min(0.2 * count, 3 * np.sqrt(count))))
    order = np.argsort(log_w, kind="stable")
    threshold = max(float(log_w[order[-length - 1]]) if length < count else -np.inf, _SMALLEST)
    excess = np.exp(log_w[order[-length:]]) - np.exp(threshold)
    places, excess = order[-length:][excess > 0], excess[excess > 0]
    if log_w.min() == 0.0:
        return _Tail(places, threshold, -np.inf, 0.0)
    if len(places) < _FEWEST_IN_TAIL:
        return _Tail(places, threshold, np.inf, 0.0)
    return _Tail(places, threshold, *_fit(excess))


def _fit(excess: NDArray[np.float64]) -> tuple[float, float]:
    """Shape and scale of a generalised Pareto distribution for ascending positive numbers.

    Zhang and Stephens' profile likelihood in b = shape / scale, averaged over a grid of quantiles of their prior.
    """
    count = len(excess)
    points = 30 + int(np.sqrt(count))
    quartile = excess[int(count / 4 + 0.5) - 1]
    b = 1 / excess[-1] + (1 - np.sqrt(points / (np.arange(points) + 0.5))) / (3 * quartile)
    shapes = np.log1p(-b[:, None] * excess).mean(axis=1)
    profile = count * (np.log(-b / shapes) - shapes - 1)
    weights = np.exp(profile - profile.max())
    mean = float(b @ weights / weights.sum())
    shape = float(np.log1p(-mean * excess).mean())
    return (count * shape + _PRIOR_DRAWS * _PRIOR_SHAPE) / (count + _PRIOR_DRAWS), -shape / mean


def _quantiles(levels: NDArray[np.float64], shape: float) -> NDArray[np.float64]:
    """Of the generalised Pareto distribution with scale one."""
    if abs(shape) < 1e-12:
        return -np.log1p(-levels)
    return np.asarray(np.expm1(-shape * np.log1p(-levels)) / shape)
