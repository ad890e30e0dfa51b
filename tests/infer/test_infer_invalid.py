"""Distributions away from where they are defined: a fit stops there and says why; it never goes on with a number."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from infer_models import location, location_guide

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.diagnostics import DataError
from vicompile.infer import SVI, NonFiniteLossError, elbo
from vicompile.optim import SGD, Adam

ONES, ZEROS = np.ones(3), np.zeros(3)
HALVES = np.full(3, 0.5)


def no_latents(y):
    pass


def bernoulli(y):
    vc.sample("y", dist.Bernoulli(vc.param("t", 0.5)), obs=1.0)


def bernoulli_failure(y):
    vc.sample("y", dist.Bernoulli(vc.param("t", 0.5)), obs=0)


def bernoulli_rows(y):
    with vc.plate("d", len(y)):
        vc.sample("y", dist.Bernoulli(vc.param("t", 0.5) + 0.0 * y), obs=y)


def geometric(y):
    vc.sample("y", dist.Geometric(vc.param("t", 0.5)), obs=0)


def binomial(y):
    vc.sample("y", dist.Binomial(3, vc.param("t", 0.5)), obs=3)


def trials(y):
    vc.sample("y", dist.Binomial(vc.param("t", 3.0), 0.3), obs=y)


def poisson(y):
    vc.sample("y", dist.Poisson(vc.param("t", 0.5)), obs=0)


def gamma(y):
    vc.sample("y", dist.Gamma(vc.param("t", 0.5), 1.0), obs=0.5)


def beta(y):
    vc.sample("y", dist.Beta(vc.param("t", 0.5), vc.param("t2", -0.5)), obs=0.5)


def student(y):
    vc.sample("y", dist.StudentT(vc.param("t", 0.5), y, 1.0), obs=y)


def scale(y):
    vc.sample("y", dist.Laplace(0.0, vc.param("t", 0.5) * ONES), obs=y)


@pytest.mark.parametrize(
    ("model", "value", "data", "argument"),
    [
        (bernoulli, 1.5, ONES, "`probs` of `Bernoulli` is 1.5"),
        (bernoulli_failure, -0.5, ONES, "`probs` of `Bernoulli` is -0.5"),
        (bernoulli_rows, 1.5, ONES, "`probs` of `Bernoulli` is 1.5 at index [0]"),
        (bernoulli_rows, -0.5, ZEROS, "`probs` of `Bernoulli` is -0.5 at index [0]"),
        (geometric, 1.5, ONES, "`probs` of `Geometric` is 1.5"),
        (binomial, 1.5, ONES, "`probs` of `Binomial` is 1.5"),
        (trials, 2.5, ONES, "`total_count` of `Binomial` is 2.5"),
        (poisson, -0.5, ONES, "`rate` of `Poisson` is -0.5"),
        (gamma, -1.5, ONES, "`concentration` of `Gamma` is -1.5"),
        (beta, -1.5, ONES, "`concentration1` of `Beta` is -1.5"),
        (student, -1.5, ONES, "`df` of `StudentT` is -1.5"),
        (scale, -1.5, ONES, "`scale` of `Laplace` is -1.5 at index [0]"),
    ],
)
def test_an_invalid_argument_stops_the_fit_and_is_named(model, value, data, argument):
    with pytest.raises(NonFiniteLossError) as caught:
        SVI(model, no_latents, Adam(0.1)).run(1, data, init_params={"t": value}, progress_bar=False)
    assert caught.value.site == "y"
    assert argument in str(caught.value)


def upper_end(y):
    with vc.plate("d", len(y)):
        vc.sample("y", dist.Uniform(0.0, vc.param("t", 0.5)), obs=y)


def shifted(y):
    vc.sample("y", dist.Exponential(1.0).expand([len(y)]).to_event(1), obs=y - vc.param("t", 0.5))


@pytest.mark.parametrize(
    ("model", "inside", "expected", "outside", "reason"),
    [
        (upper_end, 2.0, 3 * np.log(2.0), 0.25, "the value 0.5 at index [0] is outside the support: interval"),
        (shifted, 0.25, 0.75, 0.75, "the value -0.25 at index [0] is outside the support: nonnegative"),
    ],
)
def test_a_value_that_leaves_the_support_during_the_fit_stops_it(model, inside, expected, outside, reason):
    assert elbo({"t": inside}, model, no_latents, (HALVES,)) == pytest.approx(expected, rel=1e-14)
    assert elbo({"t": outside}, model, no_latents, (HALVES,)) == np.inf
    with pytest.raises(NonFiniteLossError) as caught:
        SVI(model, no_latents, Adam(0.1)).run(1, HALVES, init_params={"t": outside}, progress_bar=False)
    assert reason in str(caught.value)


def exponential_prior(y):
    vc.sample("x", dist.Exponential(1.0))


def point_guide(y):
    vc.sample("x", dist.Delta(vc.param("t", 0.5)))


def test_a_point_mass_does_not_leave_the_models_support():
    assert elbo({"t": 0.5}, exponential_prior, point_guide, (ONES,)) == 0.5
    assert elbo({"t": -0.5}, exponential_prior, point_guide, (ONES,)) == np.inf


def bounded_by_data(y, high):
    vc.sample("y", dist.Uniform(0.0, high), obs=y)


def counted_by_data(y, high):
    vc.sample("y", dist.Binomial(high, vc.param("p", 0.5)), obs=y)


def no_latents_with_bounds(y, high):
    pass


@pytest.mark.parametrize("model", [bounded_by_data, counted_by_data])
def test_supports_that_data_bounds_are_checked_before_the_fit(model):
    y, high = np.array([1, 2, 3]), np.array([4, 2, 2])
    svi = SVI(model, no_latents_with_bounds, Adam(0.1))
    svi.run(1, y, y + 1, progress_bar=False)
    with pytest.raises(DataError, match=r"index \[2\] of site `y` is 3, outside the support: .* 2\)"):
        svi.run(1, y, high, progress_bar=False)


def masked_counts(y, known):
    vc.sample("y", dist.Poisson(vc.param("rate", 2.0)).expand([len(y)]).mask(known), obs=y)


def test_what_a_mask_hides_need_not_lie_in_the_support():
    y = np.array([1, -1, 3])
    svi = SVI(masked_counts, no_latents_with_mask, Adam(0.1))
    hidden = svi.run(1, y, np.array([True, False, True]), progress_bar=False).losses
    assert hidden[0] == pytest.approx(4.0 - 4.0 * np.log(2.0) + np.log(6.0), rel=1e-14)
    with pytest.raises(DataError, match=r"index \[1\] of site `y` is -1"):
        svi.run(1, y, np.array([True, True, True]), progress_bar=False)


def no_latents_with_mask(y, known):
    pass


def test_the_error_of_a_stopped_fit_crosses_processes():
    with pytest.raises(NonFiniteLossError) as caught:
        SVI(location, location_guide, SGD(10.0)).run(1000, ONES, progress_bar=False)
    error, copied = caught.value, pickle.loads(pickle.dumps(caught.value))
    assert (str(copied), copied.step, copied.site, copied.params) == (str(error), error.step, error.site, error.params)
    assert np.array_equal(copied.losses, error.losses)


def test_a_forgotten_number_of_steps_is_told():
    with pytest.raises(ValueError, match=r"num_steps must be a whole number from 0, got an array"):
        SVI(location, location_guide, Adam(0.1)).run(ONES)


def test_what_is_no_state_is_told():
    svi = SVI(location, location_guide, Adam(0.1))
    for call in (
        lambda: svi.update({}, ONES),
        lambda: svi.evaluate(None, ONES),
        lambda: svi.run(1, ONES, init_state=(constraints,)),
    ):
        with pytest.raises(TypeError, match="a state comes from"):
            call()
