# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.handlers import scope
from vicompile.language import param, sample


def part(x, y):
    sample("y", dist.Normal(x, 1.0), obs=y)


def model(y):
    x = sample("x", dist.Normal(0.0, 1.0))
    for i in range(len(y)):
        scope(part, prefix=f"row_{i}")(x, y[i])


def guide(y):
    sample("x", dist.Normal(param("loc", 0.0), 1.0))


args = (np.ones(3),)
