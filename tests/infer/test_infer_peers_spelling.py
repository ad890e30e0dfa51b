"""Programs as users of Pyro and NumPyro write them: the names and the ways of saying it are understood."""

import numpy as np
import pytest
from scipy import stats

import vicompile as numpyro
import vicompile as pyro
import vicompile.distributions as dist
from vicompile import constraints, poutine
from vicompile.infer import SVI, Trace_ELBO
from vicompile.infer.reparam import LocScaleReparam, TransformReparam

EFFECTS = np.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0])
ERRORS = np.array([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0])
FLIPS = [1.0] * 6 + [0.0] * 4


@pytest.fixture(autouse=True)
def fresh():
    pyro.clear_param_store()
    pyro.set_rng_seed(0)
    yield
    pyro.clear_param_store()


def losses(model, guide, *args, steps=3, **kwargs):
    return SVI(model, guide, pyro.optim.Adam({"lr": 0.01}), Trace_ELBO()).run(
        steps, *args, seed=0, progress_bar=False, **kwargs
    ).losses  # fmt: skip


# -- a coin, in the steps of Pyro's first tutorials


def coin(data):
    f = pyro.sample("latent_fairness", dist.Beta(10.0, 10.0))
    for i in range(len(data)):
        pyro.sample("obs_{}".format(i), dist.Bernoulli(f), obs=data[i])  # noqa: UP032


def coin_in_a_plate(data):
    f = pyro.sample("latent_fairness", dist.Beta(10.0, 10.0))
    with pyro.plate("observe_data", size=len(data), use_cuda=False, device=None):
        pyro.sample("obs", dist.Bernoulli(f), obs=data)


def coin_with_hints(data):
    f = pyro.sample("latent_fairness", dist.Beta(10.0, 10.0), infer={"baseline": {"use_decaying_avg_baseline": True}})
    for i in pyro.plate("data_loop", len(data)):
        pyro.sample(f"obs_{i}", dist.Bernoulli(f), obs=data[i], infer={"is_auxiliary": False})


def coin_guide(data):
    alpha_q = pyro.param("alpha_q", 15.0, constraint=constraints.positive)
    beta_q = pyro.param("beta_q", lambda: np.array(15.0), constraint=dist.constraints.positive)
    pyro.sample("latent_fairness", dist.Beta(alpha_q, beta_q))


@pytest.mark.parametrize("model", [coin, coin_in_a_plate, coin_with_hints])
def test_a_coin(model):
    pyro.enable_validation(True)
    optimizer = pyro.optim.Adam({"lr": 0.005, "betas": (0.90, 0.999)})
    svi = pyro.infer.SVI(model=model, guide=coin_guide, optim=optimizer, loss=pyro.infer.Trace_ELBO(num_particles=7))
    for _ in range(1000):
        svi.step(FLIPS if model is not coin_in_a_plate else np.array(FLIPS))
    a, b = pyro.param("alpha_q").item(), pyro.param("beta_q").item()
    # The posterior is Beta(16, 14); the gradient is noisy at the end.
    assert abs(a / (a + b) - 16.0 / 30.0) < 0.03


def minibatches(data, k):
    f = pyro.sample("latent_fairness", dist.Beta(10.0, 10.0))
    with pyro.plate("data", len(data), subsample_size=min(k, len(data))) as ind:
        pyro.sample("obs", dist.Bernoulli(f), obs=data[ind])


def a_quarter(data, k):
    f = pyro.sample("latent_fairness", dist.Beta(10.0, 10.0))
    with pyro.plate("data", len(data), subsample_size=max(1, len(data) // 4)) as ind:
        pyro.sample("obs", dist.Bernoulli(f), obs=data[ind])


def minibatch_guide(data, k):
    a = pyro.param("a", 15.0, constraint=constraints.positive)
    pyro.sample("latent_fairness", dist.Beta(a, a))


def test_a_batch_size_that_is_the_smaller_of_two_lengths():
    data = np.array(FLIPS)
    first = losses(minibatches, minibatch_guide, data, 4)
    before = pyro.compile_count()
    # Of one value all batches have the same sum: what is drawn does not matter, and the scaled sum is that of all.
    ones = np.ones(12)
    small, large = losses(minibatches, minibatch_guide, ones, 5), losses(minibatches, minibatch_guide, ones, 99)
    np.testing.assert_allclose(small, large, rtol=1e-12)
    assert pyro.compile_count() == before
    assert np.isfinite(first).all()
    assert np.isfinite(losses(a_quarter, minibatch_guide, data, 0)).all()
    with pytest.raises(pyro.DataError, match="`data`"):
        losses(minibatches, minibatch_guide, data, 0)


def test_a_batch_size_that_is_computed_otherwise():
    def model(data, k):
        f = pyro.sample("latent_fairness", dist.Beta(10.0, 10.0))
        with pyro.plate("data", len(data), subsample_size=int(len(data) * 0.25)) as ind:
            pyro.sample("obs", dist.Bernoulli(f), obs=data[ind])

    with pytest.raises(pyro.CompileError, match=r"by \+, \*, //, min and max"):
        losses(model, minibatch_guide, np.array(FLIPS), 3)


# -- a scale whose weight is not known


def weigh(guess):
    weight = pyro.sample("weight", dist.Normal(guess, 1.0))
    return pyro.sample("measurement", dist.Normal(weight, 0.75))


def weigh_guide(guess):
    a = pyro.param("a", np.array(guess))
    b = pyro.param("b", np.array(1.0), constraint=constraints.positive)
    return pyro.sample("weight", dist.Normal(a, np.abs(b)))


def weigh_later(measurement, guess):
    return pyro.condition(weigh, data={"measurement": measurement})(guess)


def weigh_later_guide(measurement, guess):
    pyro.sample("weight", dist.Normal(pyro.param("a", 8.5), pyro.param("b", 1.0, constraint=constraints.positive)))


def test_conditioning():
    conditioned = pyro.condition(weigh, data={"measurement": np.array(9.5)})
    optimizer = pyro.optim.SGD({"lr": 0.001, "momentum": 0.1})
    svi = pyro.infer.SVI(conditioned, weigh_guide, optimizer, loss=pyro.infer.Trace_ELBO())
    for _ in range(2500):
        svi.step(8.5)
    # In closed form: precision 1 + 1 / 0.75 ** 2.
    assert abs(pyro.param("a").item() - (8.5 + 9.5 / 0.5625) / (1.0 + 1.0 / 0.5625)) < 0.1
    assert abs(pyro.param("b").item() - 0.6) < 0.1
    np.testing.assert_allclose(
        losses(weigh_later, weigh_later_guide, 9.5, 8.5)[0], losses(conditioned, weigh_guide, 8.5)[0], rtol=1e-12
    )
    assert pyro.do(weigh, data={"weight": 3.0}).__name__ == "weigh"


# -- eight schools


def schools(J, sigma, y=None):
    mu = numpyro.sample("mu", dist.Normal(0, 5))
    tau = numpyro.sample("tau", dist.HalfCauchy(5))
    with numpyro.plate("J", J):
        theta = numpyro.sample("theta", dist.Normal(mu, tau))
        numpyro.sample("obs", dist.Normal(theta, sigma), obs=y)


def schools_transformed(J, sigma, y=None):
    mu = numpyro.sample("mu", dist.Normal(0, 5))
    tau = numpyro.sample("tau", dist.HalfCauchy(5))
    with numpyro.plate("J", J):
        with numpyro.handlers.reparam(config={"theta": TransformReparam()}):
            moved = dist.transforms.AffineTransform(mu, tau)
            theta = numpyro.sample("theta", dist.TransformedDistribution(dist.Normal(0.0, 1.0), moved))
        numpyro.sample("obs", dist.Normal(theta, sigma), obs=y)


def schools_guide_for(name):
    def guide(J, sigma, y=None):
        numpyro.sample("mu", dist.Normal(numpyro.param("mu_loc", 0.0), 1.0))
        numpyro.sample("tau", dist.LogNormal(numpyro.param("tau_loc", 0.0), 0.5))
        with numpyro.plate("J", J):
            numpyro.sample(name, dist.Normal(numpyro.param("loc", np.zeros(J)), 1.0))

    return guide


@poutine.reparam(config={"theta": LocScaleReparam(centered=0)})
def schools_decorated(J, sigma, y=None):
    mu = numpyro.sample("mu", dist.Normal(0, 5))
    tau = numpyro.sample("tau", dist.HalfCauchy(5))
    with numpyro.plate("J", J):
        theta = numpyro.sample("theta", dist.Normal(mu, tau))
        numpyro.sample("obs", dist.Normal(theta, sigma), obs=y)


def test_eight_schools():
    data = (8, ERRORS)
    written = losses(schools_decorated, schools_guide_for("theta_decentered"), *data, y=EFFECTS)
    around = poutine.reparam(schools, config={"theta": LocScaleReparam(centered=0.0)})
    np.testing.assert_allclose(
        losses(around, schools_guide_for("theta_decentered"), *data, y=EFFECTS), written, rtol=1e-12
    )
    found = losses(schools_transformed, schools_guide_for("theta_base"), *data, y=EFFECTS)
    np.testing.assert_allclose(found, written, rtol=1e-10)
    assert np.isfinite(losses(schools, schools_guide_for("theta"), *data, y=EFFECTS)).all()


# -- groups, annealing, traces


def groups(group, y, n_groups):
    mu = pyro.sample("mu", dist.Normal(0.0, 1.0))
    s = pyro.sample("s", dist.HalfNormal(1.0))
    with pyro.plate("groups", n_groups):
        a = pyro.sample("a", dist.Normal(mu, s))
    data_plate = pyro.plate("obs_plate", y.shape[0], subsample_size=10)
    with data_plate as i:
        pyro.sample("y", dist.Normal(a[group[i]], 1.0), obs=y[i])


def groups_guide(group, y, n_groups):
    pyro.sample("mu", dist.Normal(pyro.param("mu_loc", 0.0), 1.0))
    pyro.sample("s", dist.LogNormal(pyro.param("s_loc", 0.0), 0.1))
    with pyro.plate("groups", n_groups):
        loc = pyro.param("a_loc", lambda: np.zeros(n_groups))
        pyro.sample(
            "a", dist.Normal(loc, pyro.param("a_scale", lambda: np.ones(n_groups), constraint=constraints.positive))
        )


def test_groups_in_batches():
    rng = np.random.default_rng(0)
    assert np.isfinite(losses(groups, groups_guide, rng.integers(0, 4, 50), rng.normal(size=50), 4)).all()


def annealed(y, beta):
    with poutine.scale(None, beta):
        z = pyro.sample("z", dist.Normal(0.0, 1.0))
    pyro.sample("y", dist.Normal(z, 1.0).expand_by([len(y)]).to_event(1), obs=y)


def annealed_guide(y, beta):
    with poutine.scale(scale=beta):
        pyro.sample("z", dist.Normal(pyro.param("loc", 0.0), 1.0))


def test_an_annealed_divergence():
    y = np.array([0.3, 1.1])
    half, whole = losses(annealed, annealed_guide, y, 0.5), losses(annealed, annealed_guide, y, 1.0)
    # At the prior itself the divergence is 0, whatever it counts.
    np.testing.assert_allclose(half[0], whole[0], rtol=1e-12)
    assert half[1] != whole[1]
    assert np.isfinite(losses(annealed, annealed_guide, y, 2)).all()


def test_traces():
    guide_trace = poutine.trace(weigh_guide).get_trace(8.5)
    model_trace = poutine.trace(poutine.replay(weigh, guide_trace)).get_trace(8.5)
    model_trace.compute_log_prob()
    assert model_trace.nodes["weight"]["value"] == guide_trace.nodes["weight"]["value"]
    assert model_trace.stochastic_nodes == ["weight", "measurement"]
    assert poutine.trace(pyro.condition(weigh, {"measurement": 1.0})).get_trace(8.5).observation_nodes == [
        "measurement"
    ]
    assert guide_trace.param_nodes == ["a", "b"]
    expected = stats.norm.logpdf(guide_trace["weight"]["value"], 8.5, 1.0)
    np.testing.assert_allclose(guide_trace.log_prob_sum(), expected, rtol=1e-12)


def test_keys_of_numpyro():
    first, again = (numpyro.sample("x", dist.Normal(0, 1), rng_key=3) for _ in range(2))
    assert first == again
    assert numpyro.sample("x", dist.Normal(0, 1), rng_key=4) != first

    def model():
        numpyro.sample("x", dist.Normal(0, 1), rng_key=3)

    def guide():
        numpyro.sample("x", dist.Normal(numpyro.param("loc", 0.0), 1.0))

    with pytest.raises(pyro.CompileError, match="`rng_key`"):
        losses(model, guide)


def test_what_is_not_here_tells_what_to_use():
    with pytest.raises(AttributeError, match="it is called `plate`"):
        pyro.iarange  # noqa: B018
    with pytest.raises(AttributeError, match="networks with NumPy's functions"):
        pyro.nn  # noqa: B018
