# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import deterministic, factor, param, plate, sample


class Config:
    width = 2.0

    def __len__(self):
        return 3

    @classmethod
    def made(cls):
        return 1.0


DEFAULT = Config()


def model(config):
    m = sample("m", dist.Normal(0.0, 1.0))
    factor("f", m if config is DEFAULT else -m)


def guide(config):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))


args = (Config(),)
