# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import deterministic, factor, param, plate, plate_stack, sample, subsample


def model(y):
    m = sample("m", dist.Normal(0.0, 1.0))
    with plate("data", len(y), subsample_size=2) as i:
        sample("y", dist.Poisson(np.exp(m)), obs=y[i])


def guide(y):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))


args = (np.array([0.0, 3.0, -1.0, 2.0]),)
