# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import sample


def model():
    sample("x", dist.Normal(0.0, -1.0))
    sample("y", dist.Bernoulli(1.5))


guide = None
