"""Logistic regression on made-up rows: Normal(0, 1) weights and bias, mean-field Normal guide."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from benchmarks.workload import AdamSettings, Array, Data, Limit, Parameters, Program, Workload

START_SCALE = 0.1
ADAM = AdamSettings(0.01)
NAMES = ("w_loc", "w_scale", "b_loc", "b_scale")


def make_data(rows: int, columns: int) -> Data:
    """(x of shape (rows, columns), 0/1 labels of shape (rows,)), drawn from the model with small weights, seed 7."""
    rng = np.random.default_rng(7)
    x = rng.standard_normal((rows, columns))
    weights = 0.3 * rng.standard_normal(columns)
    probability = 1.0 / (1.0 + np.exp(-(x @ weights + 0.2)))
    return x, (rng.random(rows) < probability).astype(np.float64)


def vicompile_program(columns: int) -> Program:
    import vicompile as vc
    import vicompile.distributions as dist
    from vicompile import constraints

    start_loc, start_scale = np.zeros(columns), np.full(columns, START_SCALE)

    @vc.model
    def model(x, y):  # type: ignore[no-untyped-def]
        with vc.plate("columns", x.shape[1]):
            w = vc.sample("w", dist.Normal(0.0, 1.0))
        b = vc.sample("b", dist.Normal(0.0, 1.0))
        with vc.plate("rows", x.shape[0]):
            vc.sample("obs", dist.Bernoulli(logits=x @ w + b), obs=y)

    @vc.guide
    def guide(x, y):  # type: ignore[no-untyped-def]
        w_loc = vc.param("w_loc", start_loc)
        w_scale = vc.param("w_scale", start_scale, constraint=constraints.positive)
        b_loc = vc.param("b_loc", 0.0)
        b_scale = vc.param("b_scale", 0.1, constraint=constraints.positive)
        with vc.plate("columns", x.shape[1]):
            vc.sample("w", dist.Normal(w_loc, w_scale))
        vc.sample("b", dist.Normal(b_loc, b_scale))

    return model, guide


def numpyro_program(columns: int, columns_first: bool) -> Program:
    import jax.numpy as jnp
    import numpyro
    import numpyro.distributions as dist

    def model(x: Any, y: Any) -> None:
        with numpyro.plate("columns", columns):
            w = numpyro.sample("w", dist.Normal(0.0, 1.0))
        b = numpyro.sample("b", dist.Normal(0.0, 1.0))
        with numpyro.plate("rows", y.shape[0]):
            numpyro.sample("obs", dist.Bernoulli(logits=(w @ x if columns_first else x @ w) + b), obs=y)

    def guide(x: Any, y: Any) -> None:
        positive = dist.constraints.positive
        w_loc = numpyro.param("w_loc", jnp.zeros(columns))
        w_scale = numpyro.param("w_scale", jnp.full(columns, START_SCALE), constraint=positive)
        b_loc = numpyro.param("b_loc", 0.0)
        b_scale = numpyro.param("b_scale", START_SCALE, constraint=positive)
        with numpyro.plate("columns", columns):
            numpyro.sample("w", dist.Normal(w_loc, w_scale))
        numpyro.sample("b", dist.Normal(b_loc, b_scale))

    return model, guide


def pyro_program(columns: int) -> Program:
    import pyro
    import pyro.distributions as dist
    import torch

    def model(x: Any, y: Any) -> None:
        with pyro.plate("columns", columns):
            w = pyro.sample("w", dist.Normal(torch.tensor(0.0), torch.tensor(1.0)))
        b = pyro.sample("b", dist.Normal(torch.tensor(0.0), torch.tensor(1.0)))
        with pyro.plate("rows", x.shape[0]):
            pyro.sample("obs", dist.Bernoulli(logits=x @ w + b), obs=y)

    def guide(x: Any, y: Any) -> None:
        positive = dist.constraints.positive
        w_loc = pyro.param("w_loc", torch.zeros(columns))
        w_scale = pyro.param("w_scale", torch.full((columns,), START_SCALE), constraint=positive)
        b_loc = pyro.param("b_loc", torch.tensor(0.0))
        b_scale = pyro.param("b_scale", torch.tensor(START_SCALE), constraint=positive)
        with pyro.plate("columns", columns):
            pyro.sample("w", dist.Normal(w_loc, w_scale))
        pyro.sample("b", dist.Normal(b_loc, b_scale))

    return model, guide


def by_hand(data: Data, steps: int, seed: int) -> tuple[Parameters, Array]:
    """Run the kernel of `limits.logistic`."""
    from benchmarks.limits import logistic as kernels

    x, y = data
    start = np.zeros((2, x.shape[1] + 1))
    start[1] = np.log(START_SCALE)
    status, fitted, losses = kernels.fit(x, y, steps, seed, start, ADAM.as_array())
    if status != 0:
        raise ArithmeticError(f"the hand-written logistic fit ended with status {status}")
    loc, scale = fitted[0], np.exp(fitted[1])
    values = (loc[:-1], scale[:-1], loc[-1], scale[-1])
    return dict(zip(NAMES, map(np.asarray, values), strict=True)), losses


def elbo(parameters: Parameters, data: Data) -> float:
    """The ELBO: each row's score is Normal under the guide, so that the likelihood is a Gauss-Hermite sum per row."""
    x, y = data
    w_loc, w_scale, b_loc, b_scale = (parameters[name] for name in NAMES)
    mean = x @ w_loc + b_loc
    spread = np.sqrt((x * x) @ (w_scale * w_scale) + b_scale * b_scale)
    nodes, weights = np.polynomial.hermite_e.hermegauss(24)
    likelihood = np.sum(y * mean)
    for node, weight in zip(nodes, weights / weights.sum(), strict=True):
        likelihood -= weight * np.sum(np.logaddexp(0.0, mean + spread * node))
    loc, scale = np.append(w_loc, b_loc), np.append(w_scale, b_scale)
    divergence = 0.5 * np.sum(loc**2 + scale**2 - 1.0) - np.sum(np.log(scale))
    return float(likelihood - divergence)


def logistic_workload(name: str, rows: int, columns: int) -> Workload:
    """Logistic regression of the given size."""
    return Workload(
        name=name,
        title=f"logistic regression, N={rows:,} D={columns}: mean-field Normal guide, Adam 0.01",
        make_data=partial(make_data, rows, columns),
        adam=ADAM,
        particles=1,
        programs={
            "vicompile": partial(vicompile_program, columns),
            "numpyro": partial(numpyro_program, columns, False),
            "numpyro, columns first": partial(numpyro_program, columns, True),
            "pyro": partial(pyro_program, columns),
            "pyro, columns first": partial(pyro_program, columns),
        },
        # XLA multiplies by a transposed matrix faster, and torch by one in Fortran order, than by x as it comes.
        arrange={
            "numpyro, columns first": lambda data: (np.ascontiguousarray(data[0].T), data[1]),
            "pyro, columns first": lambda data: (np.asfortranarray(data[0]), data[1]),
        },
        limits=(Limit("limit", by_hand),),
        elbo=elbo,
        first_steps=10,
        agreement_steps=200,
    )
