# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import deterministic, factor, param, plate, sample


def model(y):
    m = sample("m", dist.Normal(0.0, 1.0))
    factor("f", m * y.argpartition())


def guide(y):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))


args = (np.arange(4.0),)
