# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import deterministic, factor, param, plate, plate_stack, sample, subsample


def model(y, k):
    m = sample("m", dist.Normal(0.0, 1.0))
    with plate("data", len(y), subsample_size=k) as i:
        sample("y", dist.Normal(m, 1.0), obs=y[i])


def guide(y, k):
    with plate("data", len(y)):
        factor("nothing", 0.0)
    sample("m", dist.Normal(param("loc", 0.0), 1.0))


args = (np.arange(4.0), 2,)
