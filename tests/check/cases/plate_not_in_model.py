# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import plate, sample


def model(n):
    with plate("groups", n):
        sample("z", dist.Normal(0.0, 1.0))


def guide(n):
    with plate("group", n):
        sample("z", dist.Normal(0.0, 1.0))
