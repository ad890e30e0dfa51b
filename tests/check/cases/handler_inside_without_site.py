# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.handlers import condition, scope
from vicompile.language import param, sample


def part(x):
    sample("y", dist.Normal(x, 1.0))
    sample("z", dist.Normal(x, 1.0), obs=1.0)


def model(y, other):
    x = sample("x", dist.Normal(0.0, 1.0))
    condition(scope(part, prefix="a"), data={"a/y": y, "y": y})(x)
    with condition(data={"b/w": y}):
        scope(part, prefix="b")(x)
    condition(other, data={"unknown": y})(x)


def guide(y, other):
    sample("x", dist.Normal(param("loc", 0.0), 1.0))
    sample("b/y", dist.Normal(0.0, 1.0))
