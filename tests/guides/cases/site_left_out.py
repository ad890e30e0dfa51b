import vicompile as vc
import vicompile.distributions as dist
from vicompile.handlers import block
from vicompile.infer.autoguide import AutoNormal


def model():
    mu = vc.sample("mu", dist.Normal(0.0, 1.0))
    vc.sample("x", dist.Normal(mu, 1.0))


guide = AutoNormal(block(model, hide=["x"]))
