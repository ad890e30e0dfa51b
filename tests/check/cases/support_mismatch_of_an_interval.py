# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import param, sample


def model():
    sample("sigma", dist.Uniform(0.0, 10.0))


def guide():
    sample("sigma", dist.LogNormal(param("loc", 0.0), 0.05))
