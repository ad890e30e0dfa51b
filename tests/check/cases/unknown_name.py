# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import sample


SCALE = 2.0


def model(data):
    sample("x", dist.Normal(0.0, SCALLE), obs=date)


guide = None
