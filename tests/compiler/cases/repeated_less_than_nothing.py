# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile.language import param, plate, sample


def model(y, counts):
    m = sample("m", dist.Normal(np.zeros(len(counts)), 1.0).to_event(1))
    with plate("data", len(y)):
        sample("y", dist.Normal(np.repeat(m, counts), 1.0), obs=y)


def guide(y, counts):
    sample("m", dist.Normal(param("loc", lambda: np.zeros(len(counts))), 1.0).to_event(1))


args = (np.arange(4.0), np.array([2, -1, 3]))
