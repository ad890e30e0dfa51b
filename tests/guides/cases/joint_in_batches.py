import numpy as np

import vicompile as vc
import vicompile.distributions as dist
from vicompile.infer.autoguide import AutoMultivariateNormal


def model(y):
    mu = vc.sample("mu", dist.Normal(0.0, 1.0))
    with vc.plate("rows", len(y), subsample_size=2) as index:
        theta = vc.sample("theta", dist.Normal(mu, 1.0))
        vc.sample("y", dist.Normal(theta, 1.0), obs=y[index])


guide = AutoMultivariateNormal(model)
args = (np.zeros(5),)
