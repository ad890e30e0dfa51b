# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import sample


def model(data):
    loc = sample("loc", dist.Normal(0.0, 1.0))
    sample("x", dist.Normal(loc, 1.0), obs=data)


def guide(data):
    sample("loc", dist.Normal(0.0, 1.0))
    sample("x", dist.Normal(0.0, 1.0))
