# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import deterministic, factor, param, plate, plate_stack, sample, subsample


def model(y, known):
    m = sample("m", dist.Normal(0.0, 1.0))
    with plate("data", len(y)):
        sample("y", dist.Normal(m, 1.0), obs=y, obs_mask=known[:, None])


def guide(y, known):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))
    with plate("data", len(y)):
        sample("y_unobserved", dist.Normal(0.0, 1.0))


args = (np.arange(4.0), np.ones(4, bool),)
