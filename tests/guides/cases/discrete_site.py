import vicompile as vc
import vicompile.distributions as dist
from vicompile.infer.autoguide import AutoNormal


def model(y):
    kind = vc.sample("kind", dist.Bernoulli(0.5))
    vc.sample("y", dist.Normal(kind, 1.0), obs=y)


guide = AutoNormal(model)
args = (0.3,)
