# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import deterministic, factor, param, plate, sample


class LazyFrame:
    __module__ = "polars"
    __hash__ = None

    def collect(self):
        return {}

    def __getitem__(self, key):
        return 0.0

    def __add__(self, other):
        return self


def model(y):
    m = sample("m", dist.Normal(0.0, 1.0))
    factor("f", m * np.sum(y["a"]))


def guide(y):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))


args = (LazyFrame(),)
