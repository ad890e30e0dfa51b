import vicompile as vc
import vicompile.distributions as dist
from vicompile.handlers import block
from vicompile.infer.autoguide import AutoDAIS, AutoGuideList, AutoNormal


def model():
    mu = vc.sample("mu", dist.Normal(0.0, 1.0))
    vc.sample("x", dist.Normal(mu, 1.0))


guide = AutoGuideList(model)
guide.append(AutoNormal(block(model, expose=["mu"])))
guide.append(AutoDAIS(block(model, hide=["mu"])))
