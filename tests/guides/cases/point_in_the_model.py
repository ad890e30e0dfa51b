import vicompile as vc
import vicompile.distributions as dist
from vicompile.infer.autoguide import AutoNormal


def model():
    vc.sample("x", dist.Delta(1.0))


guide = AutoNormal(model)
