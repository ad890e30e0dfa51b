# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import sample


def model(data, sizes):
    sample("z", dist.Normal(0.0, 1.0))


def guide(data):
    sample("z", dist.Normal(0.0, 1.0))
