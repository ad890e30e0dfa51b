import vicompile as vc
import vicompile.distributions as dist
from vicompile.infer.autoguide import AutoNormal


def model():
    scale = vc.param("x_auto_scale", 1.0)
    vc.sample("x", dist.Normal(scale, 1.0))


guide = AutoNormal(model)
