# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import plate, sample


def model():
    with plate("rows"):
        sample("x", dist.Normal(0.0, 1.0))


guide = None
