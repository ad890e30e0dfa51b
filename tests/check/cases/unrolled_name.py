# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import sample


NAMES = ("alpha", "beta")


def model():
    for name in ("alpha", "beta", "gamma"):
        sample(name, dist.Normal(0.0, 1.0))


def guide():
    for name in NAMES:
        sample(name, dist.Normal(0.0, 1.0))
