"""Pareto-smoothed importance sampling against exact tails and ArviZ."""

import numpy as np
import pytest
from scipy import stats

from vicompile.infer.psis import pareto_k, smoothed


def weights_of_a_normal_guide(scale, draws=4000, seed=0):
    z = np.random.default_rng(seed).normal(size=draws) * scale
    return stats.norm.logpdf(z) - stats.norm.logpdf(z, scale=scale)


@pytest.mark.parametrize("shape", [-0.3, 0.2, 0.5, 0.9, 1.4])
def test_the_shape_of_a_pareto_distribution_is_found(shape):
    draws = 200_000
    weights = stats.genpareto.rvs(shape, size=draws, random_state=np.random.default_rng(3)) + 1
    tail = 3 * np.sqrt(draws)
    # The asymptotic variance of the maximum likelihood is (1 + k)^2 / tail; the prior pulls by 10 / (tail + 10).
    bias = 10 / (tail + 10) * (0.5 - shape)
    assert pareto_k(np.log(weights)) - bias == pytest.approx(shape, abs=3 * (1 + shape) / np.sqrt(tail))


@pytest.mark.parametrize("scale", [0.5, 0.95])
def test_a_normal_guide_that_is_too_narrow(scale):
    """The tail of the weights is a power, of shape 1 - scale^2, times a logarithm that finite draws notice."""
    found = np.mean([pareto_k(weights_of_a_normal_guide(scale, 100_000, seed)) for seed in range(10)])
    assert found == pytest.approx(1 - scale**2, abs=0.1)


def test_numbers_of_arviz():
    """az.psislw of ArviZ 0.23.4 for the same log weights."""
    log_w = np.sin(np.arange(1.0, 201.0)) * 3 + np.cos(np.arange(1.0, 201.0) ** 2)
    assert pareto_k(log_w) == pytest.approx(-0.03090542396369198, abs=1e-12)
    found = smoothed(log_w)
    np.testing.assert_allclose(
        found[np.argsort(log_w)[[0, 50, 161, 180, 199]]],
        [-11.147416522342889, -9.04377284085195, -4.838354976626828, -4.1149702802559265, -3.1656901759498854],
        rtol=1e-12,
    )


@pytest.mark.parametrize("draws", [30, 77, 1000, 4001])
@pytest.mark.parametrize("scale", [0.3, 0.7, 1.0, 2.0])
def test_arviz_itself(draws, scale):
    az = pytest.importorskip("arviz")
    if not hasattr(az, "psislw"):
        pytest.skip("ArviZ 1 keeps it elsewhere")
    log_w = stats.t.logpdf(x := np.random.default_rng(draws).normal(size=draws) * scale, 5) - stats.norm.logpdf(
        x, scale=scale
    )
    theirs, k = az.psislw(log_w)
    assert pareto_k(log_w) == pytest.approx(float(k), abs=1e-10)
    np.testing.assert_allclose(smoothed(log_w), theirs, rtol=1e-9, atol=1e-9)


def test_smoothed_weights_sum_to_one_and_keep_their_order():
    log_w = weights_of_a_normal_guide(0.6)
    found = smoothed(log_w)
    assert np.exp(found).sum() == pytest.approx(1)
    assert (np.diff(found[np.argsort(log_w)]) >= -1e-12).all()
    np.testing.assert_allclose(smoothed(log_w + 700.0), found, rtol=1e-9)


def test_smoothed_weights_know_the_variance_better():
    """E z^2 = 1 under the target; over 200 repetitions smoothing brings the estimates nearer to it on average."""
    raw, better = [], []
    for seed in range(200):
        z = np.random.default_rng(seed).normal(size=500) * 0.6
        log_w = stats.norm.logpdf(z) - stats.norm.logpdf(z, scale=0.6)
        weight = np.exp(log_w - log_w.max())
        raw.append(weight @ z**2 / weight.sum())
        better.append(np.exp(smoothed(log_w)) @ z**2)
    assert np.mean((np.array(better) - 1) ** 2) < np.mean((np.array(raw) - 1) ** 2)


def test_equal_weights_have_no_tail():
    rounding = 1e-11 * np.random.default_rng(0).normal(size=1000)
    for log_w in (np.zeros(1000), np.full(1000, -1234.5), 3.0 + rounding):
        assert pareto_k(log_w) == -np.inf
        np.testing.assert_allclose(smoothed(log_w), -np.log(1000), rtol=1e-12)


def test_too_few_weights_are_only_normalised():
    log_w = np.arange(10.0)
    assert pareto_k(log_w) == np.inf
    np.testing.assert_allclose(np.exp(smoothed(log_w)).sum(), 1.0)


def test_weights_of_zero_are_kept():
    log_w = np.append(weights_of_a_normal_guide(0.9, 400), np.full(100, -np.inf))
    found = smoothed(log_w)
    assert np.isfinite(pareto_k(log_w))
    assert (found[400:] == -np.inf).all()
    assert np.exp(found).sum() == pytest.approx(1)


@pytest.mark.parametrize("bad", [[np.nan, 0.0], [np.inf, 0.0], [-np.inf, -np.inf], []])
def test_what_is_no_weight(bad):
    with pytest.raises(ValueError, match="must be numbers or -inf"):
        pareto_k(bad)


def test_another_number_of_axes():
    with pytest.raises(ValueError, match="one axis"):
        smoothed(np.zeros((3, 4)))
