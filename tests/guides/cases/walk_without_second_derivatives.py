import numpy as np

import vicompile as vc
import vicompile.distributions as dist
from vicompile.infer.autoguide import AutoDAIS


def model(y):
    a = vc.sample("a", dist.Gamma(2.0, 1.0))
    scale = vc.sample("scale", dist.Wishart(4.0, np.eye(2)))
    vc.sample("y", dist.MultivariateNormal(np.zeros(2), a * scale), obs=y)


guide = AutoDAIS(model)
args = (np.array([0.3, -1.0]),)
