# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import deterministic, factor, param, plate, sample


def model(data):
    m = sample("m", dist.Normal(0.0, 1.0))
    sample("y", dist.Normal(m, 1.0), obs=data["y"])


def guide(data):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))


args = ({"y": np.array([1.0, np.nan])},)
