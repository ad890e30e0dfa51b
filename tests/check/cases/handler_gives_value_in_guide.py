# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile import handlers
from vicompile.language import sample


def model():
    sample("theta", dist.Normal(0.0, 1.0))


def written():
    sample("theta", dist.Normal(0.0, 2.0))


guide = handlers.condition(written, data={"theta": 1.0})
