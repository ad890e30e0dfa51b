# ruff: noqa
# fmt: off
import numpy as np
from vicompile.handlers import mask
import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import deterministic, factor, param, plate, plate_stack, sample, subsample


def model(y, x):
    m = sample("m", dist.Normal(0.0, 1.0))
    with plate("data", len(y)):
        sample("y", dist.Normal(m * x, 1.0).mask(~np.isnan(y)), obs=y)


def guide(y, x):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))


args = (np.array([0.0, np.nan, 1.0]), np.array([1.0, np.nan, 1.0]),)
