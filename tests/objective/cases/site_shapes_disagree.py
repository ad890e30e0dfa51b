# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import deterministic, factor, param, plate, sample


def model(y):
    m = sample("m", dist.Normal(0.0, 1.0))
    z = sample("z", dist.Normal(np.zeros(3), 1.0))
    sample("y", dist.Normal(np.sum(z), 1.0), obs=y)


def guide(y):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))
    sample("z", dist.Normal(param("z_loc", np.zeros(4)), 1.0))


args = (np.arange(4.0),)
