# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import deterministic, factor, param, plate, sample


class Config:
    def __init__(self):
        self.names, self.scale = np.array(["a", "b"]), 2.0


def model(config):
    m = sample("m", dist.Normal(0.0, 1.0))
    factor("f", m * np.sum(config.names))


def guide(config):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))


args = (Config(),)
