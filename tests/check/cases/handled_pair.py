# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile import handlers
from vicompile.language import param, plate, sample


def written(y):
    theta = sample("theta", dist.Normal(0.0, 1.0))
    with plate("data", 3):
        sample("y", dist.Normal(theta, 1.0))


def guide(y):
    sample("theta", dist.Normal(0.0, 2.0))
    with plate("data", 3):
        sample("a/y", dist.Normal(0.0, 2.0))


model = handlers.scope(handlers.condition(written, data={"y": [1.0, 2.0, 3.0]}), prefix="a")
