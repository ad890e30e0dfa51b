# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import deterministic, factor, param, plate, plate_stack, sample, subsample


def model(y, group):
    with plate("groups", 3):
        m = sample("m", dist.Normal(0.0, 1.0))
    with plate("data", len(y), subsample_size=2) as i:
        sample("y", dist.Normal(m[group[i]], 1.0), obs=y[i])


def guide(y, group):
    with plate("groups", 3):
        sample("m", dist.Normal(param("loc", 0.0), 1.0))


args = (np.arange(4.0), np.array([0, 1, 2, 3]),)
