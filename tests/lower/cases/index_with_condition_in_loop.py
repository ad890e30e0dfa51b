# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.language import factor, param, sample


def model(y):
    m = sample("m", dist.Normal(0.0, 1.0))
    for i in range(len(y)):
        factor(f"f_{i}", -np.sum((y[y > y[i]] - m) ** 2))


def guide(y):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))


args = (np.arange(4.0),)
