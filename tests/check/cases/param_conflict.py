# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import param, sample
from vicompile import constraints


def model():
    sample("x", dist.Normal(param("loc", 0.0), 1.0))


def guide():
    scale = param("scale", 1.0, constraint=constraints.positive)
    sample("x", dist.Normal(param("loc", 0.5), param("scale", 1.0)))
