"""A Gaussian process with a squared exponential kernel, its function integrated out, and three hyperparameters."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from benchmarks.workload import AdamSettings, Array, Data, Limit, Parameters, Program, Workload

START_SCALE = 0.1
JITTER = 1e-6
ADAM = AdamSettings(0.01)
LATENTS = ("amplitude", "length", "noise")


def make_data(points: int) -> Data:
    """(places of shape (points,), in order; values: a sine with noise of 0.3), seed 3."""
    rng = np.random.default_rng(3)
    x = np.sort(rng.uniform(0.0, 10.0, points))
    return x, np.sin(x) + 0.3 * rng.standard_normal(points)


def vicompile_program() -> Program:
    from scipy.linalg import solve_triangular

    import vicompile as vc
    import vicompile.distributions as dist
    from vicompile import constraints

    @vc.model
    def model(x, y):  # type: ignore[no-untyped-def]
        amplitude = vc.sample("amplitude", dist.LogNormal(0.0, 1.0))
        length = vc.sample("length", dist.LogNormal(0.0, 1.0))
        noise = vc.sample("noise", dist.LogNormal(0.0, 1.0))
        distance = (x[:, None] - x[None, :]) / length
        diagonal = (noise**2 + 1e-6) * np.eye(len(x))
        root = np.linalg.cholesky(amplitude**2 * np.exp(-0.5 * distance**2) + diagonal)
        z = solve_triangular(root, y, lower=True)
        constant = 0.5 * len(x) * np.log(2.0 * np.pi)
        vc.factor("y", -0.5 * np.sum(z * z) - np.sum(np.log(np.diagonal(root))) - constant)

    @vc.guide
    def guide(x, y):  # type: ignore[no-untyped-def]
        for name in ("amplitude", "length", "noise"):
            loc = vc.param(f"{name}_loc", 0.0)
            scale = vc.param(f"{name}_scale", 0.1, constraint=constraints.positive)
            vc.sample(name, dist.LogNormal(loc, scale))

    return model, guide


def numpyro_program() -> Program:
    import jax.numpy as jnp
    import numpyro
    import numpyro.distributions as dist

    def model(x: Any, y: Any) -> None:
        amplitude = numpyro.sample("amplitude", dist.LogNormal(0.0, 1.0))
        length = numpyro.sample("length", dist.LogNormal(0.0, 1.0))
        noise = numpyro.sample("noise", dist.LogNormal(0.0, 1.0))
        distance = (x[:, None] - x[None, :]) / length
        matrix = amplitude**2 * jnp.exp(-0.5 * distance**2) + (noise**2 + JITTER) * jnp.eye(x.shape[0])
        numpyro.sample("y", dist.MultivariateNormal(jnp.zeros(x.shape[0]), covariance_matrix=matrix), obs=y)

    def guide(x: Any, y: Any) -> None:
        for name in LATENTS:
            loc = numpyro.param(f"{name}_loc", 0.0)
            scale = numpyro.param(f"{name}_scale", START_SCALE, constraint=dist.constraints.positive)
            numpyro.sample(name, dist.LogNormal(loc, scale))

    return model, guide


def pyro_program() -> Program:
    import pyro
    import pyro.distributions as dist
    import torch

    def model(x: Any, y: Any) -> None:
        zero, one = torch.tensor(0.0), torch.tensor(1.0)
        amplitude = pyro.sample("amplitude", dist.LogNormal(zero, one))
        length = pyro.sample("length", dist.LogNormal(zero, one))
        noise = pyro.sample("noise", dist.LogNormal(zero, one))
        distance = (x[:, None] - x[None, :]) / length
        matrix = amplitude**2 * torch.exp(-0.5 * distance**2) + (noise**2 + JITTER) * torch.eye(x.shape[0])
        root = torch.linalg.cholesky(matrix)
        pyro.sample("y", dist.MultivariateNormal(torch.zeros(x.shape[0]), scale_tril=root), obs=y)

    def guide(x: Any, y: Any) -> None:
        for name in LATENTS:
            loc = pyro.param(f"{name}_loc", torch.tensor(0.0))
            scale = pyro.param(f"{name}_scale", torch.tensor(START_SCALE), constraint=dist.constraints.positive)
            pyro.sample(name, dist.LogNormal(loc, scale))

    return model, guide


def by_hand(data: Data, steps: int, seed: int) -> tuple[Parameters, Array]:
    """Run the kernel of `limits.gaussian_process`; ArithmeticError where a matrix had no Cholesky factor."""
    from benchmarks.limits import gaussian_process as kernels

    start = np.zeros((2, 3))
    start[1] = np.log(START_SCALE)
    status, fitted, losses = kernels.fit(*data, steps, seed, start, ADAM.as_array())
    if status != 0:
        raise ArithmeticError("a covariance matrix of the hand-written Gaussian process has no Cholesky factor")
    parameters = {f"{name}_loc": np.asarray(fitted[0, i]) for i, name in enumerate(LATENTS)}
    return parameters | {f"{name}_scale": np.asarray(np.exp(fitted[1, i])) for i, name in enumerate(LATENTS)}, losses


def elbo(parameters: Parameters, data: Data) -> float:
    """The ELBO by Gauss-Hermite sums over the logarithms of the three hyperparameters: 16 points each.

    For each length scale one eigendecomposition makes the density of all amplitudes and noises cheap.
    """
    x, y = data
    loc = [float(parameters[f"{name}_loc"]) for name in LATENTS]
    scale = [float(parameters[f"{name}_scale"]) for name in LATENTS]
    nodes, weights = np.polynomial.hermite_e.hermegauss(16)
    weights = weights / weights.sum()
    amplitude, length, noise = (np.exp(m + s * nodes) for m, s in zip(loc, scale, strict=True))
    likelihood = 0.0
    for one, weight in zip(length, weights, strict=True):
        values, vectors = np.linalg.eigh(np.exp(-0.5 * ((x[:, None] - x[None, :]) / one) ** 2))
        squares = (vectors.T @ y) ** 2
        spectrum = amplitude[:, None, None] ** 2 * values + noise[:, None] ** 2 + JITTER
        densities = -0.5 * np.sum(squares / spectrum + np.log(2.0 * np.pi * spectrum), axis=-1)
        likelihood += weight * weights @ densities @ weights
    # Prior and guide are Normal in the logarithm, where their Jacobians cancel.
    divergence = sum(0.5 * (m * m + s * s - 1.0) - np.log(s) for m, s in zip(loc, scale, strict=True))
    return float(likelihood - divergence)


def gaussian_process_workload(name: str, points: int) -> Workload:
    """The process at the given number of points."""
    return Workload(
        name=name,
        title=f"Gaussian process, N={points}: squared exponential kernel, Cholesky, LogNormal guide, Adam 0.01",
        make_data=partial(make_data, points),
        adam=ADAM,
        particles=1,
        programs={"vicompile": vicompile_program, "numpyro": numpyro_program, "pyro": pyro_program},
        limits=(Limit("limit", by_hand),),
        elbo=elbo,
        first_steps=10,
        agreement_steps=300,
    )
