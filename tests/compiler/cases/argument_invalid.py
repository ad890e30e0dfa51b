# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.language import param, sample


def model(y, df):
    m = sample("m", dist.Normal(0.0, 1.0))
    for i in range(len(y)):
        sample(f"y_{i}", dist.StudentT(df[i] - 1.0, m, 1.0), obs=y[i])


def guide(y, df):
    sample("m", dist.Normal(param("loc", 0.0), 1.0))


args = (np.array([1.0, 2.0, -0.5]), np.array([3.0, 4.0, 0.5]))
