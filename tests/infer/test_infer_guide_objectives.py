"""Automatic guides under the other objectives: gradients through the draws alone, closed forms, rows of a plate."""

import numpy as np
import pytest
from support.stages import Evaluated

import vicompile as vc
import vicompile.distributions as dist
from vicompile.infer import RenyiELBO, Trace_ELBO, TraceMeanField_ELBO
from vicompile.infer.autoguide import (
    AutoDelta,
    AutoIAFNormal,
    AutoLaplaceApproximation,
    AutoMultivariateNormal,
    AutoNormal,
    AutoStructured,
)

COVARIANCE = np.array([[2.0, 0.9], [0.9, 1.0]])
LANDING = Trace_ELBO(num_particles=2, sticking_the_landing=True)


def target():
    x = vc.sample("x", dist.MultivariateNormal(np.array([1.0, -1.0]), COVARIANCE))
    vc.sample("size", dist.LogNormal(0.5 * x[0], 0.3))


def local(y):
    with vc.plate("rows", len(y)):
        size = vc.sample("size", dist.LogNormal(0.0, 0.5))
        vc.sample("y", dist.Normal(size, 1.0), obs=y)


def evaluated(guide, loss, params=None, model=target, args=()):
    one = Evaluated(model, guide, args, particles=loss.num_particles, machine_code=False, loss=loss, seed=2)
    if params is not None:
        one.flat = one.fit.initial_params(params)
    return one


def joint():
    """Mean and Cholesky factor of (x, log size)."""
    factor = np.zeros((3, 3))
    factor[:2, :2] = np.linalg.cholesky(COVARIANCE)
    factor[2] = 0.5 * factor[0]
    factor[2, 2] = 0.3
    return {"auto_loc": np.array([1.0, -1.0, 0.5]), "auto_scale_tril": factor}


STRUCTURED = {
    "x_auto_loc": np.array([1.0, -1.0]),
    "x_auto_scale_tril": np.linalg.cholesky(COVARIANCE),
    "size_auto_loc": 0.0,
    "size_auto_scale": 0.3,
    "size_auto_weight_x": np.array([[0.5, 0.0]]),
}


@pytest.mark.parametrize("loss", [LANDING, RenyiELBO(num_particles=4, doubly_reparameterized=True)])
@pytest.mark.parametrize("kind", ["joint", "structured"])
def test_through_the_draws_alone_nothing_is_left_at_the_posterior(kind, loss):
    if kind == "joint":
        one = evaluated(AutoMultivariateNormal(target), loss, joint())
    else:
        guide = AutoStructured(target, conditionals={"x": "mvn"}, dependencies={"size": ["x"]})
        one = evaluated(guide, loss, STRUCTURED)
    value, gradient = one.graph()
    assert value == pytest.approx(0.0, abs=1e-12)
    np.testing.assert_allclose(gradient, 0.0, atol=1e-12)
    assert np.abs(evaluated(AutoNormal(target), loss).graph()[1]).max() > 0.01


def test_the_mean_of_the_gradient_is_the_same_either_way():
    guide = AutoNormal(target)
    both = []
    for is_sticking in (False, True):
        loss = Trace_ELBO(num_particles=4000, sticking_the_landing=is_sticking)
        both.append(evaluated(guide, loss).graph()[1])
    # Of single draws the gradients have standard deviations of at most 4 here.
    np.testing.assert_allclose(both[0], both[1], atol=5.0 * 4.0 / np.sqrt(4000))


@pytest.mark.parametrize("kind", [AutoIAFNormal, AutoLaplaceApproximation, AutoDelta])
def test_what_cannot_be_told_apart_keeps_its_whole_gradient(kind):
    plain = evaluated(kind(target), Trace_ELBO(num_particles=2))
    sticking = evaluated(kind(target), LANDING)
    np.testing.assert_allclose(sticking.graph()[1], plain.graph()[1], rtol=1e-10)


def test_sites_on_the_real_line_have_divergences_in_closed_form():
    def model(y):
        mu = vc.sample("mu", dist.Normal(0.0, 2.0))
        vc.sample("y", dist.Normal(mu, 1.0), obs=y)

    loss = TraceMeanField_ELBO()
    text = vc.explain(model, AutoNormal(model), 0.3, loss=loss, stage="objective")
    assert "KL(q || p) of `mu`: closed form Normal-Normal" in text


def test_rows_of_a_plate_are_bounded_row_by_row():
    y = np.array([0.4, 1.0, 2.5])
    loss = RenyiELBO(num_particles=3)
    text = vc.explain(local, AutoNormal(local), y, loss=loss, stage="objective")
    assert "for each row of plate `rows`" in text
    one = evaluated(AutoNormal(local), loss, model=local, args=(y,))
    rows = [one_row(one, k, y[k]) for k in range(3)]
    assert one.graph()[0] == pytest.approx(np.sum(rows))


def one_row(one, row, y):
    """The bound of one row by hand, from the same noise."""
    from scipy import stats

    loc, scale = (slot.constraint.transform(slot.read(one.flat))[row] for slot in one.fit.slots)
    free = loc + scale * one.noise[:, row]
    log_p = stats.norm(0.0, 0.5).logpdf(free) + stats.norm(np.exp(free), 1.0).logpdf(y)
    return -np.log(np.mean(np.exp(log_p - stats.norm(loc, scale).logpdf(free))))
