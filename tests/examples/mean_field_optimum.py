"""The best mean-field Gaussian fits of the examples, computed without vicompile and without random numbers.

For these models the evidence lower bound under independent normals (log-normals for scales) has a closed form, up to
integrals over one standard normal, done by Gauss-Hermite quadrature. SciPy maximises it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import minimize

_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(61)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


def normal_mean(function: Callable[[np.ndarray], np.ndarray], loc: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """E f(loc + scale * e), e standard normal, elementwise."""
    return function(np.asarray(loc)[..., None] + np.asarray(scale)[..., None] * _NODES) @ _WEIGHTS


def normal_prior(loc: np.ndarray, scale: np.ndarray, prior_sd: float) -> float:
    """E log Normal(0, prior_sd) + entropy, up to constants."""
    return float(np.sum(-0.5 * (loc**2 + scale**2) / prior_sd**2 + np.log(scale)))


def half_cauchy_prior(loc: float, scale: float, prior_scale: float) -> float:
    """E log HalfCauchy(prior_scale) of a log-normal + its entropy, up to constants."""
    expected = normal_mean(lambda t: -np.log1p((np.exp(t) / prior_scale) ** 2), np.array(loc), np.array(scale))
    return float(expected + loc + np.log(scale))


def maximise(
    elbo: Callable[[np.ndarray, np.ndarray], float], loc: np.ndarray, scale: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The locs and scales with the greatest bound, from a first guess."""
    n = len(loc)
    unit = np.concatenate([scale, np.ones(n)])

    def loss(u: np.ndarray) -> float:
        return -elbo(loc + unit[:n] * u[:n], scale * np.exp(u[n:]))

    u = np.zeros(2 * n)
    for _ in range(3):  # restarts: the differences' noise ends a line search early
        u = minimize(loss, u, method="BFGS", options={"gtol": 1e-7, "maxiter": 10_000}).x
    return loc + unit[:n] * u[:n], scale * np.exp(u[n:])


def kidiq(x: np.ndarray, score: np.ndarray, prior_sd: float) -> tuple[np.ndarray, np.ndarray]:
    """intercept, slope, log sigma."""

    def elbo(loc: np.ndarray, scale: np.ndarray) -> float:
        precision = np.exp(-2.0 * loc[2] + 2.0 * scale[2] ** 2)
        residual = score - loc[0] - loc[1] * x
        square = np.sum(residual**2 + scale[0] ** 2 + (scale[1] * x) ** 2)
        likelihood = -len(x) * loc[2] - 0.5 * precision * square
        return float(likelihood) + normal_prior(loc[:2], scale[:2], prior_sd) + half_cauchy_prior(loc[2], scale[2], 2.5)

    slope, intercept = np.polyfit(x, score, 1)
    noise = float(np.std(score - intercept - slope * x))
    scales = noise / np.sqrt([len(x), np.sum(x**2)])
    return maximise(elbo, np.array([intercept, slope, np.log(noise)]), np.array([*scales, 1.0 / np.sqrt(2.0 * len(x))]))


def eight_schools(y: np.ndarray, sigma: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """z[0..7], mu, log tau."""

    def elbo(loc: np.ndarray, scale: np.ndarray) -> float:
        z, mu, log_tau = loc[:8], loc[8], loc[9]
        tau, tau_square = np.exp(log_tau + 0.5 * scale[9] ** 2), np.exp(2.0 * log_tau + 2.0 * scale[9] ** 2)
        spread = scale[8] ** 2 + tau_square * (z**2 + scale[:8] ** 2) - (tau * z) ** 2
        likelihood = -0.5 * np.sum(((y - mu - tau * z) ** 2 + spread) / sigma**2)
        priors = normal_prior(z, scale[:8], 1.0) + normal_prior(mu, scale[8], 5.0)
        return float(likelihood) + priors + half_cauchy_prior(log_tau, scale[9], 5.0)

    return maximise(elbo, np.array([*np.zeros(8), 4.0, 1.0]), np.array([*np.ones(8), 3.0, 1.0]))


def logistic_regression(x: np.ndarray, y: np.ndarray, prior_sd: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights, one per column, and their scales; with gradients, because there are many."""
    columns = x.shape[1]

    def loss(u: np.ndarray) -> tuple[float, np.ndarray]:
        loc, scale = u[:columns], np.exp(u[columns:])
        eta, spread = x @ loc, np.sqrt(x**2 @ scale**2)
        expected = normal_mean(lambda t: np.logaddexp(0.0, t), eta, spread)
        first = normal_mean(lambda t: 1.0 / (1.0 + np.exp(-t)), eta, spread)
        second = normal_mean(lambda t: 0.25 / np.cosh(0.5 * t) ** 2, eta, spread)
        bound = np.sum(y * eta - expected) + np.sum(-0.5 * (loc**2 + scale**2) / prior_sd**2 + np.log(scale))
        by_loc = x.T @ (y - first) - loc / prior_sd**2
        by_log_scale = -(scale**2) * (x.T**2 @ second) - scale**2 / prior_sd**2 + 1.0
        return -float(bound), -np.concatenate([by_loc, by_log_scale])

    start = np.concatenate([np.zeros(columns), np.full(columns, -1.0)])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 10_000, "ftol": 1e-15, "gtol": 1e-8})
    return found.x[:columns], np.exp(found.x[columns:])
