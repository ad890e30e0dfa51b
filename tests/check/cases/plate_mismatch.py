# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import plate, sample


def model(n):
    with plate("groups", n):
        sample("z", dist.Normal(0.0, 1.0))
    sample("w", dist.Normal(0.0, 1.0))


def guide(n):
    sample("z", dist.Normal(0.0, 1.0))
    with plate("groups", n):
        sample("w", dist.Normal(0.0, 1.0))
