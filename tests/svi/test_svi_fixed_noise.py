"""The loss with the noise of one step kept fixed, as a native function to be minimised."""

import numpy as np
import pytest
from svi_problems import countdown, normal_normal, same_bits

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.compiler import Pair
from vicompile.svi.driver import evaluate
from vicompile.svi.fixed_noise import fixed_noise
from vicompile.svi.minimise import CONVERGED, Minimisation

Y = np.array([0.3, 1.2, -0.4, 2.0])


def called(objective, x):
    out = np.empty(1 + objective.size)
    x = np.array(x, float)
    assert objective._function.call(objective.context, x.ctypes.data, out.ctypes.data) == 0
    return out[0], out[1:]


def minimised(objective, x):
    state = Minimisation(
        objective, np.array(x), memory=10, tolerance=1e-12, first_step=0.0, most_move=np.inf,
        most_iterations=200, keeps_path=False,
    )  # fmt: skip
    assert state.advance(200) == 0
    assert state.reason == CONVERGED
    return state.here


@pytest.mark.parametrize("step", [0, 7, 5000])
def test_it_is_the_loss_of_that_step(step):
    problem = normal_normal(Y, particles=3)
    for x in ([0.0, 0.0], [1.5, -0.7]):
        found = evaluate(problem, x, seed=11, step=step)
        with fixed_noise(problem, seed=11, step=step) as objective:
            loss, gradient = called(objective, x)
        assert loss == found.losses[0]
        assert same_bits(gradient, found.gradient)


def test_its_minimum_is_where_the_gradient_of_the_step_is_zero():
    problem = normal_normal(Y, particles=50)
    with fixed_noise(problem, seed=1, step=3) as objective:
        x, loss, gradient = minimised(objective, [0.0, 0.0])
    found = evaluate(problem, x, seed=1, step=3)
    assert loss == found.losses[0]
    assert same_bits(gradient, found.gradient)
    assert np.abs(gradient).max() < 1e-4
    # The posterior is Normal(sum(y) / 5, 1 / 5); the noise of 50 draws has an error of about 1 / sqrt(50) of its scale.
    assert x[0] == pytest.approx(Y.sum() / 5, abs=4 * np.sqrt(0.2 / 50))


@pytest.mark.parametrize("mode", [1, 2, 3, 4])
def test_it_is_infinite_where_something_is_not_finite_or_the_kernel_fails(mode):
    with fixed_noise(countdown(mode), seed=0, step=0) as objective:
        assert called(objective, [1.0, 0.0])[0] == 1.0
        assert called(objective, [0.0, 0.0])[0] == np.inf
        assert objective.check(0) is None


def test_mirrored_noise_has_exact_means():
    def model():
        vc.sample("z", dist.Normal(3.0, 1.0))

    def guide():
        loc = vc.param("loc", 0.0)
        vc.sample("z", dist.Normal(loc, vc.param("scale", 1.0, constraint=constraints.positive)))

    problem = Pair(model, guide).bind((), (), {}, {}, 8).problem
    with fixed_noise(problem, seed=3, step=2, is_mirrored=True) as loss:
        point, _, _ = minimised(loss, np.zeros(2))
    # The mean of the draws is the parameter: its optimum has no error of the noise.
    assert point[0] == pytest.approx(3.0, abs=1e-5)
