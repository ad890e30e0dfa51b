"""Gradients of the objective as the fit sees them, against closed forms."""

from __future__ import annotations

import numpy as np

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.compiler import Pair
from vicompile.svi.driver import evaluate


def model(x):
    with vc.plate("d", len(x)):
        z = vc.sample("z", dist.Normal(0.0, 1.0))
        vc.sample("x", dist.Normal(z, 1.0), obs=x)


def guide(x):
    loc = vc.param("loc", np.zeros(len(x)))
    scale = vc.param("scale", 1.0, constraint=constraints.positive)
    with vc.plate("d", len(x)):
        vc.sample("z", dist.Normal(loc, scale))


X = np.array([-0.5, 2.0])


def gradient(particles, step=0):
    fit = Pair(model, guide).bind((X,), (X,), {}, {}, particles)
    result = evaluate(fit.problem, fit.initial_params(), seed=7, step=step)
    return fit, {slot.name: slot.read(result.gradient) for slot in fit.slots}


def test_expected_gradient_of_location_and_shared_scale():
    _, found = gradient(50_000)
    assert np.all(np.abs(found["loc"] - [0.5, -2.0]) < 0.06)
    # By the unconstrained scale, log(scale): the same number where the scale is 1.
    assert abs(found["scale"] - 2.0) < 0.06


def test_pathwise_gradient_of_one_particle():
    for step in range(5):
        fit, found = gradient(1, step)
        z = fit.noise.rows(step, 1, 7)[0, fit.noise.offsets[0] :][: len(X)]
        assert np.allclose(found["loc"], -(-z + (X - z)), atol=1e-12)
