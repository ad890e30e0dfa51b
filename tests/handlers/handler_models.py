"""Models that the tests of handlers share, and the two numbers that must agree: eager and compiled log densities."""

import numpy as np
from support.stages import Evaluated

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints, handlers
from vicompile.infer import elbo

Y = np.array([0.3, 1.2, -0.4, 2.2])


def model(y=None):
    x = vc.sample("x", dist.Normal(0.5, 3.0))
    noise = vc.param("noise", 1.3, constraint=constraints.positive)
    vc.deterministic("double", 2.0 * x)
    with vc.plate("data", 4):
        vc.sample("y", dist.Normal(x, noise), obs=y)
    vc.factor("pull", -0.1 * x**2)


def delta_guide(y=None):
    vc.sample("x", dist.Delta(vc.param("x_value", 0.7)))


def normal_guide(y=None):
    loc = vc.param("loc", 0.4)
    scale = vc.param("scale", 0.8, constraint=constraints.positive)
    vc.sample("x", dist.Normal(loc, scale))


def density(function, values, *args):
    """The eager log density of a model at the given latent values."""
    return handlers.trace(handlers.substitute(function, data=values)).get_trace(*args).log_prob_sum()


def compiled_density(function, guide, *args):
    """The compiled log density at the values that a guide of Deltas gives."""
    return -elbo({}, function, guide, args)


def assert_same_fit(found, written, found_args=(), written_args=()):
    """Two (model, guide) pairs have the same loss and gradient, as graphs and as machine code."""
    one, other = Evaluated(*found, found_args), Evaluated(*written, written_args)
    np.testing.assert_allclose(one.objective_loss(), other.objective_loss(), rtol=1e-12)
    (loss, gradient), (expected, expected_gradient) = one.native(), other.native()
    np.testing.assert_allclose(loss, expected, rtol=1e-12)
    np.testing.assert_allclose(gradient, expected_gradient, rtol=1e-12, atol=1e-12)
