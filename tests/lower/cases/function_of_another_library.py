# ruff: noqa
# fmt: off
import numpy as np

import vicompile.distributions as dist
from vicompile import sample


def exp(x):
    """As in JAX or PyTorch: the body is not looked at."""
    try:
        return x
    except TypeError:
        raise


exp.__module__ = "jax.numpy"


def model(y):
    z = sample("z", dist.Normal(0.0, 1.0))
    sample("y", dist.Normal(exp(z), 1.0), obs=y)


guide = None
args = (np.zeros(3),)
