# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import param, sample


def model():
    sample("theta", dist.Beta(2.0, 2.0))


def guide():
    sample("theta", dist.Normal(param("loc", 0.0), 1.0))
