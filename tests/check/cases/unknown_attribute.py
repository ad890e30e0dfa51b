# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import sample


def model():
    sample("x", dist.Betta(1.0, 1.0))


guide = None
