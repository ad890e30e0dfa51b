# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import deterministic, factor, param, plate, sample


def model(flag):
    m = sample("m", dist.Normal(0.0, 1.0))
    s = sample("s", dist.Exponential(1.0) if flag else dist.Normal(0.0, 1.0))
    factor("f", m * s)


def guide(flag):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))
    sample("s", dist.Normal(param("s_loc", 1.0), 1.0))


args = (True,)
