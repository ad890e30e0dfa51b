"""The implicit gradient of gamma draws against mpmath, over concentrations and far into both tails."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from fit_gamma_table import scaled_gradient
from mpmath import mp
from ulp_harness import evaluate

TAILS = [1e-12, 1e-6, 1e-3, 0.1, 0.4]


def exact(a: float, log_x: float) -> Any:
    """By the series with positive terms where x is below a, else by quadrature."""
    with mp.workdps(40):
        if log_x > np.log(min(a, 30.0) + 0.5):
            return scaled_gradient(a, log_x) / mp.mpf(a)
        a, log_x = mp.mpf(a), mp.mpf(log_x)
        x = mp.exp(log_x)
        weight, score = 1 / a, mp.digamma(a + 1) - log_x
        total, n = weight * score, 0
        while weight > mp.mpf(10) ** -60 or n < x:
            n += 1
            weight, score = weight * x / (a + n), score + 1 / (a + n)
            total += weight * score
        return total


def draws(a: float) -> Any:
    """Logarithms of quantiles on both sides, also where the quantile underflows."""
    from scipy import special, stats

    lower = stats.gamma.ppf(TAILS, a)
    logs = np.where(lower > 1e-290, np.log(np.maximum(lower, 1e-290)), (np.log(TAILS) + special.gammaln(a + 1)) / a)
    return np.concatenate([logs, np.log(np.maximum(stats.gamma.isf(TAILS, a), 1e-290))])


@pytest.mark.parametrize(
    "a", [1e-5, 1e-3, 0.02, 0.3, 1.0, 1.5, np.nextafter(1.5, 2), 2.7, 7.99, 8.0, 15.0, 60.0, 1e3, 1e5, 1e6, 1e9]
)
def test_against_mpmath(a: float) -> None:
    log_x = draws(a)
    got = evaluate("log_gamma_gradient", a, log_x)
    for x, g in zip(log_x.tolist(), got.tolist()):
        assert abs(g / exact(a, x) - 1) < 1e-12, x


@pytest.mark.parametrize(
    "edge", [0.0, 3.4375, np.log(8.0) - 3.0, np.log(8.0) + 1.7, np.log(8.0) - 2.125, np.log(8.0) + 2.8125]
)
@pytest.mark.parametrize("a", [0.7, 1.5, 4.0, np.nextafter(8.0, 0), 8.0])
def test_pieces_meet(a: float, edge: float) -> None:
    log_x = np.nextafter(np.array([edge, edge, edge]), [-99.0, edge, 99.0])
    got = evaluate("log_gamma_gradient", a, log_x)
    np.testing.assert_allclose(got, float(exact(a, edge)), rtol=1e-12)


def test_very_far_out() -> None:
    for a, log_x in [(3.0, 9.0), (0.5, 100.0), (1e6, np.log(6e6)), (1e5, np.log(1e3)), (20.0, -200.0), (1e-3, -1e6)]:
        got = evaluate("log_gamma_gradient", np.array([a]), np.array([log_x]))[0]
        assert abs(got / exact(a, log_x) - 1) < 1e-12, (a, log_x)


def test_outside_the_domain() -> None:
    a = np.array([np.nan, -1.0, 0.0, 1.0])
    assert np.isnan(evaluate("log_gamma_gradient", a, np.array([0.3, 0.3, 0.3, np.nan]))).all()
