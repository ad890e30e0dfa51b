# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile import constraints
from vicompile.language import param, sample


def model(y):
    x = sample("x", dist.Normal(0.0, 1.0))
    sample("y", dist.Normal(x, 1.0), obs=y)


def guide(y):
    scale = param("scale", 0.5, constraint=constraints.interval(0.0, y))
    sample("x", dist.Normal(0.0, scale))


args = (2.0,)
