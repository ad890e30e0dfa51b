# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import sample


def model():
    sample("theta", dist.Beta(2.0, 2.0))


def guide():
    sample("theta", dist.Beta(3.0, 2.0))
    sample("helper", dist.Normal(0.0, 1.0))
