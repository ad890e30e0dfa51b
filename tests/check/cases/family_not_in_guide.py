# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import sample


def model(n):
    for i in range(n):
        sample(f"z_{i}", dist.Normal(0.0, 1.0))


def guide(n):
    for i in range(n):
        sample("w_{}".format(i), dist.Normal(0.0, 1.0))
