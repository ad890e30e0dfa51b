# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import deterministic, factor, param, plate, sample


from dataclasses import dataclass


@dataclass
class Config:
    depth: float


def model(config):
    m = sample("m", dist.Normal(0.0, 1.0))
    factor("f", m * config.depht)


def guide(config):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))


args = (Config(3.0),)
