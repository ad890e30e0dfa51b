# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile import handlers
from vicompile.language import param, sample


def written(y):
    x = sample("x", dist.Normal(0.0, 1.0))
    for i in range(len(y)):
        sample(f"y_{i}", dist.Normal(x, 1.0), obs=y[i])


def guide(y):
    sample("x", dist.Normal(param("loc", 0.0), 1.0))


model = handlers.condition(written, data={"y_2": 1.0})
args = (np.ones(3),)
