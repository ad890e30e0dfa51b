"""The posterior of a linear regression with normal priors on coefficients and any prior on the noise, by quadrature."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy import stats


class RegressionPosterior(NamedTuple):
    """Means and covariance of the coefficients; mean and sd of the noise; log evidence; sds of the best mean field."""

    mean: np.ndarray
    covariance: np.ndarray
    noise: tuple[float, float]
    log_evidence: float
    mean_field_sd: np.ndarray


def regression_posterior(x, y, prior_mean, prior_sd, noise_prior, noises) -> RegressionPosterior:
    """x (rows, columns), y (rows,); noises: an even grid that holds all of the posterior of the noise."""
    log_weights, means, covariances = [], [], []
    for noise in noises:
        precision = x.T @ x / noise**2 + np.diag(prior_sd**-2.0)
        covariances.append(np.linalg.inv(precision))
        means.append(covariances[-1] @ (x.T @ y / noise**2 + prior_mean / prior_sd**2))
        marginal = noise**2 * np.eye(len(y)) + (x * prior_sd**2) @ x.T
        evidence = stats.multivariate_normal.logpdf(y, x @ prior_mean, marginal)
        log_weights.append(evidence + noise_prior.logpdf(noise) + np.log(noises[1] - noises[0]))
    log_evidence = float(np.logaddexp.reduce(log_weights))
    weights = np.exp(np.array(log_weights) - log_evidence)
    mean = weights @ np.array(means)
    off = np.array(means) - mean
    covariance = np.einsum("k,kij->ij", weights, np.array(covariances)) + (off.T * weights) @ off
    centre = float(weights @ noises)
    # The best factor of one coefficient, given the others: its own element of the expected precision.
    own = np.diag(x.T @ x) * (weights @ noises**-2.0) + prior_sd**-2.0
    spread = float(np.sqrt(weights @ (noises - centre) ** 2))
    return RegressionPosterior(mean, covariance, (centre, spread), log_evidence, own**-0.5)
