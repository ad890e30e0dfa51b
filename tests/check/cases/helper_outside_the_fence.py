# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import sample


def until(x):
    while x < 1.0:
        x = x + 1.0
    return x


def model():
    sample("x", dist.Normal(until(0.0), 1.0))


guide = None
