# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import sample


def model(data, n=3, *, scale=1.0):
    sample("z", dist.Normal(0.0, scale))


def guide(data, n=4, *, scale=1.0):
    sample("z", dist.Normal(0.0, scale))
