# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import sample


def model():
    sample("x", 0.5)
    sample("y", dist.Normal)
    sample("z", len)


guide = None
