# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile import handlers
from vicompile.language import plate, sample


def inner(y):
    x = sample("x", dist.Normal(0.0, 1.0))
    sample("y", dist.Normal(x, 1.0), obs=y)


def model(y):
    with handlers.block(hide=["x"]):
        inner(y)


args = (0.5,)
