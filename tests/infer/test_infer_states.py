"""States: immutable, equal bit by bit whichever way the steps are cut, and alone in their thread."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from infer_models import coin, coin_guide, location, location_guide

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.diagnostics import CompileError, DataError
from vicompile.infer import SVI, Trace_ELBO, elbo
from vicompile.optim import SGD, Adam, ClippedAdam

DATA = np.random.default_rng(0).normal(3.0, 1.0, 10)


def fresh(optim=None, **kwargs):
    return SVI(location, location_guide, optim or Adam(0.05), **kwargs)


@pytest.mark.parametrize("optim", [Adam(0.05), ClippedAdam({"lr": 0.05, "lrd": 0.99}), SGD(1e-3, momentum=0.5)])
@pytest.mark.parametrize("particles", [1, 3])
def test_updates_steps_and_runs_give_the_same_bits(optim, particles):
    svi = fresh(optim, loss=Trace_ELBO(num_particles=particles))
    whole = svi.run(40, DATA, seed=0)
    state, losses = svi.init(0, DATA), []
    for _ in range(40):
        ahead = svi.evaluate(state, DATA)
        state, loss = svi.update(state, DATA)
        assert ahead == loss
        losses.append(loss)
    assert np.array_equal(losses, whole.losses)
    assert svi.get_params(state) == whole.params
    first = svi.run(15, DATA, seed=0)
    second = svi.run(25, DATA, init_state=first.state)
    assert np.array_equal(np.concatenate([first.losses, second.losses]), whole.losses)
    assert second.params == whole.params
    vc.clear_param_store()
    assert np.array_equal([fresh(optim, loss=Trace_ELBO(particles)).step(DATA)], whole.losses[:1])
    vc.clear_param_store()
    stepping = fresh(optim, loss=Trace_ELBO(num_particles=particles))
    assert [stepping.step(DATA) for _ in range(40)] == losses


def test_a_state_is_immutable_and_gives_the_same_next_state_again():
    svi = fresh()
    state = svi.run(5, DATA).state
    params = state.inner.params.copy()
    one, two = svi.update(state, DATA), svi.update(state, DATA)
    assert one[1] == two[1]
    assert np.array_equal(one[0].inner.params, two[0].inner.params)
    assert np.array_equal(state.inner.params, params)
    with pytest.raises(ValueError, match="read-only"):
        state.inner.params[0] = 1.0
    with pytest.raises(AttributeError):
        state.inner = None


def test_seeds_decide_the_losses():
    svi = fresh()
    runs = [svi.run(5, DATA, seed=seed).losses for seed in (1, 1, 2)]
    assert np.array_equal(runs[0], runs[1])
    assert not np.array_equal(runs[0], runs[2])


def test_result_unpacks_as_in_numpyro():
    params, state, losses = fresh().run(3, DATA)
    assert set(params) == {"loc", "scale"}
    assert state.step == 3
    assert losses.shape == (3,)
    assert fresh().run(0, DATA).losses.shape == (0,)


def test_init_params_are_constrained_values():
    svi = fresh()
    assert svi.get_params(svi.init(0, DATA, init_params={"scale": 2.5}))["scale"] == pytest.approx(2.5, rel=1e-15)
    assert svi.run(0, DATA, init_params={"loc": -1.0}).params["loc"] == -1.0
    with pytest.raises(DataError, match="initial-value-invalid"):
        svi.init(0, DATA, init_params={"scale": -1.0})
    with pytest.raises(ValueError, match="no parameter `locc`"):
        svi.init(0, DATA, init_params={"locc": 1.0})
    with pytest.raises(ValueError, match="shape"):
        svi.init(0, DATA, init_params={"loc": [1.0, 2.0]})
    with pytest.raises(ValueError, match="no parameter `alpha`"):
        elbo({"alpha": 1.0}, location, location_guide, (DATA,))


def test_a_state_of_another_fit_is_refused():
    state = SVI(coin, coin_guide, Adam(0.1)).init(0, np.ones(3))
    with pytest.raises(ValueError, match="the state has no parameter `loc`"):
        fresh().update(state, DATA)


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda svi: svi.init(-1, DATA), ValueError),
        (lambda svi: svi.init(1 << 64, DATA), ValueError),
        (lambda svi: svi.init("0", DATA), TypeError),
        (lambda svi: svi.run(-1, DATA), ValueError),
        (lambda svi: svi.run(2.5, DATA), ValueError),
        (lambda svi: svi.step(DATA, num_particles=0), ValueError),
        (lambda svi: SVI(location, location_guide, Adam), TypeError),
        (lambda svi: SVI(location, location_guide, Adam(0.1), loss=Trace_ELBO), TypeError),
        (lambda svi: Trace_ELBO(num_particles=0), ValueError),
        (lambda svi: svi.run(5), DataError),
        (lambda svi: svi.step(DATA, 3), DataError),
    ],
)
def test_wrong_use_is_told(call, error):
    with pytest.raises(error):
        call(fresh())


def test_a_wrong_pair_is_told_before_any_data():
    with pytest.raises(CompileError):
        SVI(location, coin_guide, Adam(0.1))


def test_a_frozen_parameter_stays_exactly_as_it_is():
    start = {"loc": 0.3, "scale": 0.7}
    svi = SVI(location, location_guide, Adam(lambda name: {"lr": 0.0 if name == "scale" else 0.05}))
    before = svi.init(0, DATA, init_params=start)
    after = svi.run(200, DATA, init_params=start).state
    assert after.inner.params[1] == before.inner.params[1]
    assert after.inner.params[0] != before.inner.params[0]


def test_fits_in_threads_are_as_alone():
    data = [DATA, np.random.default_rng(1).normal(-1.0, 1.0, 17)]
    alone = [fresh().run(3000, one, seed=k) for k, one in enumerate(data)]
    shared, together = fresh(), {}

    def work(k):
        together[k] = shared.run(3000, data[k], seed=k)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for k in range(2):
        assert np.array_equal(together[k].losses, alone[k].losses)
        assert together[k].params == alone[k].params


def test_greek_letters_and_model_parameters():
    """Maximum likelihood: a model whose parameters are learned and whose guide has nothing to draw."""

    def modèle(données):
        μ = vc.param("μ", 0.0)
        σ = vc.param("σ", 1.0, constraint=constraints.positive)
        with vc.plate("n", len(données)):
            vc.sample("y", dist.Normal(μ, σ), obs=données)

    def guide(données):
        pass

    result = SVI(modèle, guide, Adam(0.02)).run(6000, DATA)
    # The objective has no noise here: Adam comes to rest at the optimum.
    assert result.params["μ"] == pytest.approx(DATA.mean(), abs=1e-4)
    assert result.params["σ"] == pytest.approx(DATA.std(), abs=1e-4)


def test_static_kwargs_reach_both_functions():
    def model(data, *, scale):
        mu = vc.sample("mu", dist.Normal(0.0, scale))
        with vc.plate("d", len(data)):
            vc.sample("obs", dist.Normal(mu, 1.0), obs=data)

    def guide(data, *, scale):
        vc.sample("mu", dist.Normal(vc.param("loc", 0.0), scale))

    given = SVI(model, guide, Adam(0.05), scale=2.0).run(5, DATA)
    passed = SVI(model, guide, Adam(0.05)).run(5, DATA, scale=2.0)
    assert np.array_equal(given.losses, passed.losses)
    assert not np.array_equal(given.losses, SVI(model, guide, Adam(0.05)).run(5, DATA, scale=3.0).losses)
