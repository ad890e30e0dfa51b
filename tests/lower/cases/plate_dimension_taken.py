# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import deterministic, factor, param, plate, sample


def model(d):
    m = sample("m", dist.Normal(0.0, 1.0))
    with plate("outer", 4, dim=d), plate("inner", 4, dim=-1):
        factor("f", m)


def guide(d):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))


args = (-1,)
