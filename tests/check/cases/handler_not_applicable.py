# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile import handlers
from vicompile.handlers import LocScaleReparam
from vicompile.language import sample


def written(y):
    theta = sample("theta", dist.Normal(0.0, 1.0))
    sample("y", dist.Normal(theta, 1.0), obs=y)


def guide(y):
    sample("theta", dist.Normal(0.0, 2.0))


model = handlers.reparam(written, config={"y": LocScaleReparam(centered=0.0)})
