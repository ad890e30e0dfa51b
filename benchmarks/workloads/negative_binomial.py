"""Negative binomial regression with an unknown dispersion: as `poisson`, and a LogNormal concentration `phi`."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from benchmarks.workload import AdamSettings, Array, Data, Limit, Parameters, Program, Workload
from benchmarks.workloads import linear_guides

START_SCALE = linear_guides.START_SCALE
ADAM = AdamSettings(0.01)


def make_data(rows: int, columns: int) -> Data:
    """(x of shape (rows, columns), counts of shape (rows,) as float64), drawn from the model with phi = 2, seed 9."""
    rng = np.random.default_rng(9)
    x = rng.standard_normal((rows, columns))
    weights = 0.2 * rng.standard_normal(columns)
    rate = np.exp(x @ weights + 1.0) * rng.gamma(2.0, 0.5, rows)
    return x, rng.poisson(rate).astype(np.float64)


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
        phi = vc.sample("phi", dist.LogNormal(0.0, 1.0))
        with vc.plate("rows", x.shape[0]):
            vc.sample("obs", dist.NegativeBinomial(phi, logits=x @ w + b - np.log(phi)), obs=y)

    @vc.guide
    def guide(x, y):  # type: ignore[no-untyped-def]
        w_loc = vc.param("w_loc", start_loc)
        w_scale = vc.param("w_scale", start_scale, constraint=constraints.positive)
        b_loc = vc.param("b_loc", 0.0)
        b_scale = vc.param("b_scale", 0.1, constraint=constraints.positive)
        phi_loc = vc.param("phi_loc", 0.0)
        phi_scale = vc.param("phi_scale", 0.1, constraint=constraints.positive)
        with vc.plate("columns", x.shape[1]):
            vc.sample("w", dist.Normal(w_loc, w_scale))
        vc.sample("b", dist.Normal(b_loc, b_scale))
        vc.sample("phi", dist.LogNormal(phi_loc, phi_scale))

    return model, guide


def numpyro_program(columns: int, columns_first: bool) -> Program:
    import jax.numpy as jnp
    import numpyro
    import numpyro.distributions as dist

    linear = linear_guides.numpyro_guide(columns)

    def model(x: Any, y: Any) -> None:
        with numpyro.plate("columns", columns):
            w = numpyro.sample("w", dist.Normal(0.0, 1.0))
        b = numpyro.sample("b", dist.Normal(0.0, 1.0))
        phi = numpyro.sample("phi", dist.LogNormal(0.0, 1.0))
        with numpyro.plate("rows", y.shape[0]):
            logits = (w @ x if columns_first else x @ w) + b - jnp.log(phi)
            numpyro.sample("obs", dist.NegativeBinomialLogits(phi, logits), obs=y)

    def guide(x: Any, y: Any) -> None:
        linear(x, y)
        phi_loc = numpyro.param("phi_loc", 0.0)
        phi_scale = numpyro.param("phi_scale", START_SCALE, constraint=dist.constraints.positive)
        numpyro.sample("phi", dist.LogNormal(phi_loc, phi_scale))

    return model, guide


def pyro_program(columns: int) -> Program:
    import pyro
    import pyro.distributions as dist
    import torch

    linear = linear_guides.pyro_guide(columns)

    def model(x: Any, y: Any) -> None:
        zero, one = torch.tensor(0.0), torch.tensor(1.0)
        with pyro.plate("columns", columns):
            w = pyro.sample("w", dist.Normal(zero, one))
        b = pyro.sample("b", dist.Normal(zero, one))
        phi = pyro.sample("phi", dist.LogNormal(zero, one))
        with pyro.plate("rows", x.shape[0]):
            pyro.sample("obs", dist.NegativeBinomial(phi, logits=x @ w + b - torch.log(phi)), obs=y)

    def guide(x: Any, y: Any) -> None:
        linear(x, y)
        phi_loc = pyro.param("phi_loc", torch.tensor(0.0))
        phi_scale = pyro.param("phi_scale", torch.tensor(START_SCALE), constraint=dist.constraints.positive)
        pyro.sample("phi", dist.LogNormal(phi_loc, phi_scale))

    return model, guide


def by_hand(kernel: str, data: Data, steps: int, seed: int) -> tuple[Parameters, Array]:
    """Run one of the kernels of `limits.negative_binomial`; phi is the last latent there."""
    from benchmarks.limits import negative_binomial as kernels

    x, y = data
    start = linear_guides.start_by_hand(x.shape[1] + 2)
    constant = linear_guides.log_factorials(y)
    fitted, losses = getattr(kernels, kernel)(x, y, constant, steps, seed, start, ADAM.as_array())
    phi = {"phi_loc": np.asarray(fitted[0, -1]), "phi_scale": np.asarray(np.exp(fitted[1, -1]))}
    return linear_guides.named(fitted[:, :-1]) | phi, losses


def elbo(parameters: Parameters, data: Data) -> float:
    """The ELBO by Gauss-Hermite sums: 10 points for log phi and for each row's score, both Normal under the guide."""
    from scipy.special import gammaln

    x, y = data
    mean, variance = linear_guides.scores(parameters, x)
    spread = np.sqrt(variance)
    loc, scale = float(parameters["phi_loc"]), float(parameters["phi_scale"])
    nodes, weights = np.polynomial.hermite_e.hermegauss(10)
    weights = weights / weights.sum()
    counts, times = np.unique(y, return_counts=True)
    likelihood = np.sum(y * mean) - linear_guides.log_factorials(y)
    for log_phi, weight in zip(loc + scale * nodes, weights, strict=True):
        phi = np.exp(log_phi)
        at_phi = np.sum(times * (gammaln(counts + phi) - gammaln(phi))) + y.size * phi * log_phi
        for node, other in zip(nodes, weights, strict=True):
            at_phi -= other * np.sum((y + phi) * np.logaddexp(log_phi, mean + spread * node))
        likelihood += weight * at_phi
    of_phi = 0.5 * (loc * loc + scale * scale - 1.0) - np.log(scale)
    return float(likelihood - linear_guides.divergence(parameters) - of_phi)


def negative_binomial_workload(name: str, rows: int, columns: int) -> Workload:
    """Negative binomial regression of the given size."""
    return Workload(
        name=name,
        title=f"negative binomial regression, N={rows:,} D={columns}, dispersion unknown: mean-field guide, Adam 0.01",
        make_data=partial(make_data, rows, columns),
        adam=ADAM,
        particles=1,
        programs=linear_guides.programs(columns, vicompile_program, numpyro_program, pyro_program),
        arrange=linear_guides.COLUMNS_FIRST,
        limits=(
            Limit("limit, counts grouped", partial(by_hand, "fit_with_grouped_counts")),
            Limit("limit, one pass", partial(by_hand, "fit_with_one_pass")),
        ),
        elbo=elbo,
        first_steps=10,
        agreement_steps=200,
    )
