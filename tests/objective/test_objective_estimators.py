"""The gradients of surrogates are those of the papers' formulas, written in NumPy."""

import numpy as np
import pytest
from objective_models import (
    POSTERIOR,
    ByName,
    Y,
    chained,
    chained_guide,
    log_normal,
    normal_guide,
    normal_model,
    sloped,
    sloped_guide,
)
from scipy.special import softmax

import vicompile.distributions as dist
from vicompile.compiler.losses import RenyiELBO, Trace_ELBO
from vicompile.distributions import constraints
from vicompile.handlers import block
from vicompile.language import param, sample


@pytest.mark.parametrize("particles", [1, 5])
def test_sticking_the_landing_has_no_gradient_at_the_posterior(particles):
    loss = Trace_ELBO(particles, sticking_the_landing=True)
    one = ByName(normal_model, normal_guide, (Y,), particles, spread=0.0, loss=loss, machine_code=False)
    one.flat[:] = one.fit.initial_params(POSTERIOR)
    np.testing.assert_allclose(one.graph()[1], 0.0, atol=1e-14)
    plain = ByName(normal_model, normal_guide, (Y,), particles, loss=Trace_ELBO(particles), machine_code=False)
    plain.flat[:] = one.flat
    assert np.abs(plain.graph()[1]).min() > 0.01
    assert one.graph()[0] == pytest.approx(plain.graph()[0], rel=1e-14)


def test_sticking_the_landing_goes_through_the_draws_that_other_draws_depend_on():
    one = ByName(chained, chained_guide, (Y,), 2, loss=Trace_ELBO(2, sticking_the_landing=True), machine_code=False)
    e, f = one.noise_of("t"), one.noise_of("z")
    start = np.array([one.parameter(name) for name in "abcd"])

    def loss(of_draws):
        """The parameters behind the draws vary, those of the density stay."""
        a, log_b, c, log_d = of_draws
        t = a + np.exp(log_b) * e
        z = c * t + np.exp(log_d) * f
        a, log_b, c, log_d = start
        log_q = log_normal(t, a, np.exp(log_b)) + log_normal(z, c * t, np.exp(log_d))
        log_p = log_normal(t, 0.0, 1.0) + log_normal(z, t, 2.0) + log_normal(Y, z[:, None], 1.0).sum(1)
        return np.mean(log_q - log_p)

    for k, name in enumerate("abcd"):
        step = 1e-6 * np.eye(4)[k]
        assert one.gradient(name) == pytest.approx((loss(start + step) - loss(start - step)) / 2e-6, rel=1e-6), name


@pytest.mark.parametrize("alpha", [0.0, 0.5, -1.0])
@pytest.mark.parametrize("doubly", [False, True])
def test_the_gradient_of_a_renyi_bound(alpha, doubly):
    loss = RenyiELBO(alpha, 4, doubly_reparameterized=doubly)
    one = ByName(sloped, sloped_guide, (Y,), 4, loss=loss, machine_code=False)
    theta, m, s, e = one.parameter("theta"), one.parameter("m"), np.exp(one.parameter("s")), one.noise_of("z")
    z = m + 0.5 * theta + s * e
    log_w = (
        log_normal(z, 0.2 * theta, 1.0) + log_normal(Y, theta * z[:, None], 1.0).sum(1) - log_normal(z, z - s * e, s)
    )
    bound = np.log(np.mean(np.exp((1 - alpha) * log_w))) / (1 - alpha)
    assert one.graph()[0] == pytest.approx(-bound, rel=1e-12)
    v = softmax((1 - alpha) * log_w)
    # Tucker et al. 2019, eq. 8, and its counterpart for other alphas
    through = alpha * v + (1 - alpha) * v**2 if doubly else v
    by_z = -(z - 0.2 * theta) + (theta * (Y - theta * z[:, None])).sum(1) + (z - m - 0.5 * theta) / s**2
    by_location = 0.0 if doubly else -(z - m - 0.5 * theta) / s**2
    by_scale = 0.0 if doubly else -(e**2 - 1.0)
    direct = 0.2 * (z - 0.2 * theta) + (z[:, None] * (Y - theta * z[:, None])).sum(1)
    assert one.gradient("m") == pytest.approx(-np.sum(through * (by_z + by_location)), rel=1e-11)
    assert one.gradient("s") == pytest.approx(-np.sum(through * (by_z * s * e + by_scale)), rel=1e-11)
    expected = -np.sum(through * 0.5 * (by_z + by_location) + v * direct)
    assert one.gradient("theta") == pytest.approx(expected, rel=1e-11)


def mean_gradients(model, guide, loss, rounds=4000):
    """The mean gradient over noise, and its standard error."""
    one = ByName(model, guide, (Y,), loss.num_particles, loss=loss)
    rng = np.random.default_rng(7)
    found = []
    for _ in range(rounds):
        one.noise[:] = rng.normal(size=one.noise.shape)
        found.append(one.native()[1])
    return np.mean(found, 0), np.std(found, 0, ddof=1) / np.sqrt(rounds)


@pytest.mark.parametrize("alpha", [0.0, 0.5])
def test_doubly_reparameterised_gradients_have_the_same_mean_and_less_spread(alpha):
    plain, error = mean_gradients(sloped, sloped_guide, RenyiELBO(alpha, 6))
    doubly, less = mean_gradients(sloped, sloped_guide, RenyiELBO(alpha, 6, doubly_reparameterized=True))
    # Both have the same noise, so that their difference varies less than this.
    assert (np.abs(plain - doubly) < 4.0 * np.hypot(error, less)).all()
    assert (less[1:] < error[1:]).all()


def with_hidden(y):
    u = sample("u", dist.Normal(param("h", 0.3), 1.0))
    z = sample("z", dist.Normal(u, 1.0))
    sample("y", dist.Normal(z, 1.0).expand([len(y)]).to_event(1), obs=y)


def with_hidden_guide(y):
    sample("z", dist.Normal(param("m", -0.3), param("s", 0.6, constraint=constraints.positive)))


def test_a_hidden_site_keeps_the_mean_of_the_doubly_reparameterised_gradient():
    hidden = block(with_hidden, hide=["u"])
    plain, error = mean_gradients(hidden, with_hidden_guide, RenyiELBO(0.0, 3))
    doubly, other = mean_gradients(hidden, with_hidden_guide, RenyiELBO(0.0, 3, doubly_reparameterized=True))
    assert (np.abs(plain - doubly) < 4.0 * np.hypot(error, other)).all()


def walk(y):
    z = 0.0
    for i in range(len(y)):
        z = sample(f"z_{i}", dist.Normal(z, 1.0))
        sample(f"y_{i}", dist.Normal(z, 1.0), obs=y[i])


def walk_guide(y):
    phi, scale = param("phi", 0.7), param("scale", 0.5, constraint=constraints.positive)
    loc = param("loc", np.zeros(len(y)))
    z = 0.0
    for i in range(len(y)):
        z = sample(f"z_{i}", dist.Normal(phi * z + loc[i], scale))


def test_draws_of_a_loop_keep_the_mean_of_the_gradient():
    plain, error = mean_gradients(walk, walk_guide, Trace_ELBO(2))
    sticking, other = mean_gradients(walk, walk_guide, Trace_ELBO(2, sticking_the_landing=True))
    assert (np.abs(plain - sticking) < 4.0 * np.hypot(error, other)).all()
    assert (error > 0.0).all()
