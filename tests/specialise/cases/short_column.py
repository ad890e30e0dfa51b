# ruff: noqa
# fmt: off
import numpy as np
from support.tables import DataFrame, Series

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import deterministic, factor, param, plate, sample


def model(data):
    m = sample("m", dist.Normal(0.0, 1.0))
    factor("f", m * np.sum(data["a"]))


def guide(data):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))


args = (DataFrame(a=Series(np.ones(2), np.dtype(float))),)
