"""Eight schools (Rubin 1981), non-centred, with a mean-field guide: Normal, LogNormal for tau, Normal."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from benchmarks.workload import AdamSettings, Array, Data, Limit, Parameters, Program, Workload

SCHOOLS = 8
START_SCALE = 0.1
ADAM = AdamSettings(0.01)
NAMES = ("mu_loc", "mu_scale", "tau_loc", "tau_scale", "theta_loc", "theta_scale")


def make_data() -> Data:
    """(effects, standard errors), each of shape (8,)."""
    return (
        np.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0]),
        np.array([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0]),
    )


def vicompile_program() -> Program:
    import vicompile as vc
    import vicompile.distributions as dist
    from vicompile import constraints

    @vc.model
    def model(y, sigma):  # type: ignore[no-untyped-def]
        mu = vc.sample("mu", dist.Normal(0.0, 5.0))
        tau = vc.sample("tau", dist.HalfCauchy(5.0))
        with vc.plate("schools", len(y)):
            theta = vc.sample("theta", dist.Normal(0.0, 1.0))
            vc.sample("obs", dist.Normal(mu + tau * theta, sigma), obs=y)

    @vc.guide
    def guide(y, sigma):  # type: ignore[no-untyped-def]
        mu_loc = vc.param("mu_loc", 0.0)
        mu_scale = vc.param("mu_scale", 0.1, constraint=constraints.positive)
        tau_loc = vc.param("tau_loc", 0.0)
        tau_scale = vc.param("tau_scale", 0.1, constraint=constraints.positive)
        theta_loc = vc.param("theta_loc", np.zeros(8))
        theta_scale = vc.param("theta_scale", np.full(8, 0.1), constraint=constraints.positive)
        vc.sample("mu", dist.Normal(mu_loc, mu_scale))
        vc.sample("tau", dist.LogNormal(tau_loc, tau_scale))
        with vc.plate("schools", len(y)):
            vc.sample("theta", dist.Normal(theta_loc, theta_scale))

    return model, guide


def numpyro_program() -> Program:
    import jax.numpy as jnp
    import numpyro
    import numpyro.distributions as dist

    def model(y: Any, sigma: Any) -> None:
        mu = numpyro.sample("mu", dist.Normal(0.0, 5.0))
        tau = numpyro.sample("tau", dist.HalfCauchy(5.0))
        with numpyro.plate("schools", SCHOOLS):
            theta = numpyro.sample("theta", dist.Normal(0.0, 1.0))
            numpyro.sample("obs", dist.Normal(mu + tau * theta, sigma), obs=y)

    def guide(y: Any, sigma: Any) -> None:
        positive = dist.constraints.positive
        mu_loc = numpyro.param("mu_loc", 0.0)
        mu_scale = numpyro.param("mu_scale", START_SCALE, constraint=positive)
        tau_loc = numpyro.param("tau_loc", 0.0)
        tau_scale = numpyro.param("tau_scale", START_SCALE, constraint=positive)
        theta_loc = numpyro.param("theta_loc", jnp.zeros(SCHOOLS))
        theta_scale = numpyro.param("theta_scale", jnp.full(SCHOOLS, START_SCALE), constraint=positive)
        numpyro.sample("mu", dist.Normal(mu_loc, mu_scale))
        numpyro.sample("tau", dist.LogNormal(tau_loc, tau_scale))
        with numpyro.plate("schools", SCHOOLS):
            numpyro.sample("theta", dist.Normal(theta_loc, theta_scale))

    return model, guide


def pyro_program() -> Program:
    import pyro
    import pyro.distributions as dist
    import torch

    def model(y: Any, sigma: Any) -> None:
        mu = pyro.sample("mu", dist.Normal(torch.tensor(0.0), torch.tensor(5.0)))
        tau = pyro.sample("tau", dist.HalfCauchy(torch.tensor(5.0)))
        with pyro.plate("schools", SCHOOLS):
            theta = pyro.sample("theta", dist.Normal(torch.tensor(0.0), torch.tensor(1.0)))
            pyro.sample("obs", dist.Normal(mu + tau * theta, sigma), obs=y)

    def guide(y: Any, sigma: Any) -> None:
        positive = dist.constraints.positive
        mu_loc = pyro.param("mu_loc", torch.tensor(0.0))
        mu_scale = pyro.param("mu_scale", torch.tensor(START_SCALE), constraint=positive)
        tau_loc = pyro.param("tau_loc", torch.tensor(0.0))
        tau_scale = pyro.param("tau_scale", torch.tensor(START_SCALE), constraint=positive)
        theta_loc = pyro.param("theta_loc", torch.zeros(SCHOOLS))
        theta_scale = pyro.param("theta_scale", torch.full((SCHOOLS,), START_SCALE), constraint=positive)
        pyro.sample("mu", dist.Normal(mu_loc, mu_scale))
        pyro.sample("tau", dist.LogNormal(tau_loc, tau_scale))
        with pyro.plate("schools", SCHOOLS):
            pyro.sample("theta", dist.Normal(theta_loc, theta_scale))

    return model, guide


def by_hand(particles: int, data: Data, steps: int, seed: int) -> tuple[Parameters, Array]:
    """Run the kernel of `limits.eight_schools`."""
    from benchmarks.limits import eight_schools as kernels

    start = np.zeros(kernels.PARAMETERS)
    start[SCHOOLS : 2 * SCHOOLS] = np.log(START_SCALE)
    start[[kernels.MU_SCALE, kernels.TAU_SCALE]] = np.log(START_SCALE)
    settings = ADAM.as_array()
    if particles == 1:
        status, fitted, losses = kernels.fit_one_particle(*data, steps, seed, start, settings)
    else:
        status, fitted, losses = kernels.fit_particles(*data, particles, steps, seed, start, settings)
    if status != 0:
        raise ValueError(f"the hand-written fit takes {SCHOOLS} schools and 1 to {kernels.MAX_PARTICLES} particles")
    values = (
        fitted[kernels.MU_LOC],
        np.exp(fitted[kernels.MU_SCALE]),
        fitted[kernels.TAU_LOC],
        np.exp(fitted[kernels.TAU_SCALE]),
        fitted[:SCHOOLS],
        np.exp(fitted[SCHOOLS : 2 * SCHOOLS]),
    )
    return dict(zip(NAMES, map(np.asarray, values), strict=True)), losses


def elbo(parameters: Parameters, data: Data) -> float:
    """The ELBO in closed form, but for E[log HalfCauchy(tau)], which is a 100-point Gauss-Hermite sum."""
    y, sigma = data
    mu, mu_scale, tau, tau_scale, theta, theta_scale = (parameters[name] for name in NAMES)
    mean_tau = np.exp(tau + 0.5 * tau_scale**2)
    mean_tau_squared = np.exp(2.0 * tau + 2.0 * tau_scale**2)
    theta_squared = theta**2 + theta_scale**2
    residual = y - mu - mean_tau * theta
    # E[(y - mu - tau*theta)^2] = square of the mean + variance of mu + variance of tau*theta.
    squares = residual**2 + mu_scale**2 + mean_tau_squared * theta_squared - (mean_tau * theta) ** 2
    two_pi = 2.0 * np.pi
    likelihood = -0.5 * np.sum(squares / sigma**2 + np.log(two_pi * sigma**2))
    nodes, weights = np.polynomial.hermite_e.hermegauss(100)
    taus = np.exp(tau + tau_scale * nodes)
    tau_prior = np.log(2.0 / (5.0 * np.pi)) - np.sum(weights * np.log1p((taus / 5.0) ** 2)) / weights.sum()
    mu_prior = -0.5 * (np.log(two_pi * 25.0) + (mu**2 + mu_scale**2) / 25.0)
    theta_prior = -0.5 * np.sum(np.log(two_pi) + theta_squared)
    entropy = (
        0.5 * 10 * (1.0 + np.log(two_pi)) + np.log(mu_scale) + tau + np.log(tau_scale) + np.sum(np.log(theta_scale))
    )
    return float(likelihood + tau_prior + mu_prior + theta_prior + entropy)


def eight_schools_workload(name: str, particles: int) -> Workload:
    """Eight schools with the given number of particles."""
    return Workload(
        name=name,
        title=f"eight schools, {particles} particle{'s' * (particles > 1)}: non-centred, mean-field guide, Adam 0.01",
        make_data=make_data,
        adam=ADAM,
        particles=particles,
        programs={"vicompile": vicompile_program, "numpyro": numpyro_program, "pyro": pyro_program},
        limits=(Limit("limit", partial(by_hand, particles)),),
        elbo=elbo,
        first_steps=100,
        agreement_steps=2000,
    )
