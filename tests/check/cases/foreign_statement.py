# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import param
from vicompile.language import sample as ours


def sample(name, fn, obs=None):
    """As in a library that brings its own statements."""


sample.__module__ = "numpyro.primitives"


def model(y):
    z = sample("z", dist.Normal(0.0, 1.0))
    ours("y", dist.Normal(z, 1.0), obs=y)


def guide(y):
    ours("z", dist.Normal(param("m", 0.0), 1.0))
