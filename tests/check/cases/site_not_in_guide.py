# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import sample


def model():
    theta = sample("theta", dist.Beta(2.0, 2.0))
    sample("obs", dist.Bernoulli(theta), obs=1)


def guide():
    sample("thetta", dist.Beta(3.0, 2.0))
