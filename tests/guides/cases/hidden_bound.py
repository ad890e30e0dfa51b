import vicompile as vc
import vicompile.distributions as dist
from vicompile.handlers import block
from vicompile.infer.autoguide import AutoNormal


@block(hide=["width"])
def model():
    width = vc.sample("width", dist.HalfNormal(1.0))
    vc.sample("x", dist.Uniform(0.0, width))


guide = AutoNormal(model)
