# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import plate, sample


def model():
    with plate("groups", 8):
        sample("z", dist.Normal(0.0, 1.0))


def guide():
    with plate("groups", 7):
        sample("z", dist.Normal(0.0, 1.0))
