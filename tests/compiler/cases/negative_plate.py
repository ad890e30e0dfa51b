# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import deterministic, factor, param, plate, sample


def model(n):
    m = sample("m", dist.Normal(0.0, 1.0))
    with plate("data", n):
        factor("f", m)


def guide(n):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))


args = (-2,)
