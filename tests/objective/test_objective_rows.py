"""Bounds that are no means: row by row where the rows are independent."""

import numpy as np
import pytest
from objective_models import ByName, Y, log_normal
from scipy.special import logsumexp

import vicompile.distributions as dist
from vicompile import explain
from vicompile.compiler.losses import RenyiELBO
from vicompile.diagnostics import CompileError
from vicompile.handlers import mask, scale
from vicompile.language import factor, param, plate, sample, subsample

THETA, LOC = 0.8, 0.3


def in_plate(y):
    with plate("data", len(y)):
        z = sample("z", dist.Normal(param("theta", THETA), 1.0))
        sample("y", dist.Normal(z, 1.0), obs=y)


def in_plate_guide(y):
    loc = param("loc", LOC)
    with plate("data", len(y)):
        sample("z", dist.Normal(loc, 0.5))


def in_loop(y):
    theta = param("theta", THETA)
    for i in plate("data", len(y)):
        z = sample(f"z_{i}", dist.Normal(theta, 1.0))
        sample(f"y_{i}", dist.Normal(z, 1.0), obs=y[i])


def in_loop_guide(y):
    loc = param("loc", LOC)
    for i in plate("data", len(y)):
        sample(f"z_{i}", dist.Normal(loc, 0.5))


def log_weights(one):
    """(particles, rows)"""
    loc, theta = one.parameter("loc"), one.parameter("theta")
    z = loc + 0.5 * one.noise[:, : len(Y)]
    return log_normal(z, theta, 1.0) + log_normal(Y, z, 1.0) - log_normal(z, loc, 0.5)


def bound(log_w, alpha=0.0):
    return (logsumexp((1.0 - alpha) * log_w, axis=0) - np.log(len(log_w))) / (1.0 - alpha)


@pytest.mark.parametrize("alpha", [0.0, 0.5])
@pytest.mark.parametrize("doubly", [False, True])
@pytest.mark.parametrize(("model", "guide"), [(in_plate, in_plate_guide), (in_loop, in_loop_guide)])
def test_the_bound_is_the_sum_over_the_rows(model, guide, alpha, doubly):
    loss = RenyiELBO(alpha, 3, doubly_reparameterized=doubly)
    one = ByName(model, guide, (Y,), 3, loss=loss, machine_code=False)
    assert one.graph()[0] == pytest.approx(-bound(log_weights(one), alpha).sum(), rel=1e-12)
    # The model's own parameter has the normalised weights.
    v = np.exp((1.0 - alpha) * (log_weights(one) - bound(log_weights(one), alpha))) / 3
    z = one.parameter("loc") + 0.5 * one.noise[:, : len(Y)]
    assert one.gradient("theta") == pytest.approx(-np.sum(v * (z - one.parameter("theta"))), rel=1e-11)
    if doubly:
        by_z = -(z - one.parameter("theta")) + (Y - z) + (z - one.parameter("loc")) / 0.25
        through = alpha * v + (1.0 - alpha) * v * v
        assert one.gradient("loc") == pytest.approx(-np.sum(through * by_z), rel=1e-11)
    else:
        differences = one.central_differences()
        np.testing.assert_allclose(one.graph()[1], differences, rtol=1e-6, atol=1e-7)


def test_what_all_rows_are_scaled_with_multiplies_their_bounds():
    one = ByName(scale(in_plate, 3.0), scale(in_plate_guide, 3.0), (Y,), 3, loss=RenyiELBO(0.0, 3), machine_code=False)
    assert one.graph()[0] == pytest.approx(-3.0 * bound(log_weights(one)).sum(), rel=1e-12)


def test_masked_rows_have_no_part():
    positive = Y > 0.0
    pair = mask(in_plate, positive), mask(in_plate_guide, positive)
    one = ByName(*pair, (Y,), 3, loss=RenyiELBO(0.0, 3), machine_code=False)
    assert one.graph()[0] == pytest.approx(-bound(log_weights(one))[positive].sum(), rel=1e-12)


def with_penalty(y):
    in_plate(y)
    factor("penalty", -1.0)


def test_a_site_outside_makes_them_one():
    one = ByName(with_penalty, in_plate_guide, (Y,), 3, loss=RenyiELBO(0.0, 3), machine_code=False)
    assert one.graph()[0] == pytest.approx(-bound(log_weights(one).sum(1) - 1.0), rel=1e-12)
    other = scale(in_plate, 3.0)
    one = ByName(other, in_plate_guide, (Y,), 3, loss=RenyiELBO(0.0, 3), machine_code=False)
    loc = one.parameter("loc")
    log_q = log_normal(loc + 0.5 * one.noise[:, : len(Y)], loc, 0.5)
    expected = bound((3.0 * (log_weights(one) + log_q) - log_q).sum(1))
    assert one.graph()[0] == pytest.approx(-expected, rel=1e-12)


def test_explain_names_the_plate():
    of = {
        model: explain(model, in_plate_guide, Y, stage="objective", loss=RenyiELBO())
        for model in (in_plate, with_penalty)
    }
    assert "for each row of plate `data`" in of[in_plate]
    assert "row" not in of[with_penalty].splitlines()[0]


def batch(y, k):
    with plate("data", len(y), subsample_size=k):
        z = sample("z", dist.Normal(param("theta", THETA), 1.0))
        sample("y", dist.Normal(z, 1.0), obs=subsample(y, 0))


def batch_guide(y, k):
    loc = param("loc", LOC)
    with plate("data", len(y), subsample_size=k):
        sample("z", dist.Normal(loc, 0.5))


def test_a_batch_estimates_the_bound_without_bias():
    """Mean losses over many batches and draws, against the whole."""
    whole = ByName(in_plate, in_plate_guide, (Y,), 3, spread=0.0, loss=RenyiELBO(0.0, 3))
    part = ByName(batch, batch_guide, (Y, 1), 3, spread=0.0, loss=RenyiELBO(0.0, 3))
    rng = np.random.default_rng(0)

    def losses(one, count):
        found = []
        for _ in range(count):
            one.noise[:, : 2 * one.fit.noise.normal_pairs] = rng.normal(size=(3, 2 * one.fit.noise.normal_pairs))
            one.noise[:, 2 * one.fit.noise.normal_pairs :] = rng.random((3, 2 * one.fit.noise.uniform_pairs))
            found.append(one.native()[0])
        return np.mean(found), np.std(found) / np.sqrt(count)

    (mean, error), (estimate, spread) = losses(whole, 4000), losses(part, 16000)
    assert abs(mean - estimate) < 4.0 * np.hypot(error, spread)
    # Weights of all rows together would be far from it.
    assert abs(mean + bound(log_weights(whole).sum(1))) > 20.0 * np.hypot(error, spread)


def partly(y, k):
    m = sample("m", dist.Normal(0.0, 1.0))
    with plate("data", len(y), subsample_size=k):
        sample("y", dist.Normal(m, 1.0), obs=subsample(y, 0))


def partly_guide(y, k):
    sample("m", dist.Normal(param("loc", LOC), 1.0))


def test_a_batch_of_a_part_of_the_sites_is_refused():
    with pytest.raises(CompileError, match="not every site lies in it alone"):
        ByName(partly, partly_guide, (Y, 2), 3, loss=RenyiELBO(0.0, 3), machine_code=False)
