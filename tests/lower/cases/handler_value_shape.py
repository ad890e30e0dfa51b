# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile import handlers
from vicompile.language import param, plate, sample


def written():
    x = sample("x", dist.Normal(0.0, 1.0))
    with plate("data", 3):
        sample("y", dist.Normal(x, 1.0))


def guide():
    sample("x", dist.Normal(param("loc", 0.0), 1.0))


model = handlers.condition(written, data={"y": np.ones((3, 1))})
