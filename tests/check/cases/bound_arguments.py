# ruff: noqa
# fmt: off
import functools

import vicompile.distributions as dist
from vicompile.language import param, sample


def scaled(data, scale=1.0):
    m = sample("m", dist.Normal(0.0, scale))
    sample("y", dist.Normal(m, 1.0), obs=data)


model = functools.partial(scaled, width=2.0)


def guide(data):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))
