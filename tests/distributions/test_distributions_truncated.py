"""Bounds that are left open, and truncation far out in the tail."""

from __future__ import annotations

import mpmath as mp
import numpy as np
import pytest

import vicompile.distributions as dist

KINDS = [dist.TruncatedNormal, dist.TruncatedCauchy]


@pytest.mark.parametrize("kind", KINDS)
def test_open_bounds(kind: type) -> None:
    whole = {dist.TruncatedNormal: dist.Normal, dist.TruncatedCauchy: dist.Cauchy}[kind](0.3, 1.5)
    x = np.array([-2.0, 0.1, 4.0])
    for one in (kind(0.3, 1.5), kind(0.3, 1.5, low=None, high=None), kind(0.3, 1.5, -np.inf, np.inf)):
        np.testing.assert_array_equal(one.log_prob(x), whole.log_prob(x))
        assert one.support.name == "real"
    above = kind(0.3, 1.5, low=0.0, high=None)
    np.testing.assert_allclose(
        np.exp(above.log_prob(x)), np.where(x > 0, np.exp(whole.log_prob(x)), 0) / (1 - whole.cdf(0))
    )
    below = kind(0.3, 1.5, high=0.0)
    np.testing.assert_allclose(np.exp(below.log_prob(x)), np.where(x < 0, np.exp(whole.log_prob(x)), 0) / whole.cdf(0))


@pytest.mark.parametrize("kind", KINDS)
def test_each_element_has_its_own_bounds(kind: type) -> None:
    low, high = np.array([-np.inf, 0.0, -1.0, -np.inf]), np.array([np.inf, np.inf, 1.0, 2.0])
    x = np.array([0.1, 0.2, 0.3, 0.4])
    each = [kind(0.3, 1.5, a, b).log_prob(v) for a, b, v in zip(low, high, x)]
    np.testing.assert_allclose(kind(0.3, 1.5, low, high).log_prob(x), each, rtol=1e-13)
    draws = kind(0.3, 1.5, low, high).sample((100,), key=1)
    assert ((draws >= low) & (draws <= high)).all()


@pytest.mark.parametrize("kind", KINDS)
def test_wrong_bounds_are_refused(kind: type) -> None:
    with pytest.raises(ValueError, match=r"interval\(2, 1\): the lower bound must be below the upper one"):
        kind(0.0, 1.0, 2.0, 1.0)
    with pytest.raises(ValueError, match="the argument `low` is nan"):
        kind(0.0, 1.0, np.nan)


@pytest.mark.parametrize("bound", [8.0, 30.0, 1e3, 1e5])
def test_moments_and_draws_far_out(bound: float) -> None:
    d = dist.TruncatedNormal(0.0, 1.0, low=bound)
    with mp.workdps(60):
        # Of x - bound: the hazard minus the bound, by the recursion for the moments.
        a = mp.mpf(bound)
        hazard = mp.sqrt(2 / mp.pi) / (mp.exp(a * a / 2) * mp.erfc(a / mp.sqrt(2)))
        excess, variance = float(hazard - a), float(1 + a * hazard - hazard**2)
    assert d.mean - bound == pytest.approx(excess, rel=1e-12, abs=4 * np.spacing(bound))
    assert d.variance == pytest.approx(variance, rel=1e-9)
    mirrored = dist.TruncatedNormal(0.0, 1.0, high=-bound)
    assert mirrored.mean == -d.mean
    x = d.sample((20_000,), key=3)
    assert (x >= bound).all()
    assert abs(x.mean() - bound - excess) < 4 * np.sqrt(variance / 20_000) + np.spacing(bound)
