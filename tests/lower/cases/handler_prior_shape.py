# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile import handlers
from vicompile.language import param, sample


def written():
    x = param("x", 1.0)
    sample("y", dist.Normal(x, 1.0), obs=1.0)


def guide():
    sample("x", dist.Normal(param("loc", 0.0), 1.0))


model = handlers.lift(written, prior={"x": dist.Normal(np.zeros(3), 1.0)})
