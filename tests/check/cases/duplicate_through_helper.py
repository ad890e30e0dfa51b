# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import sample


def prior(scale):
    return sample("w", dist.Normal(0.0, scale))


def model():
    first = prior(1.0)
    second = prior(first)


guide = None
