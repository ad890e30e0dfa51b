# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.infer import CustomELBO
from vicompile.language import param, sample


def model(y):
    z = sample("z", dist.Normal(0.0, 1.0))
    sample("y", dist.Normal(z, 1.0), obs=y)


def guide(y):
    sample("z", dist.Normal(param("loc", 0.0), 1.0))


def of_three(log_weights):
    return -np.mean(log_weights * np.array([0.2, 0.3, 0.5]))


loss = CustomELBO(of_three, num_particles=3)
args = (0.5,)
