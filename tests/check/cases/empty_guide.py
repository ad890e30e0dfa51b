# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import plate, sample


def model(data):
    loc = sample("loc", dist.Normal(0.0, 1.0))
    scale = sample("scale", dist.Beta(2.0, 2.0))
    with plate("data", len(data)):
        sample("obs", dist.Normal(loc, scale), obs=data)


def guide(data):
    pass
