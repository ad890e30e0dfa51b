# ruff: noqa
# fmt: off
import numpy as np
from support.tables import DataFrame, Series

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import deterministic, factor, param, plate, sample


def model(data):
    m = sample("m", dist.Normal(0.0, 1.0))
    name = f"x{1}"
    factor("g", m * np.sum(data["y"]))
    factor("f", m * np.sum(data[name]))


def guide(data):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))


args = (DataFrame(x1=Series(np.ones(3), np.dtype(float)), y=Series(np.ones(3), np.dtype(float))),)
