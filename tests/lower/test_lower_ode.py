"""`odeint_rk4`: exact solutions with the method's order of convergence, eager and in graphs, and its gradient."""

import numpy as np
import pytest
from support.lowered import Lowered
from support.stages import Evaluated

import vicompile.distributions as dist
from vicompile.diagnostics import CompileError
from vicompile.language import odeint_rk4, param, plate, sample

TIMES = np.array([0.0, 0.4, 0.5, 1.3, 2.0])


def decay(ts, rate):
    return odeint_rk4(lambda y, t, k: -k * y, 1.5, ts, rate, steps=20)


def forced(ts, rate):
    return odeint_rk4(lambda y, t, k: np.cos(k * t), np.zeros(2), ts, rate, steps=3)


def oscillator(ts, rate):
    x, v = odeint_rk4(lambda y, t: (y[1], -(rate**2) * y[0]), (1.0, 0.0), ts, steps=30)
    return x + 2.0 * v


@pytest.mark.parametrize("function", [decay, forced, oscillator], ids=lambda f: f.__name__)
def test_graph_is_what_python_computes(function):
    np.testing.assert_allclose(Lowered(function, TIMES, 0.8).value(), function(TIMES, 0.8), rtol=1e-12)


def test_exact_solutions():
    np.testing.assert_allclose(decay(TIMES, 0.8), 1.5 * np.exp(-0.8 * TIMES), rtol=1e-7)
    exact = np.cos(0.8 * TIMES) - 2.0 * 0.8 * np.sin(0.8 * TIMES)
    np.testing.assert_allclose(oscillator(TIMES, 0.8), exact, atol=1e-7)
    np.testing.assert_allclose(forced(TIMES, 0.8)[:, 0], np.sin(0.8 * TIMES) / 0.8, atol=1e-6)


def test_the_error_falls_with_the_fourth_power_of_the_step():
    def error(steps):
        return abs(odeint_rk4(lambda y, t: np.cos(t) * y, 1.0, [0.0, 3.0], steps=steps)[-1] - np.exp(np.sin(3.0)))

    # The next term of the error is smaller by the order of the step itself: 3 / 160.
    assert error(160) / error(320) == pytest.approx(16.0, rel=0.03)


def prey_guide(ts, counts):
    for name in ("alpha", "beta", "gamma", "delta"):
        sample(name, dist.LogNormal(param(f"log_{name}", -1.0), 0.05))
    sample("start", dist.LogNormal(param("start_loc", lambda: np.zeros(2)), 0.05).to_event(1))


def predators_and_prey(ts, counts):
    alpha, gamma = sample("alpha", dist.LogNormal(-0.5, 0.5)), sample("gamma", dist.LogNormal(-0.5, 0.5))
    beta, delta = sample("beta", dist.LogNormal(-3.0, 0.5)), sample("delta", dist.LogNormal(-3.0, 0.5))
    start = sample("start", dist.LogNormal(np.zeros(2), 1.0).to_event(1))

    def slope(state, t):
        prey, predators = state
        return ((alpha - beta * predators) * prey, (delta * prey - gamma) * predators)

    prey, predators = odeint_rk4(slope, (start[0], start[1]), ts, steps=5)
    with plate("times", len(ts)):
        sample("prey", dist.LogNormal(np.log(prey), 0.3), obs=counts[:, 0])
        sample("predators", dist.LogNormal(np.log(predators), 0.3), obs=counts[:, 1])


@pytest.mark.parametrize("particles", [1, 2])
def test_a_model_at_every_stage(particles):
    counts = np.exp(np.random.default_rng(3).normal(size=(5, 2)))
    one = Evaluated(predators_and_prey, prey_guide, (TIMES, counts), particles)
    loss, gradient = one.graph()
    assert loss == pytest.approx(one.objective_loss(), rel=1e-11)
    for other, other_gradient in (one.python(), one.native()):
        assert other == pytest.approx(loss, rel=1e-11)
        np.testing.assert_allclose(other_gradient, gradient, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(gradient, one.central_differences(), rtol=1e-6, atol=1e-6)


def no_steps(ts):
    return odeint_rk4(lambda y, t: y, 1.0, ts, steps=0)


def test_fewer_than_one_step_is_an_error():
    with pytest.raises(CompileError, match="the number of steps must be a whole number from 1"):
        Lowered(no_steps, TIMES)
    with pytest.raises(ValueError, match="at least one step"):
        no_steps(TIMES)
