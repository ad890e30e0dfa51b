# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.language import param, plate, sample


def model(y):
    m = sample("m", dist.Normal(0.0, 1.0))
    with plate("data", len(y), subsample_size=2) as i:
        sample("y", dist.Normal(m, 1.0).mask(np.isnan(y[i])), obs=y[i])


def guide(y):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))


args = (np.array([np.nan, np.inf, np.nan]),)
