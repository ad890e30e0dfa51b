# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import deterministic, factor, param, plate, sample


def model(kind):
    m = sample("m", dist.Normal(0.0, 1.0))
    factor("f", m * kind)


def guide(kind):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))


args = ("wide",)
