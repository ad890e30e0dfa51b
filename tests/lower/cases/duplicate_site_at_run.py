# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import deterministic, factor, param, plate, sample


def model(names):
    m = sample("m", dist.Normal(0.0, 1.0))
    for name in names:
        factor(name, m)


def guide(names):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))


args = (["a", "b", "a"],)
