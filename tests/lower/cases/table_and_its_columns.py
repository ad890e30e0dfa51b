# ruff: noqa
# fmt: off
import numpy as np
from support.tables import DataFrame, Series

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import deterministic, factor, param, plate, sample


def model(data):
    m = sample("m", dist.Normal(0.0, 1.0))
    factor("f", m * np.sum(data["age"]))
    factor("g", m * np.sum(data @ np.ones(1)))


def guide(data):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))


args = (DataFrame(age=Series(np.ones(3), np.dtype(float))),)
