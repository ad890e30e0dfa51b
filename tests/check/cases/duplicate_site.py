# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import sample


def model():
    sample("p", dist.Beta(1.0, 1.0))
    sample("p", dist.Beta(2.0, 2.0))


def guide():
    sample("p", dist.Beta(1.0, 1.0))
