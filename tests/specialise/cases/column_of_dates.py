# ruff: noqa
# fmt: off
import numpy as np
from support.tables import DataFrame, Series

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import deterministic, factor, param, plate, sample


def model(data):
    m = sample("m", dist.Normal(0.0, 1.0))
    factor("f", m * np.sum(data["day"]))


def guide(data):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))


args = (DataFrame(day=Series(np.array(["2026-01-01"] * 3, "datetime64[s]"), np.dtype("datetime64[s]"))),)
