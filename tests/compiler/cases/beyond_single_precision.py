# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import deterministic, factor, param, plate, sample


def model(y):
    m = sample("m", dist.Normal(0.0, 1.0))
    sample("y", dist.Normal(m, 1.0), obs=y)


def guide(y):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))


args = (np.array([1.0, -1e39, np.inf]),)
dtype = "float32"
