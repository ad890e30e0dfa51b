"""Poisson regression on made-up rows: Normal(0, 1) weights and bias, mean-field Normal guide."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from benchmarks.workload import AdamSettings, Array, Data, Limit, Parameters, Program, Workload
from benchmarks.workloads import linear_guides

ADAM = AdamSettings(0.01)


def make_data(rows: int, columns: int) -> Data:
    """(x of shape (rows, columns), counts of shape (rows,) as float64), drawn from the model, seed 8."""
    rng = np.random.default_rng(8)
    x = rng.standard_normal((rows, columns))
    weights = 0.2 * rng.standard_normal(columns)
    return x, rng.poisson(np.exp(x @ weights + 0.5)).astype(np.float64)


def vicompile_program(columns: int) -> Program:
    import vicompile as vc
    import vicompile.distributions as dist

    @vc.model
    def model(x, y):  # type: ignore[no-untyped-def]
        with vc.plate("columns", x.shape[1]):
            w = vc.sample("w", dist.Normal(0.0, 1.0))
        b = vc.sample("b", dist.Normal(0.0, 1.0))
        with vc.plate("rows", x.shape[0]):
            vc.sample("obs", dist.Poisson(np.exp(x @ w + b)), obs=y)

    return model, linear_guides.vicompile_guide(columns)


def numpyro_program(columns: int, columns_first: bool) -> Program:
    import jax.numpy as jnp
    import numpyro
    import numpyro.distributions as dist

    def model(x: Any, y: Any) -> None:
        with numpyro.plate("columns", columns):
            w = numpyro.sample("w", dist.Normal(0.0, 1.0))
        b = numpyro.sample("b", dist.Normal(0.0, 1.0))
        with numpyro.plate("rows", y.shape[0]):
            numpyro.sample("obs", dist.Poisson(jnp.exp((w @ x if columns_first else x @ w) + b)), obs=y)

    return model, linear_guides.numpyro_guide(columns)


def pyro_program(columns: int) -> Program:
    import pyro
    import pyro.distributions as dist
    import torch

    def model(x: Any, y: Any) -> None:
        with pyro.plate("columns", columns):
            w = pyro.sample("w", dist.Normal(torch.tensor(0.0), torch.tensor(1.0)))
        b = pyro.sample("b", dist.Normal(torch.tensor(0.0), torch.tensor(1.0)))
        with pyro.plate("rows", x.shape[0]):
            pyro.sample("obs", dist.Poisson(torch.exp(x @ w + b)), obs=y)

    return model, linear_guides.pyro_guide(columns)


def by_hand(data: Data, steps: int, seed: int) -> tuple[Parameters, Array]:
    """Run the kernel of `limits.poisson`."""
    from benchmarks.limits import poisson as kernels

    start = linear_guides.start_by_hand(data[0].shape[1] + 1)
    fitted, losses = kernels.fit(*data, linear_guides.log_factorials(data[1]), steps, seed, start, ADAM.as_array())
    return linear_guides.named(fitted), losses


def elbo(parameters: Parameters, data: Data) -> float:
    """The ELBO in closed form: the rate of a row is LogNormal under the guide."""
    x, y = data
    mean, variance = linear_guides.scores(parameters, x)
    likelihood = np.sum(y * mean - np.exp(mean + 0.5 * variance)) - linear_guides.log_factorials(y)
    return float(likelihood - linear_guides.divergence(parameters))


def poisson_workload(name: str, rows: int, columns: int) -> Workload:
    """Poisson regression of the given size."""
    return Workload(
        name=name,
        title=f"Poisson regression, N={rows:,} D={columns}: mean-field Normal guide, Adam 0.01",
        make_data=partial(make_data, rows, columns),
        adam=ADAM,
        particles=1,
        programs=linear_guides.programs(columns, vicompile_program, numpyro_program, pyro_program),
        arrange=linear_guides.COLUMNS_FIRST,
        limits=(Limit("limit", by_hand),),
        elbo=elbo,
        first_steps=10,
        agreement_steps=200,
    )
