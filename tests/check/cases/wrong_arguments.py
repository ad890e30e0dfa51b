# ruff: noqa
# fmt: off
import vicompile.distributions as dist
from vicompile.language import plate, sample


def centre(x, y):
    return x + y


def model():
    sample("a", dist.Beta(2.0))
    sample("b", dist.Normal(0.0, 1.0, 2.0))
    sample("c", dist.Normal(0.0, sclae=2.0))
    sample("d", dist.Normal(0.0, loc=2.0))
    sample("e", dist.Bernoulli(0.5, logits=0.0))
    sample("f", dist.Bernoulli())
    sample("g", dist.Normal(0.0, 1.0), observed=3.0)
    sample("h")
    sample("i", dist.Normal(centre(1.0), 1.0))


guide = None
