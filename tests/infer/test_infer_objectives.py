"""Fits and bounds of all objectives against exact posteriors, quadrature and closed forms."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from numpy.polynomial.hermite_e import hermegauss
from scipy import stats

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
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
from vicompile.optim import SGD, Adam, Minimize, schedules

X = np.array([[-0.1, 0.3], [0.0, 0.4], [0.2, 0.5], [0.1, 0.7]])
LOC0, PRIOR, PRECISION = np.array([0.0, 0.5]), np.array([0.1, 0.1]), np.array([6.0, 4.0])
BEST_PRECISION = PRIOR + len(X) * PRECISION
BEST = (PRIOR * LOC0 + PRECISION * X.sum(0)) / BEST_PRECISION, -0.5 * np.log(BEST_PRECISION)


def normal_normal(x):
    loc = vc.sample("loc", dist.Normal(LOC0, PRIOR**-0.5).to_event(1))
    with vc.plate("data", len(x)):
        vc.sample("x", dist.Normal(loc, PRECISION**-0.5).to_event(1), obs=x)


def normal_normal_guide(x):
    loc, log_scale = vc.param("loc_q", BEST[0] + 0.134), vc.param("log_scale_q", BEST[1] - 0.14)
    vc.sample("loc", dist.Normal(loc, np.exp(log_scale)).to_event(1))


def test_the_optimum_is_the_one_of_the_table():
    np.testing.assert_allclose(BEST, [[0.0497925, 0.4751553], [-1.5911059, -1.3894096]], rtol=1e-6)


def mean_log_weight(log_weights):
    return -np.mean(log_weights)


@pytest.mark.parametrize(
    ("loss", "steps"),
    [
        (Trace_ELBO(), 5000),
        (Trace_ELBO(sticking_the_landing=True), 5000),
        (TraceMeanField_ELBO(), 3000),
        (RenyiELBO(num_particles=3), 2500),
        (RenyiELBO(num_particles=3, doubly_reparameterized=True), 2500),
        (RenyiELBO(alpha=0.5, num_particles=3), 2500),
        (CustomELBO(mean_log_weight, num_particles=2, sticking_the_landing=True), 2500),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, ELBO) else str(one),
)
def test_fits_reach_the_posterior(loss, steps):
    """The budget and tolerance of Pyro's own test."""
    found = SVI(normal_normal, normal_normal_guide, Adam(1e-3), loss).run(steps, X, seed=1).params
    assert np.sum((found["loc_q"] - BEST[0]) ** 2) < 0.05
    assert np.sum((found["log_scale_q"] - BEST[1]) ** 2) < 0.05


def without_variance(loss):
    svi = SVI(normal_normal, normal_normal_guide, Adam(0.01), loss)
    params = svi.run(3000, X).params
    return max(np.abs(params["loc_q"] - BEST[0]).max(), np.abs(params["log_scale_q"] - BEST[1]).max())


def test_gradients_without_variance_end_exactly_at_the_posterior():
    assert without_variance(Trace_ELBO(4, sticking_the_landing=True)) < 1e-9
    assert without_variance(RenyiELBO(num_particles=4, doubly_reparameterized=True)) < 1e-9
    assert without_variance(Trace_ELBO(4)) > 1e-4


# -- a bound in one dimension, where everything is known -------------------------------------------------------------

Y = np.array([0.4, 1.1])
Q_LOC, Q_SCALE = 0.3, 0.9


def one_mean(y):
    z = vc.sample("z", dist.Normal(0.0, 1.0))
    vc.sample("y", dist.Normal(z, 1.0).expand([len(y)]).to_event(1), obs=y)


def one_mean_guide(y):
    loc, scale = vc.param("loc", Q_LOC), vc.param("scale", Q_SCALE, constraint=constraints.positive)
    vc.sample("z", dist.Normal(loc, scale))


POSTERIOR = stats.norm(Y.sum() / 3.0, math.sqrt(1.0 / 3.0))
EVIDENCE = stats.multivariate_normal(np.zeros(2), np.eye(2) + 1.0).logpdf(Y)


def log_weights(z):
    return EVIDENCE + POSTERIOR.logpdf(z) - stats.norm(Q_LOC, Q_SCALE).logpdf(z)


def losses(loss, count=20_000):
    """Independent losses at the initial parameters: a learning rate of zero moves nothing."""
    result = SVI(one_mean, one_mean_guide, SGD(0.0), loss).run(count, Y, seed=3)
    assert result.params["loc"] == Q_LOC
    return result.losses


def assert_mean(values, expected):
    assert abs(np.mean(values) - expected) < 4.0 * np.std(values, ddof=1) / math.sqrt(len(values))


def bound_by_quadrature(particles, alpha=0.0):
    nodes, weights = hermegauss(30)
    weights = weights / weights.sum()
    w = np.exp((1.0 - alpha) * log_weights(Q_LOC + Q_SCALE * nodes))
    places = np.array(list(itertools.product(range(len(nodes)), repeat=particles)))
    return np.sum(np.prod(weights[places], 1) * np.log(np.mean(w[places], 1))) / (1.0 - alpha)


@pytest.mark.parametrize("alpha", [0.0, 0.5, 2.0, -1.0])
@pytest.mark.parametrize("particles", [1, 2, 3])
def test_the_mean_of_a_bound_is_its_integral(alpha, particles):
    assert_mean(losses(RenyiELBO(alpha, particles)), -bound_by_quadrature(particles, alpha))


def test_the_importance_weighted_bound_rises_to_the_evidence():
    bounds = [bound_by_quadrature(particles) for particles in (1, 2, 3)]
    assert bounds == sorted(bounds)
    found = [-np.mean(losses(RenyiELBO(0.0, particles), 2000)) for particles in (1, 4, 16, 256)]
    assert found == sorted(found)
    assert bounds[-1] < EVIDENCE
    assert found[-1] == pytest.approx(EVIDENCE, abs=0.01)


@pytest.mark.parametrize("alpha", [-0.5, 0.5])
def test_the_bound_of_many_particles_has_a_closed_form(alpha):
    """Renyi's divergence of two normals (Li and Turner 2016; Gil et al. 2013)."""
    p, q = POSTERIOR.std() ** 2, Q_SCALE**2
    mixed = alpha * p + (1.0 - alpha) * q
    divergence = np.log(math.sqrt(p) / Q_SCALE) + np.log(p / mixed) / (2.0 * (alpha - 1.0))
    divergence += alpha * (Q_LOC - POSTERIOR.mean()) ** 2 / (2.0 * mixed)
    found = losses(RenyiELBO(alpha, 20_000), 50)
    # The bias of a logarithm of a mean falls with the number of particles.
    assert np.mean(found) == pytest.approx(-(EVIDENCE - divergence), abs=4.0 * np.std(found) / math.sqrt(50) + 1e-4)


def test_one_particle_is_the_elbo():
    plain = losses(Trace_ELBO(), 100)
    np.testing.assert_allclose(losses(RenyiELBO(0.7, 1), 100), plain, rtol=1e-12)
    np.testing.assert_allclose(losses(CustomELBO(mean_log_weight), 100), plain, rtol=1e-12)


def test_analytic_divergences_keep_the_mean():
    exact = -bound_by_quadrature(1)
    sampled, analytic = losses(Trace_ELBO()), losses(TraceMeanField_ELBO())
    assert_mean(sampled, exact)
    assert_mean(analytic, exact)


def stan_model(y):
    mu = vc.sample("mu", dist.Normal(1.5, 1.0))
    vc.sample("y", dist.Normal(mu, 1.0).expand([len(y)]).to_event(1), obs=y)


def stan_guide(y):
    vc.sample("mu", dist.Normal(vc.param("m", 1.88), 1.0))


@pytest.mark.parametrize("loss", [Trace_ELBO(10_000), TraceMeanField_ELBO(10_000)])
def test_the_bound_of_stans_unit_test(loss):
    assert elbo({}, stan_model, stan_guide, (np.array([1.6, 1.4]),), loss=loss) == pytest.approx(3.0644771, abs=0.1)


def bernoulli_beta(x):
    p = vc.sample("p", dist.Beta(1.0, 1.0))
    with vc.plate("data", len(x)):
        vc.sample("x", dist.Bernoulli(p), obs=x)


def bernoulli_beta_guide(x):
    a, b = vc.param("log_a", math.log(4.0) + 0.17), vc.param("log_b", math.log(2.0) - 0.143)
    vc.sample("p", dist.Beta(np.exp(a), np.exp(b)))


def test_the_beta_and_its_prior():
    found = SVI(bernoulli_beta, bernoulli_beta_guide, Adam(1e-3, betas=(0.97, 0.999)), TraceMeanField_ELBO(10)).run(
        5000, np.array([0.0, 1.0, 1.0, 1.0])
    )
    assert found.params["log_a"] == pytest.approx(math.log(4.0), abs=0.08)
    assert found.params["log_b"] == pytest.approx(math.log(2.0), abs=0.08)


def test_a_minimiser_takes_other_objectives():
    """With many particles the bound hardly depends on the draws."""
    params = SVI(one_mean, one_mean_guide, Minimize(), TraceMeanField_ELBO(4000)).run(1, Y).params
    assert params["loc"] == pytest.approx(POSTERIOR.mean(), abs=0.1)
    assert params["scale"] == pytest.approx(POSTERIOR.std(), abs=0.1)


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
