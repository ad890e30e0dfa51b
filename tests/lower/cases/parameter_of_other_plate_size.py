# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import deterministic, factor, param, plate, plate_stack, sample, subsample


def model(y):
    with plate("data", 4):
        m = sample("m", dist.Normal(0.0, 1.0))
        sample("y", dist.Normal(m, 1.0), obs=y)


def guide(y):
    loc = param("loc", np.zeros(3))
    with plate("data", 4):
        sample("m", dist.Normal(loc, 1.0))


args = (np.arange(4.0),)
