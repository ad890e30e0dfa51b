# ruff: noqa
# fmt: off
import numpy as np
from vicompile.handlers import scale
import vicompile.distributions as dist
from vicompile.language import param, plate, sample


def model(y, w):
    m = sample("m", dist.Normal(0.0, 1.0))
    with plate("data", len(y)), scale(scale=w):
        sample("y", dist.Normal(m, 1.0), obs=y)


def guide(y, w):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))


args = (np.arange(4.0), np.array([1.0, 2.0, 0.0, 1.0]))
