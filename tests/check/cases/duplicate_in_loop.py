# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import sample


def model(n):
    for i in range(n):
        sample("z", dist.Normal(0.0, 1.0))


guide = None
