# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.language import param, sample


def model(y):
    m = sample("m", dist.Normal(0.0, 1.0))
    sample("y", dist.Normal(m, 1.0), obs=y[y > m])


def guide(y):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))


args = (np.arange(4.0),)
