# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import deterministic, factor, param, plate, sample


def model(n):
    m = sample("m", dist.Normal(0.0, 1.0))
    for i in range(n):
        factor(f"f_{i}", m)


def guide(n):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))


args = (np.array([3.0])[0:1],)
