# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile import handlers
from vicompile.language import plate, sample


def model(y):
    x = sample("x", dist.Delta(2.0))
    sample("y", dist.Normal(x, 1.0), obs=y)


args = (0.5,)
