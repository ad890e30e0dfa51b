# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile import handlers
from vicompile.language import param, sample


def part():
    return sample("x", dist.Normal(0.0, 1.0))


def model():
    handlers.seed(part, rng_seed=0)()


def guide():
    sample("x", dist.Normal(param("loc", 0.0), 1.0))
