"""Handlers around recurrences: a statement in the steps of a scan is one site of every step."""

import numpy as np
import pytest
import scipy.stats
from handler_models import Y, assert_same_fit
from support.stages import Evaluated

import vicompile as vc
import vicompile.distributions as dist
from vicompile import handlers
from vicompile.handlers import LocScaleReparam
from vicompile.infer import SVI
from vicompile.optim import Adam


def step(z, y):
    z = vc.sample("z", dist.Normal(0.9 * z, 0.5))
    vc.sample("y", dist.Normal(z, 1.0), obs=y)
    return z, z


def walk(y):
    vc.scan(step, vc.param("start", 1.0), y)


def guide(y):
    loc = vc.param("loc", lambda: np.full(len(y), 0.2))
    with vc.plate("steps", len(y)):
        vc.sample("z", dist.Normal(loc, 0.5))


def no_guide(y):
    vc.param("unused", 0.0)


def guide_in_steps(y):
    def one(carry, loc):
        vc.sample("z", dist.Normal(loc, 0.5))
        return carry, None

    vc.scan(one, 0.0, vc.param("loc", lambda: np.full(len(y), 0.2)))


def test_a_trace_has_all_steps():
    trace = handlers.trace(handlers.seed(walk, rng_seed=0)).get_trace(Y)
    z = trace["z"]["value"]
    assert z.shape == (4,)
    before = np.concatenate([[1.0], z[:-1]])
    np.testing.assert_allclose(trace["z"]["log_prob"], scipy.stats.norm.logpdf(z, 0.9 * before, 0.5), rtol=1e-12)
    np.testing.assert_allclose(trace["y"]["value"], Y)


def test_steps_that_run_backwards_are_in_the_order_of_the_data():
    def backwards(y):
        vc.scan(step, 1.0, y, reverse=True)

    trace = handlers.trace(backwards).get_trace(Y)
    z = trace["z"]["value"]
    np.testing.assert_allclose(trace["y"]["value"], Y)
    after = np.concatenate([z[1:], [1.0]])
    np.testing.assert_allclose(trace["z"]["log_prob"], scipy.stats.norm.logpdf(z, 0.9 * after, 0.5), rtol=1e-12)


def test_scope_and_reparam_reach_the_steps():
    pair = handlers.scope(walk, prefix="a"), handlers.scope(guide_in_steps, prefix="a")
    assert_same_fit(pair, (walk, guide_in_steps), (Y,), (Y,))

    def decentred_step(z, y):
        z = 0.9 * z + 0.5 * vc.sample("z_decentered", dist.Normal(0.0, 1.0))
        vc.sample("y", dist.Normal(z, 1.0), obs=y)
        return z, z

    def by_hand(y):
        vc.scan(decentred_step, vc.param("start", 1.0), y)

    def decentred_guide(y):
        def one(carry, loc):
            vc.sample("z_decentered", dist.Normal(loc, 0.5))
            return carry, None

        vc.scan(one, 0.0, vc.param("loc", lambda: np.full(len(y), 0.2)))

    found = handlers.reparam(walk, config={"z": LocScaleReparam(centered=0.0)})
    assert_same_fit((found, decentred_guide), (by_hand, decentred_guide), (Y,), (Y,))


def test_hidden_steps_are_drawn_one_after_the_other():
    """The mean of z_t is 0.9 ** t, its variance 0.25 * (1 + 0.81 + ... ): the loss is a sum of normal expectations."""
    found = Evaluated(handlers.block(walk, hide=["z"]), no_guide, (Y,), particles=2)
    np.testing.assert_allclose(found.native()[0], found.objective_loss(), rtol=1e-10)
    np.testing.assert_allclose(found.native()[1], found.central_differences(), rtol=1e-6, atol=1e-7)
    count = 100_000
    loss = SVI(handlers.block(walk, hide=["z"]), no_guide, Adam(0.01)).evaluate_loss(Y, num_particles=count)
    mean = 0.9 ** np.arange(1, 5)
    variance = 0.25 * np.cumsum(0.81 ** np.arange(4))
    expected = np.sum(0.5 * ((Y - mean) ** 2 + variance)) + 2.0 * np.log(2.0 * np.pi)
    # The standard deviation of one particle's loss is below 3.
    assert abs(loss - expected) < 5 * 3.0 / np.sqrt(count)


def observed_step(z, y):
    handlers.condition(observation, data={"y": y})(z)
    return z, None


def observation(z):
    vc.sample("y", dist.Normal(z, 1.0))


def test_a_handler_inside_a_step_is_about_that_step():
    def model(y):
        x = vc.sample("x", dist.Normal(0.0, 1.0))
        vc.scan(observed_step, x, y)

    def written(y):
        x = vc.sample("x", dist.Normal(0.0, 1.0))
        vc.sample("y", dist.Normal(x, 1.0).expand((4,)).to_event(1), obs=y)

    def guide(y):
        vc.sample("x", dist.Normal(vc.param("loc", 0.1), 0.5))

    assert_same_fit((model, guide), (written, guide), (Y,), (Y,))


@pytest.mark.parametrize("kind", [handlers.condition, handlers.do, handlers.substitute])
def test_one_value_for_all_steps_is_refused(kind):
    with pytest.raises(vc.CompileError, match="each step of a scan"):
        SVI(kind(walk, data={"z": Y}), guide, Adam(0.01))
    with pytest.raises(ValueError, match="each step of a scan"):
        kind(walk, data={"z": Y})(Y)


def test_a_parameter_of_all_steps_is_not_lifted():
    def drifting(z, y):
        z = z + vc.param("drift", 0.1)
        vc.sample("y", dist.Normal(z, 1.0), obs=y)
        return z, None

    def model(y):
        vc.scan(drifting, 0.0, y)

    with pytest.raises(ValueError, match="`lift` cannot"):
        handlers.lift(model, prior=dist.Normal(0.0, 1.0))(Y)


def test_a_long_loop_that_a_handler_takes_apart():
    def many(y):
        x = vc.sample("x", dist.Normal(0.0, 1.0))
        for i in range(30):
            vc.sample(f"y_{i}", dist.Normal(x, 1.0))

    def by_hand(y):
        x = vc.sample("x", dist.Normal(0.0, 1.0))
        vc.sample("y", dist.Normal(x, 1.0).expand((30,)).to_event(1), obs=y)

    def guide(y):
        vc.sample("x", dist.Normal(vc.param("loc", 0.1), 0.5))

    values = np.linspace(-1.0, 1.0, 30)
    found = handlers.condition(many, data={f"y_{i}": values[i] for i in range(30)})
    assert_same_fit((found, guide), (by_hand, guide), (values,), (values,))
