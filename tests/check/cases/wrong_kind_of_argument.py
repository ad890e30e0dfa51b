# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import sample


def model(y):
    loc = sample("loc", dist.FoldedDistribution(0.5))
    sample("x", dist.TruncatedDistribution(dist.Normal, low=0.0), obs=y)
    weights = dist.Categorical(logits=loc)
    sample("y", dist.MixtureGeneral(weights, dist.Normal(loc, 1.0)), obs=y)
    sample("z", dist.Mixture(weights, [dist.Normal(loc, 1.0), 2.0]), obs=y)
    sample("w", dist.TransformedDistribution(dist.Normal(loc, 1.0), 3.0), obs=y)


guide = None
