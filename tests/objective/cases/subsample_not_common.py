# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.infer import RenyiELBO
from vicompile.language import param, plate, sample


def model(y):
    m = sample("m", dist.Normal(0.0, 1.0))
    with plate("data", len(y), subsample_size=2) as i:
        sample("y", dist.Normal(m, 1.0), obs=y[i])


def guide(y):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))


loss = RenyiELBO()
args = (np.arange(4.0),)
