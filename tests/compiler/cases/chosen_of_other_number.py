# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.language import param, plate, sample


def model(x, y):
    m = sample("m", dist.Normal(0.0, 1.0))
    with plate("data", len(y)):
        sample("y", dist.Normal(m + x[x > 0.0], 1.0), obs=y)


def guide(x, y):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))


args = (np.arange(4.0), np.arange(4.0))
