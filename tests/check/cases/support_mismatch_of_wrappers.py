# ruff: noqa
# fmt: off
import numpy as np
import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.distributions.transforms import ExpTransform
from vicompile.language import param, sample


def model(y):
    sample("part", dist.TruncatedDistribution(dist.Normal(0.0, 1.0), low=-1.0, high=2.0))
    sample("size", dist.FoldedDistribution(dist.Normal(0.0, 1.0)))
    sample("rate", dist.TransformedDistribution(dist.Normal(0.0, 1.0), ExpTransform()))
    sample("level", dist.ImproperUniform(constraints.positive, (), ()))
    sample("line", dist.Independent(dist.Normal(np.zeros(3), 1.0), 1))
    sample("count", dist.ZeroInflatedPoisson(0.3, 2.0), obs=y)


def guide(y):
    loc = param("loc", 0.0)
    sample("part", dist.Uniform(-1.0, 3.0))
    sample("size", dist.Normal(loc, 1.0))
    sample("rate", dist.Normal(loc, 1.0))
    sample("level", dist.Normal(loc, 1.0))
    sample("line", dist.Independent(dist.LogNormal(loc * np.ones(3), 1.0), 1))
