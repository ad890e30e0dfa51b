# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile import handlers
from vicompile.language import param, sample


def written():
    k = sample("k", dist.Poisson(3.0))
    sample("x", dist.Normal(k, 1.0))


def guide():
    sample("x", dist.Normal(param("loc", 0.0), 1.0))


model = handlers.block(written, hide=["k"])
