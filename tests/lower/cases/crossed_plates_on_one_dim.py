# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import deterministic, factor, param, plate, plate_stack, sample, subsample


def model(y):
    m = sample("m", dist.Normal(0.0, 1.0))
    rows, columns = plate("rows", y.shape[0], dim=-1), plate("columns", y.shape[1], dim=len(y.shape) - 3)
    with rows, columns:
        sample("y", dist.Normal(m, 1.0), obs=y)


def guide(y):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))


args = (np.ones((4, 4)),)
