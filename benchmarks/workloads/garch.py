"""GARCH(1, 1) on a made-up series: four latents on the real line, mean-field Normal guide."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from benchmarks.workload import AdamSettings, Array, Data, Limit, Parameters, Program, Workload

START_SCALE = 0.1
ADAM = AdamSettings(0.01)
LATENTS = ("mu", "log_a0", "logit_a1", "logit_b1")


def make_data(days: int) -> Data:
    """(returns of shape (days,)), drawn from the model, seed 10."""
    rng = np.random.default_rng(10)
    noise = rng.standard_normal(days)
    y = np.empty(days)
    variance = 1.0
    for t in range(days):
        if t > 0:
            variance = 0.1 + 0.15 * (y[t - 1] - 0.05) ** 2 + 0.75 * variance
        y[t] = 0.05 + np.sqrt(variance) * noise[t]
    return (y,)


def vicompile_program() -> Program:
    import vicompile as vc
    import vicompile.distributions as dist
    from vicompile import constraints

    @vc.model
    def model(y):  # type: ignore[no-untyped-def]
        mu = vc.sample("mu", dist.Normal(0.0, 1.0))
        a0 = np.exp(vc.sample("log_a0", dist.Normal(-2.0, 1.0)))
        a1 = 1.0 / (1.0 + np.exp(-vc.sample("logit_a1", dist.Normal(-2.0, 1.0))))
        b1 = 1.0 / (1.0 + np.exp(-vc.sample("logit_b1", dist.Normal(1.0, 1.0))))
        variance = 1.0
        vc.sample("y_0", dist.Normal(mu, 1.0), obs=y[0])
        for t in range(1, len(y)):
            variance = a0 + a1 * (y[t - 1] - mu) ** 2 + b1 * (1.0 - a1) * variance
            vc.sample(f"y_{t}", dist.Normal(mu, np.sqrt(variance)), obs=y[t])

    @vc.guide
    def guide(y):  # type: ignore[no-untyped-def]
        for name in ("mu", "log_a0", "logit_a1", "logit_b1"):
            loc = vc.param(f"{name}_loc", 0.0)
            scale = vc.param(f"{name}_scale", 0.1, constraint=constraints.positive)
            vc.sample(name, dist.Normal(loc, scale))

    return model, guide


def numpyro_program() -> Program:
    import jax
    import jax.numpy as jnp
    import numpyro
    import numpyro.distributions as dist

    def model(y: Any) -> None:
        mu = numpyro.sample("mu", dist.Normal(0.0, 1.0))
        a0 = jnp.exp(numpyro.sample("log_a0", dist.Normal(-2.0, 1.0)))
        a1 = jax.nn.sigmoid(numpyro.sample("logit_a1", dist.Normal(-2.0, 1.0)))
        b1 = jax.nn.sigmoid(numpyro.sample("logit_b1", dist.Normal(1.0, 1.0))) * (1.0 - a1)

        def step(variance: Any, square: Any) -> Any:
            variance = a0 + a1 * square + b1 * variance
            return variance, variance

        _, later = jax.lax.scan(step, 1.0, (y[:-1] - mu) ** 2)
        scale = jnp.sqrt(jnp.concatenate([jnp.ones(1), later]))
        with numpyro.plate("days", y.shape[0]):
            numpyro.sample("y", dist.Normal(mu, scale), obs=y)

    def guide(y: Any) -> None:
        for name in LATENTS:
            loc = numpyro.param(f"{name}_loc", 0.0)
            scale = numpyro.param(f"{name}_scale", START_SCALE, constraint=dist.constraints.positive)
            numpyro.sample(name, dist.Normal(loc, scale))

    return model, guide


def pyro_program() -> Program:
    import pyro
    import pyro.distributions as dist
    import torch

    def model(y: Any) -> None:
        one = torch.tensor(1.0)
        mu = pyro.sample("mu", dist.Normal(torch.tensor(0.0), one))
        a0 = torch.exp(pyro.sample("log_a0", dist.Normal(torch.tensor(-2.0), one)))
        a1 = torch.sigmoid(pyro.sample("logit_a1", dist.Normal(torch.tensor(-2.0), one)))
        b1 = torch.sigmoid(pyro.sample("logit_b1", dist.Normal(torch.tensor(1.0), one))) * (1.0 - a1)
        # All that can be is done for all days at once: the loop has one operation a day.
        variances = [one]
        for term in (a0 + a1 * (y[:-1] - mu) ** 2).unbind():
            variances.append(torch.addcmul(term, b1, variances[-1]))
        with pyro.plate("days", y.shape[0]):
            pyro.sample("y", dist.Normal(mu, torch.stack(variances).sqrt()), obs=y)

    def guide(y: Any) -> None:
        for name in LATENTS:
            loc = pyro.param(f"{name}_loc", torch.tensor(0.0))
            scale = pyro.param(f"{name}_scale", torch.tensor(START_SCALE), constraint=dist.constraints.positive)
            pyro.sample(name, dist.Normal(loc, scale))

    return model, guide


def by_hand(data: Data, steps: int, seed: int) -> tuple[Parameters, Array]:
    """Run the kernel of `limits.garch`."""
    from benchmarks.limits import garch as kernels

    start = np.zeros((2, 4))
    start[1] = np.log(START_SCALE)
    fitted, losses = kernels.fit(*data, steps, seed, start, ADAM.as_array())
    parameters = {f"{name}_loc": np.asarray(fitted[0, i]) for i, name in enumerate(LATENTS)}
    return parameters | {f"{name}_scale": np.asarray(np.exp(fitted[1, i])) for i, name in enumerate(LATENTS)}, losses


def elbo(parameters: Parameters, data: Data) -> float:
    """The ELBO by a Gauss-Hermite sum over the four latents, 7 points each, all points in step through the days."""
    (y,) = data
    loc = np.array([float(parameters[f"{name}_loc"]) for name in LATENTS])
    scale = np.array([float(parameters[f"{name}_scale"]) for name in LATENTS])
    nodes, weights = np.polynomial.hermite_e.hermegauss(7)
    grid = np.stack(np.meshgrid(*[nodes] * 4, indexing="ij"), axis=-1).reshape(-1, 4)
    weight = np.prod(
        np.stack(np.meshgrid(*[weights / weights.sum()] * 4, indexing="ij"), axis=-1).reshape(-1, 4), axis=1
    )
    mu, log_a0, logit_a1, logit_b1 = (loc + scale * grid).T
    a0, a1 = np.exp(log_a0), 1.0 / (1.0 + np.exp(-logit_a1))
    b1 = (1.0 - a1) / (1.0 + np.exp(-logit_b1))
    variance = np.ones_like(mu)
    square = (y[0] - mu) ** 2
    density = -0.5 * square
    for value in y[1:]:
        variance = a0 + a1 * square + b1 * variance
        square = (value - mu) ** 2
        density -= 0.5 * (np.log(variance) + square / variance)
    likelihood = weight @ density - 0.5 * y.size * np.log(2.0 * np.pi)
    prior = np.array([0.0, -2.0, -2.0, 1.0])
    return float(likelihood - np.sum(0.5 * ((loc - prior) ** 2 + scale**2 - 1.0) - np.log(scale)))


def garch_workload(name: str, days: int) -> Workload:
    """The model over the given number of days."""
    return Workload(
        name=name,
        title=f"GARCH(1, 1), T={days:,}: mean-field Normal guide, Adam 0.01",
        make_data=partial(make_data, days),
        adam=ADAM,
        particles=1,
        programs={"vicompile": vicompile_program, "numpyro": numpyro_program, "pyro": pyro_program},
        limits=(Limit("limit", by_hand),),
        elbo=elbo,
        first_steps=3,
        agreement_steps=10,
        can_be_traced=False,
    )
