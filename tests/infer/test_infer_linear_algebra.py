"""Fits of models with matrix factorisations, against exact answers, and what happens where a factorisation fails."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.linalg
import scipy.optimize

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.infer import SVI, NonFiniteLossError, Trace_ELBO
from vicompile.optim import SGD, Adam

NOISE = 0.2


def empty_guide(x, y):
    pass


def covariance(x, scale, length):
    """Squared exponential, with noise on the diagonal."""
    distance = (x[:, None] - x[None, :]) / length
    position = np.arange(len(x))
    on_diagonal = position[:, None] == position[None, :]
    return scale * np.exp(-0.5 * distance * distance) + np.where(on_diagonal, NOISE**2, 0.0)


def gaussian_process(x, y):
    """Hyperparameters by the exact marginal likelihood."""
    scale = vc.param("scale", 1.0, constraint=constraints.positive)
    length = vc.param("length", 1.0, constraint=constraints.positive)
    factor = np.linalg.cholesky(covariance(x, scale, length))
    z = scipy.linalg.solve_triangular(factor, y, lower=True)
    vc.factor("marginal", -0.5 * np.sum(z * z) - np.sum(np.log(np.diagonal(factor))))


def process_data(n):
    rng = np.random.default_rng(8)
    x = np.sort(rng.uniform(0.0, 5.0, n))
    return x, np.sin(2.0 * x) + NOISE * rng.normal(size=n)


def exact_loss(logarithms, x, y):
    """The negative log marginal likelihood in NumPy, without the constant."""
    matrix = covariance(x, *np.exp(logarithms))
    return 0.5 * y @ np.linalg.solve(matrix, y) + 0.5 * np.linalg.slogdet(matrix)[1]


def test_gaussian_process_reaches_the_optimum():
    x, y = process_data(40)
    best = scipy.optimize.minimize(exact_loss, np.zeros(2), args=(x, y), tol=1e-10)
    svi = SVI(gaussian_process, empty_guide, Adam(0.02))
    result = svi.run(3000, x, y, seed=0, progress_bar=False)
    assert result.losses[-1] == pytest.approx(best.fun, abs=1e-7)
    np.testing.assert_allclose(np.log([result.params["scale"], result.params["length"]]), best.x, atol=1e-4)
    # Another number of rows, below and above the size from which LAPACK does it, is the same kernel.
    for n in (7, 90):
        again = svi.run(1, *process_data(n), seed=0, progress_bar=False)
        assert again.losses[0] == pytest.approx(exact_loss(np.zeros(2), *process_data(n)), rel=1e-11)


def whitened_process(x, y):
    """The function itself as a latent variable, from white noise."""
    z = vc.sample("z", dist.Normal(np.zeros(len(x)), 1.0).to_event(1))
    f = np.linalg.cholesky(covariance(x, 1.0, 0.8)) @ z
    vc.sample("y", dist.Normal(f, 0.3).to_event(1), obs=y)


def test_a_factor_of_data_alone_is_computed_once():
    x, y = process_data(40)
    text = vc.explain(whitened_process, mean_field_guide, x, y, stage="rewrite")
    once, every = text.split("in every step:")
    assert "cholesky(" in once
    assert "cholesky" not in every


def mean_field_guide(x, y):
    loc = vc.param("loc", lambda: np.zeros(len(x)))
    scale = vc.param("z_scale", lambda: 0.5 * np.ones(len(x)), constraint=constraints.positive)
    vc.sample("z", dist.Normal(loc, scale).to_event(1))


def test_whitened_process_finds_the_posterior_mean():
    x, y = process_data(40)
    svi = SVI(whitened_process, mean_field_guide, Adam(0.01), Trace_ELBO(num_particles=100))
    state = svi.run(1000, x, y, seed=1, progress_bar=False).state
    rows = []
    for _ in range(100):
        state = svi.run(20, x, y, init_state=state, progress_bar=False).state
        rows.append(svi.get_params(state))
    factor = np.linalg.cholesky(covariance(x, 1.0, 0.8))
    precision = np.eye(40) + factor.T @ factor / 0.09
    mean = np.linalg.solve(precision, factor.T @ y / 0.09)
    # A mean-field Gaussian has the exact mean of a Gaussian posterior, and its conditional standard deviations.
    for name, exact in (("loc", mean), ("z_scale", np.diag(precision) ** -0.5)):
        values = np.array([row[name] for row in rows])
        # States twenty steps apart are still alike: ten times fewer count as independent.
        error = values.std(axis=0) / np.sqrt(len(rows) / 10)
        assert np.all(np.abs(values.mean(axis=0) - exact) < 5.0 * error + 0.01 * exact.std())


def by_hand(y):
    """A Gaussian with a full 3 x 3 covariance, written out."""
    mean = vc.param("mean", np.zeros(3))
    root = vc.param("root", np.eye(3))
    matrix = root @ root.T
    factor = np.linalg.cholesky(matrix)
    z = scipy.linalg.solve_triangular(factor, np.transpose(y - mean), lower=True)
    vc.factor("density", -0.5 * np.sum(z * z) - len(y) * np.sum(np.log(np.diagonal(factor))))


def by_hand_guide(y):
    pass


def test_covariance_by_maximum_likelihood_is_that_of_the_sample():
    rng = np.random.default_rng(5)
    y = rng.normal(size=(200, 3)) @ np.array([[1.0, 0.0, 0.0], [0.6, 0.8, 0.0], [-0.3, 0.2, 0.5]]).T + [1.0, -2.0, 0.5]
    result = SVI(by_hand, by_hand_guide, Adam(0.005)).run(6000, y, seed=0, progress_bar=False)
    root, sample_covariance = result.params["root"], np.cov(y.T, bias=True)
    best = 0.5 * len(y) * (3.0 + np.linalg.slogdet(sample_covariance)[1])
    assert result.losses.min() == pytest.approx(best, abs=1e-6)
    assert result.losses.min() > best - 1e-8
    np.testing.assert_allclose(root @ root.T, sample_covariance, atol=1e-3)
    np.testing.assert_allclose(result.params["mean"], y.mean(axis=0), atol=1e-3)


def leaves_the_cone(y):
    """Above a = 1 the matrix is indefinite, and the loss asks for a large a."""
    a = vc.param("a", 0.5)
    off = np.array([[0.0, 1.0], [1.0, 0.0]])
    factor = np.linalg.cholesky(np.array([[1.0, 0.0], [0.0, 1.0]]) + a * off)
    vc.factor("fine", -0.1 * a**2)
    vc.factor("density", 10.0 * a + 0.001 * np.sum(np.log(np.diagonal(factor))))


def test_a_failed_factorisation_stops_the_fit_at_its_site():
    with pytest.raises(NonFiniteLossError) as caught:
        SVI(leaves_the_cone, by_hand_guide, SGD(0.02)).run(100, np.zeros(2), seed=0, progress_bar=False)
    assert caught.value.site == "density"
    assert "nan" in str(caught.value)
    assert caught.value.params["a"] > 1.0
    assert np.isfinite(caught.value.losses).all()
