# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile import handlers
from vicompile.language import plate, sample


def model(y):
    rate = sample("rate", dist.Gamma(2.0, 1.0))
    k = sample("k", dist.Poisson(rate))
    sample("y", dist.Normal(k, 1.0), obs=y)


args = (0.5,)
