import vicompile as vc
import vicompile.distributions as dist
from vicompile.infer.autoguide import AutoStructured


def model():
    mu = vc.sample("mu", dist.Normal(0.0, 1.0))
    vc.sample("x", dist.Normal(mu, 1.0))


guide = AutoStructured(model, conditionals={"y": "mvn"}, dependencies={"x": ["nu"]})
