# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile import sample


class Normal:
    """NumPyro's and Pyro's declare the constraints of their arguments too."""

    arg_constraints = {"loc": None, "scale": None}

    def __init__(self, loc, scale):
        self.loc, self.scale = loc, scale


Normal.__module__ = "numpyro.distributions.continuous"


def model(y):
    z = sample("z", Normal(0.0, 1.0))
    sample("y", dist.Normal(z, 1.0), obs=y)


guide = None
args = (np.zeros(3),)
