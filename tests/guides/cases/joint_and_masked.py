import numpy as np

import vicompile as vc
import vicompile.distributions as dist
from vicompile.infer.autoguide import AutoDiagonalNormal


def model(y, known):
    mu = vc.sample("mu", dist.Normal(0.0, 1.0))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.Normal(mu, 1.0), obs=y, obs_mask=known)


guide = AutoDiagonalNormal(model)
args = (np.zeros(3), np.array([True, False, True]))
