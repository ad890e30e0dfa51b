"""Settings of objectives: weights of the divergence over the steps, losses of one's own, parts, reports."""

from __future__ import annotations

import math

import numpy as np
import pytest
from objective_targets import POSTERIOR, Q_SCALE, Y, one_mean, one_mean_guide

import vicompile as vc
import vicompile.distributions as dist
from vicompile.infer import (
    ELBO,
    SVI,
    CustomELBO,
    NonFiniteLossError,
    RenyiELBO,
    Trace_ELBO,
    TraceMeanField_ELBO,
    elbo,
    elbo_by_site,
)
from vicompile.infer.autoguide import AutoNormal
from vicompile.optim import SGD, Adam, Minimize, schedules


def mean_log_weight(log_weights):
    return -np.mean(log_weights)


# -- the weight of the divergence over the steps ---------------------------------------------------------------------


def ramp(step):
    return min(1.0, step / 10.0)


@pytest.mark.parametrize("kind", [Trace_ELBO, TraceMeanField_ELBO])
@pytest.mark.parametrize("schedule", [ramp, schedules.linear(0.0, 1.0, 10)], ids=["function", "schedule"])
def test_a_weight_that_depends_on_the_step(kind, schedule):
    def losses_of(weight, seed=5):
        return SVI(one_mean, one_mean_guide, SGD(0.0), kind(3, kl_weight=weight)).run(15, Y, seed=seed).losses

    found = losses_of(schedule)
    for step in range(15):
        assert found[step] == pytest.approx(losses_of(ramp(step))[step], rel=1e-14)
    assert losses_of(1.0)[14] == pytest.approx(losses_of(None)[14], rel=1e-14)


def test_all_ways_of_stepping_have_the_weight_of_the_step():
    loss = Trace_ELBO(2, kl_weight=ramp)
    whole = SVI(one_mean, one_mean_guide, Adam(0.1), loss).run(12, Y, seed=0).losses
    svi = SVI(one_mean, one_mean_guide, Adam(0.1), loss)
    state = svi.init(0, Y)
    for step in range(12):
        assert svi.evaluate(state, Y) == whole[step]
        state, found = svi.update(state, Y)
        assert found == whole[step]
    vc.clear_param_store()
    vc.set_rng_seed(0)
    svi = SVI(one_mean, one_mean_guide, Adam(0.1), loss)
    assert [svi.step(Y) for _ in range(12)] == list(whole)


def test_an_evaluation_has_the_weight_of_the_next_step():
    def evaluations(weight):
        vc.clear_param_store()
        vc.set_rng_seed(0)
        svi = SVI(one_mean, one_mean_guide, SGD(0.0), Trace_ELBO(kl_weight=weight))
        for _ in range(3):
            svi.step(Y)
        return [svi.evaluate_loss(Y) for _ in range(2)]

    found = evaluations(ramp)
    assert found[0] != found[1]
    assert found == pytest.approx(evaluations(0.3), rel=1e-14)


def below_zero(step):
    return 1.0 - step


def test_a_weight_below_zero_is_told_before_the_first_step():
    svi = SVI(one_mean, one_mean_guide, Adam(0.1), Trace_ELBO(kl_weight=below_zero))
    with pytest.raises(
        ValueError, match="the schedule of `kl_weight` gives -1 at step 2, expected a finite number from 0"
    ):
        svi.run(10, Y)


def falling_guide(y):
    vc.sample("z", dist.Normal(0.3, vc.param("s", 0.5)))


def test_a_step_that_fails_is_replayed_with_its_weight():
    with pytest.raises(NonFiniteLossError, match="`scale` of `Normal` is -") as raised:
        SVI(one_mean, falling_guide, SGD(0.5), Trace_ELBO(kl_weight=ramp)).run(100, Y)
    assert raised.value.step > 0


# -- losses of one's own ---------------------------------------------------------------------------------------------

BETA = 4.0


def beta_vae(log_likelihood, log_prior, log_guide):
    return -np.mean(log_likelihood - BETA * (log_guide - log_prior))


def tail_adaptive(log_weights):
    reached = np.mean(log_weights[None, :] >= log_weights[:, None], 1)
    weights = vc.stop_gradient((1.0 / reached) / np.sum(1.0 / reached))
    return -np.sum(weights * log_weights)


def test_a_weight_of_the_divergence_in_two_spellings(monkeypatch):
    for beta in (4.0, 0.5):
        monkeypatch.setitem(globals(), "BETA", beta)
        mine = elbo({}, one_mean, one_mean_guide, (Y,), loss=CustomELBO(beta_vae, 8))
        assert mine == pytest.approx(
            elbo({}, one_mean, one_mean_guide, (Y,), loss=Trace_ELBO(8, kl_weight=beta)), rel=1e-13
        )


def test_another_number_outside_of_the_loss_compiles_nothing(monkeypatch):
    svi = SVI(one_mean, one_mean_guide, Adam(0.01), CustomELBO(beta_vae, 8))
    first = svi.run(3, Y).losses
    count = vc.compile_count()
    monkeypatch.setitem(globals(), "BETA", 1.0)
    assert svi.run(3, Y).losses[0] == pytest.approx(
        elbo({}, one_mean, one_mean_guide, (Y,), num_particles=8), rel=1e-13
    )
    assert vc.compile_count() == count
    assert first[0] > svi.run(3, Y).losses[0]


def test_tail_adaptive_weights_find_the_posterior():
    loss = CustomELBO(tail_adaptive, num_particles=8, sticking_the_landing=True)
    params = SVI(one_mean, one_mean_guide, Adam(0.02), loss).run(2000, Y).params
    assert params["loc"] == pytest.approx(POSTERIOR.mean(), abs=1e-6)
    assert params["scale"] == pytest.approx(POSTERIOR.std(), abs=1e-6)


def first(log_weights):
    return log_weights[0]


def last(log_weights):
    return log_weights[-1]


def largest_and_spread(log_likelihood, log_prior, log_guide):
    log_weights = log_likelihood + log_prior - log_guide
    return -np.max(log_weights) - np.std(log_weights)


def test_a_loss_is_the_function_of_the_log_weights_on_numpy():
    def value(loss):
        return elbo({}, one_mean, one_mean_guide, (Y,), loss=CustomELBO(loss, 2))

    both = np.array([value(first), value(last)])
    assert both[0] != both[1]
    np.testing.assert_allclose(value(tail_adaptive), tail_adaptive(both), rtol=1e-13)
    np.testing.assert_allclose(value(largest_and_spread), largest_and_spread(both, 0.0, 0.0), rtol=1e-13)


# -- the parts of the bound ------------------------------------------------------------------------------------------


def with_factor(y):
    z = vc.sample("z", dist.Normal(0.0, 1.0))
    vc.sample("y", dist.Normal(z, 1.0).expand([len(y)]).to_event(1), obs=y)
    vc.factor("penalty", -0.1 * z * z)


@pytest.mark.parametrize("loss", [Trace_ELBO(5), TraceMeanField_ELBO(5), Trace_ELBO(5, sticking_the_landing=True)])
def test_the_sites_add_up_to_the_bound(loss):
    parts = elbo_by_site({"loc": 0.1}, with_factor, one_mean_guide, (Y,), loss=loss, seed=4)
    assert list(parts) == ["z", "y", "penalty"]
    assert sum(parts.values()) == pytest.approx(
        -elbo({"loc": 0.1}, with_factor, one_mean_guide, (Y,), loss=loss, seed=4)
    )
    if isinstance(loss, TraceMeanField_ELBO):
        divergence = dist.kl_divergence(dist.Normal(0.1, Q_SCALE), dist.Normal(0.0, 1.0))
        assert parts["z"] == pytest.approx(-divergence, rel=1e-12)


def test_the_sites_add_up_where_the_seed_decides_where_a_guide_starts():
    guide = AutoNormal(with_factor)
    parts = elbo_by_site({}, with_factor, guide, (Y,), seed=4)
    assert sum(parts.values()) == pytest.approx(-elbo({}, with_factor, guide, (Y,), seed=4), rel=1e-12)


# -- reports ---------------------------------------------------------------------------------------------------------


def overflowing(y):
    z = vc.sample("z", dist.Normal(0.0, 1.0))
    vc.sample("y", dist.Normal(np.exp(800.0 * (z + 3.0)), 1.0).expand([len(y)]).to_event(1), obs=y)


@pytest.mark.parametrize("loss", [RenyiELBO(0.0, 3), TraceMeanField_ELBO(3), CustomELBO(mean_log_weight, 3)])
def test_a_loss_that_is_not_finite_names_its_site(loss):
    with pytest.raises(NonFiniteLossError, match="it begins at site `y` of the model"):
        SVI(overflowing, one_mean_guide, Adam(0.1), loss).run(10, Y)


def narrow_guide(y):
    vc.sample("z", dist.Normal(vc.param("loc", 0.0), vc.param("s", 0.0)))


def test_a_divergence_that_is_not_finite_names_its_site():
    with pytest.raises(NonFiniteLossError, match="`scale` of `Normal` is 0"):
        SVI(one_mean, narrow_guide, Adam(0.1), TraceMeanField_ELBO()).run(10, Y)


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: RenyiELBO(1.0), ValueError, "use Trace_ELBO"),
        (lambda: RenyiELBO(math.inf), ValueError, "finite number"),
        (lambda: RenyiELBO(0.0, 0), ValueError, "num_particles must be a whole number from 1"),
        (lambda: Trace_ELBO(kl_weight=-1.0), ValueError, "kl_weight"),
        (lambda: TraceMeanField_ELBO(kl_weight=math.nan), ValueError, "kl_weight"),
        (lambda: Trace_ELBO(kl_weight="half"), TypeError, "`kl_weight` must be a number"),
        (lambda: CustomELBO(3.0), TypeError, "a function of any of log_likelihood"),
        (lambda: CustomELBO(lambda elbos: elbos), TypeError, "the argument `elbos` is unknown"),
        (lambda: SVI(one_mean, one_mean_guide, Adam(0.1), ELBO()), TypeError, "loss must be an objective"),
        (
            lambda: SVI(one_mean, one_mean_guide, Minimize(), Trace_ELBO(sticking_the_landing=True)),
            ValueError,
            "leave out sticking_the_landing",
        ),
        (lambda: SVI(one_mean, one_mean_guide, Adam(0.1), RenyiELBO), TypeError, "the class RenyiELBO; call it"),
    ],
)
def test_wrong_settings_are_told(make, error, says):
    with pytest.raises(error, match=says):
        make()
