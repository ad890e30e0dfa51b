# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import deterministic, factor, param, plate, sample


def model(group, y):
    m = sample("m", dist.Normal(0.0, 1.0))
    z = m * np.zeros(3)
    sample("y", dist.Normal(z[group], 1.0), obs=y)


def guide(group, y):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))


args = (np.array([0, 3, 1]), np.zeros(3),)
