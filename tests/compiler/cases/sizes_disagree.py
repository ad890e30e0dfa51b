# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import deterministic, factor, param, plate, sample


def model(x, y):
    m = sample("m", dist.Normal(0.0, 1.0))
    with plate("data", len(x)):
        sample("y", dist.Normal(m + x, 1.0), obs=y)


def guide(x, y):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))


args = (np.zeros(3), np.zeros(4),)
