# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile import constraints, handlers
from vicompile.language import param, sample


def written(y):
    x = sample("x", dist.Normal(0.0, 1.0))
    scale = param("scale", lambda: np.ones(2), constraint=constraints.positive)
    sample("y", dist.Normal(x, scale), obs=y)


def guide(y):
    sample("x", dist.Normal(param("loc", 0.0), 1.0))


model = handlers.substitute(written, data={"scale": np.array([1.0, -2.0])})
args = (np.ones(2),)
