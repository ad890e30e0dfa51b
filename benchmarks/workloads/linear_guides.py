"""What regressions of counts share: mean-field Normal guides over weights `w` and a bias `b`, and their arithmetic."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from benchmarks.workload import Array, Data, Parameters, Program

START_SCALE = 0.1
# XLA multiplies by a transposed matrix faster, and torch by one in Fortran order, than by x as it comes.
COLUMNS_FIRST: dict[str, Callable[[Data], Data]] = {
    "numpyro, columns first": lambda data: (np.ascontiguousarray(data[0].T), data[1]),
    "pyro, columns first": lambda data: (np.asfortranarray(data[0]), data[1]),
}


def programs(
    columns: int, vicompile: Callable[..., Program], numpyro: Callable[..., Program], pyro: Callable[..., Program]
) -> dict[str, Callable[[], Program]]:
    """The five programs of a regression: each peer with the matrix as it comes, and as it likes it best."""
    return {
        "vicompile": partial(vicompile, columns),
        "numpyro": partial(numpyro, columns, False),
        "numpyro, columns first": partial(numpyro, columns, True),
        "pyro": partial(pyro, columns),
        "pyro, columns first": partial(pyro, columns),
    }


def vicompile_guide(columns: int) -> Any:
    """Guide of two arguments, x and y."""
    import vicompile as vc
    import vicompile.distributions as dist
    from vicompile import constraints

    start_loc, start_scale = np.zeros(columns), np.full(columns, START_SCALE)

    @vc.guide
    def guide(x, y):  # type: ignore[no-untyped-def]
        w_loc = vc.param("w_loc", start_loc)
        w_scale = vc.param("w_scale", start_scale, constraint=constraints.positive)
        b_loc = vc.param("b_loc", 0.0)
        b_scale = vc.param("b_scale", 0.1, constraint=constraints.positive)
        with vc.plate("columns", x.shape[1]):
            vc.sample("w", dist.Normal(w_loc, w_scale))
        vc.sample("b", dist.Normal(b_loc, b_scale))

    return guide


def numpyro_guide(columns: int) -> Any:
    """The same in NumPyro."""
    import jax.numpy as jnp
    import numpyro
    import numpyro.distributions as dist

    def guide(x: Any, y: Any) -> None:
        positive = dist.constraints.positive
        w_loc = numpyro.param("w_loc", jnp.zeros(columns))
        w_scale = numpyro.param("w_scale", jnp.full(columns, START_SCALE), constraint=positive)
        b_loc = numpyro.param("b_loc", 0.0)
        b_scale = numpyro.param("b_scale", START_SCALE, constraint=positive)
        with numpyro.plate("columns", columns):
            numpyro.sample("w", dist.Normal(w_loc, w_scale))
        numpyro.sample("b", dist.Normal(b_loc, b_scale))

    return guide


def pyro_guide(columns: int) -> Any:
    """The same in Pyro."""
    import pyro
    import pyro.distributions as dist
    import torch

    def guide(x: Any, y: Any) -> None:
        positive = dist.constraints.positive
        w_loc = pyro.param("w_loc", torch.zeros(columns))
        w_scale = pyro.param("w_scale", torch.full((columns,), START_SCALE), constraint=positive)
        b_loc = pyro.param("b_loc", torch.tensor(0.0))
        b_scale = pyro.param("b_scale", torch.tensor(START_SCALE), constraint=positive)
        with pyro.plate("columns", columns):
            pyro.sample("w", dist.Normal(w_loc, w_scale))
        pyro.sample("b", dist.Normal(b_loc, b_scale))

    return guide


def start_by_hand(latents: int) -> Array:
    """Locations and log scales, shape (2, latents), as the hand-written fits take them."""
    start = np.zeros((2, latents))
    start[1] = np.log(START_SCALE)
    return start


def named(fitted: Array) -> Parameters:
    """The fitted locations and log scales, weights first and the bias after them, by the names of the guides."""
    columns = fitted.shape[1] - 1
    loc, scale = fitted[0], np.exp(fitted[1])
    values = {"w_loc": loc[:columns], "w_scale": scale[:columns], "b_loc": loc[columns], "b_scale": scale[columns]}
    return {name: np.asarray(value) for name, value in values.items()}


def scores(parameters: Parameters, x: Array) -> tuple[Array, Array]:
    """Mean and variance of each row's x @ w + b under the guide."""
    mean = x @ parameters["w_loc"] + parameters["b_loc"]
    return mean, (x * x) @ parameters["w_scale"] ** 2 + parameters["b_scale"] ** 2


def divergence(parameters: Parameters) -> float:
    """Of the guide from the standard Normal priors of w and b."""
    loc = np.append(parameters["w_loc"], parameters["b_loc"])
    scale = np.append(parameters["w_scale"], parameters["b_scale"])
    return float(0.5 * np.sum(loc**2 + scale**2 - 1.0) - np.sum(np.log(scale)))


def log_factorials(counts: Array) -> float:
    """Sum of log(count!)."""
    from scipy.special import gammaln

    return float(np.sum(gammaln(counts + 1.0)))
