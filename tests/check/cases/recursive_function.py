# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import sample


def walk(k):
    sample(f"x_{k}", dist.Normal(0.0, 1.0))
    walk(k)


def model():
    walk(0)


guide = None
