# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import deterministic, factor, param, plate, sample


class Tensor:
    """As an array on another device."""

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("copy the tensor to host memory first\nand more")


def model(y):
    m = sample("m", dist.Normal(0.0, 1.0))
    factor("f", m * np.sum(y))


def guide(y):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))


args = (Tensor(),)
