"""Small models whose objectives can be written by hand in NumPy, and one evaluation of them."""

import numpy as np
from support.stages import Evaluated

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import param, plate, sample

Y = np.array([0.3, -1.2, 0.7, 2.0])


def normal_model(y):
    m = sample("m", dist.Normal(0.5, 2.0))
    with plate("data", len(y)):
        sample("y", dist.Normal(m, 1.5), obs=y)


def normal_guide(y):
    sample("m", dist.Normal(param("loc", 0.3), param("scale", 0.7, constraint=constraints.positive)))


# The posterior of m.
POSTERIOR_VARIANCE = 1.0 / (1.0 / 4.0 + len(Y) / 2.25)
POSTERIOR = {
    "loc": POSTERIOR_VARIANCE * (0.5 / 4.0 + Y.sum() / 2.25),
    "scale": np.sqrt(POSTERIOR_VARIANCE),
}


def sloped(y):
    theta = param("theta", 0.8)
    z = sample("z", dist.Normal(0.2 * theta, 1.0))
    sample("y", dist.Normal(theta * z, 1.0).expand([len(y)]).to_event(1), obs=y)


def sloped_guide(y):
    sample(
        "z", dist.Normal(param("m", -0.3) + 0.5 * param("theta", 0.8), param("s", 0.6, constraint=constraints.positive))
    )


def chained(y):
    t = sample("t", dist.Normal(0.0, 1.0))
    z = sample("z", dist.Normal(t, 2.0))
    sample("y", dist.Normal(z, 1.0).expand([len(y)]).to_event(1), obs=y)


def chained_guide(y):
    t = sample("t", dist.Normal(param("a", 0.4), param("b", 0.5, constraint=constraints.positive)))
    sample("z", dist.Normal(param("c", 0.7) * t, param("d", 0.9, constraint=constraints.positive)))


def log_normal(x, loc, scale):
    """The density of a normal, without SciPy's own form of it."""
    return -0.5 * ((x - loc) / scale) ** 2 - np.log(scale) - 0.5 * np.log(2 * np.pi)


class ByName(Evaluated):
    """Loss and gradient by the names of sites and parameters."""

    def noise_of(self, site):
        """The noise of a site of one number: (particles,)."""
        offsets = {draw.site: offset for draw, offset in zip(self.fit.compiled.draws, self.fit.noise.offsets)}
        return self.noise[:, offsets[site]]

    def parameter(self, name):
        """The unconstrained parameter, a number."""
        return self.flat[next(slot.start for slot in self.fit.slots if slot.name == name)]

    def gradient(self, name):
        """The gradient by one unconstrained parameter that is a number."""
        return self.graph()[1][next(slot.start for slot in self.fit.slots if slot.name == name)]
