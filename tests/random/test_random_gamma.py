"""Gamma draws from base noise: native and NumPy twins, the right distribution, gradients that fit the draws."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mpmath import mp
from scipy import special, stats

sys.path.insert(0, str(Path(__file__).parents[1] / "mathlib"))
from ulp_harness import evaluate

from vicompile.reference import log_gamma_gradient, log_standard_gamma

CONCENTRATIONS = [1e-3, 0.05, 0.5, 0.999, 1.0, 2.0, 7.9, 15.0, 1e3, 1e6]
N = 40_000


def noise(seed: int) -> tuple[Any, Any, Any]:
    generator = np.random.default_rng(seed)
    return generator.normal(size=N), generator.uniform(size=N), generator.uniform(size=N)


@pytest.mark.parametrize("a", CONCENTRATIONS)
def test_native_and_numpy_agree(a: float) -> None:
    normal, uniform, boost = noise(1)
    got, want = evaluate("log_standard_gamma", a, normal, uniform, boost), log_standard_gamma(a, normal, uniform, boost)
    np.testing.assert_allclose(got, want, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(evaluate("log_gamma_gradient", a, got), log_gamma_gradient(a, got), rtol=1e-11)


@pytest.mark.parametrize("a", CONCENTRATIONS)
def test_distribution(a: float) -> None:
    log_x = log_standard_gamma(a, *noise(2))
    # Where x underflows, its distribution function is x**a / Gamma(a + 1) to full precision.
    tiny = np.exp(np.minimum(a * log_x - special.gammaln(a + 1), 0.0))
    probability = np.where(log_x < -600.0, tiny, special.gammainc(a, np.exp(log_x)))
    assert stats.kstest(probability, "uniform").pvalue > 1e-3


def test_rejections_are_exercised_and_still_exact() -> None:
    # About one in twenty first tries is rejected at concentration 1. What follows a rejection is a fresh start, so
    # those draws alone are gamma distributed again.
    normal, uniform, boost = noise(3)
    d = 2 / 3
    root = 1 + normal / np.sqrt(9 * d)
    with np.errstate(all="ignore"):
        accepted = (root > 0) & (np.log(uniform) < 0.5 * normal**2 + d * (1 - root**3 + 3 * np.log(root)))
    rejected = ~accepted
    assert 0.01 < rejected.mean() < 0.1
    log_x = log_standard_gamma(1.0, normal, uniform, boost)[rejected]
    assert stats.kstest(np.exp(log_x), "expon").pvalue > 1e-3


@pytest.mark.parametrize("a", [1.0, 1.3, 2.0, 7.9, 15.0, 1e3, 1e6])
def test_the_squeeze_accepts_nothing_that_the_test_would_not(a: float) -> None:
    # In exact arithmetic: near 0 both bounds meet like the fourth power of the normal.
    with mp.workdps(40):
        d = mp.mpf(a) - mp.mpf(1) / 3
        for z in [k / mp.mpf(64) for k in range(-160, 160) if k]:
            root, level = 1 + z / mp.sqrt(9 * d), 1 - mp.mpf("0.0331") * z**4
            if root > 0 and level > 0:
                assert mp.log(level) <= z * z / 2 + d * (1 - root**3 + 3 * mp.log(root)), z


@pytest.mark.parametrize("a", [0.2, 1.7, 12.0, 500.0])
def test_gradient_keeps_the_probability_fixed(a: float) -> None:
    log_x = log_standard_gamma(a, *noise(4))[:200]
    h = 1e-4 * a
    probability = special.gammainc(a, np.exp(log_x))
    inner = (probability > 0.01) & (probability < 0.99)
    up, down = (np.log(special.gammaincinv(a + s, probability[inner])) for s in (h, -h))
    np.testing.assert_allclose(log_gamma_gradient(a, log_x[inner]), (up - down) / (2 * h), rtol=1e-5)


def test_it_is_a_pure_function() -> None:
    arguments = (0.8, *(x[:500] for x in noise(5)))
    np.testing.assert_array_equal(log_standard_gamma(*arguments), log_standard_gamma(*arguments))


def test_outside_the_domain() -> None:
    a = np.array([np.nan, -1.0, 0.0, np.inf])
    assert np.isnan(evaluate("log_standard_gamma", a, 0.3, 0.2, 0.3)).all()
    assert np.isnan(log_standard_gamma(a, 0.3, 0.2, 0.3)).all()
    assert np.isnan(log_gamma_gradient(a[:3], 0.3)).all()


def test_shapes_broadcast() -> None:
    a = np.array([[0.5], [3.0]])
    assert log_standard_gamma(a, np.zeros(4), 0.5, 0.5).shape == (2, 4)
    assert log_gamma_gradient(a, np.zeros(4)).shape == (2, 4)
    assert log_gamma_gradient(2.0, 0.5).shape == ()
