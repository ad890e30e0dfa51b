# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile import handlers
from vicompile.language import param, sample


def written(y):
    theta = sample("theta", dist.Normal(0.0, param("width", 2.0)))
    sample("y", dist.Normal(theta, 1.0), obs=y)


def written_guide(y):
    sample("theta", dist.Normal(param("loc", 0.0), 1.0))


model = handlers.condition(handlers.lift(written, prior={"with": dist.Gamma(1.0, 1.0)}), data={"thetta": 1.0})
guide = handlers.block(written_guide, hide=["scale"])
