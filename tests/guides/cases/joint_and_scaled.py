import vicompile as vc
import vicompile.distributions as dist
from vicompile.handlers import scale
from vicompile.infer.autoguide import AutoLowRankMultivariateNormal


def model():
    mu = vc.sample("mu", dist.Normal(0.0, 1.0))
    with scale(scale=0.5):
        vc.sample("nu", dist.Normal(mu, 1.0))


guide = AutoLowRankMultivariateNormal(model)
