# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.language import plate, sample


def model(y):
    x = sample("x", dist.Normal(0.0, 1.0))
    with plate("data", len(y), subsample_size=2) as rows:
        sample("y", dist.Normal(x, 1.0), obs=y[rows])


args = (np.zeros(5),)
