"""Names in a kernel: readable, and never the same for two things."""

import numpy as np
import pytest
from support.stages import Evaluated

import vicompile.distributions as dist
from vicompile.language import param, sample
from vicompile.schedule.memory import Names


def test_names_are_readable_and_stable():
    names = Names()
    assert names.of("param", "alpha_q") == "param_alpha_q"
    assert names.of("param", "alpha_q") == "param_alpha_q"
    assert names.of("noise", "z", 0) == "noise_z"
    assert names.of("noise", "z", 1) == "noise_z_1"


@pytest.mark.parametrize(
    "things",
    [
        [("noise", "a", 1), ("noise", "a_1", 0)],
        [("n", "a.0"), ("n", "a_0")],
        [("data", "a b"), ("data", "a_b"), ("data", "a_b__2")],
        [("param", "α"), ("param", "β")],
    ],
)
def test_different_things_have_different_names(things):
    names = Names()
    given = [names.of(*thing) for thing in things]
    assert len(set(given)) == len(things)
    assert all(name.isidentifier() for name in given)


def awkward(particles, x, x_packed, noise):
    a = sample("a", dist.Beta(2.0, 3.0))
    b = sample("a_1", dist.Normal(0.0, 1.0))
    c = sample("α β", dist.Normal(0.0, 1.0))
    w = sample("w.0", dist.Normal(np.zeros(x.shape[1]), 1.0).to_event(1))
    mean = np.tanh(x @ w) * a + b * x_packed + c * particles
    sample("y", dist.Normal(mean, 1.0), obs=noise["a"])


def awkward_guide(particles, x, x_packed, noise):
    one = param("1 one", 0.4)
    sample("a", dist.Beta(2.0 + one * one, 3.0))
    sample("a_1", dist.Normal(param("one.", 0.2), 1.0))
    sample("α β", dist.Normal(param("one_", 0.2), 1.0))
    sample("w.0", dist.Normal(param("w_loc", np.zeros(3)), 1.0).to_event(1))


def test_awkward_names_do_not_meet():
    rng = np.random.default_rng(1)
    args = (3, rng.normal(size=(300, 3)), rng.normal(size=300), {"a": rng.normal(size=300)})
    one = Evaluated(awkward, awkward_guide, args, particles=2)
    loss, gradient = one.graph()
    assert loss == pytest.approx(one.objective_loss(), rel=1e-11)
    native_loss, native_gradient = one.native()
    assert native_loss == pytest.approx(loss, rel=1e-10)
    np.testing.assert_allclose(native_gradient, gradient, rtol=1e-9, atol=1e-9)
