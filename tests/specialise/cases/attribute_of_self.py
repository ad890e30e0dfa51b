# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import deterministic, factor, param, plate, sample


class Regression:
    def __init__(self):
        self.data = np.array([1.0, 2.0j])

    def model(self):
        m = sample("m", dist.Normal(0.0, 1.0))
        factor("f", m * np.sum(self.data))

    def guide(self):
        sample("m", dist.Normal(param("loc", 0.0), 1.0))


model, guide = Regression().model, Regression().guide
args = ()
