"""A hierarchy like the radon survey: measurements in counties, intercept and slope of each county, made-up data."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from benchmarks.workload import AdamSettings, Array, Data, Limit, Parameters, Program, Workload

START_SCALE = 0.1
ADAM = AdamSettings(0.01)
TOPS = ("mu_a", "mu_b")
WIDTHS = ("sigma_a", "sigma_b", "sigma_y")
COUNTIES = ("a", "b")


def make_data(rows: int, groups: int) -> Data:
    """(county of shape (rows,), int64; floor 0.0 or 1.0; log radon), in no order of the counties, seed 12573.

    County sizes are uneven, as in the survey: their expectations are log-normal.
    """
    rng = np.random.default_rng(12573)
    weight = rng.lognormal(0.0, 1.0, groups)
    county = rng.choice(groups, rows, p=weight / weight.sum())
    county[:groups] = np.arange(groups)
    county = rng.permutation(county)
    floor = (rng.random(rows) < 0.2).astype(np.float64)
    a = 1.3 + 0.4 * rng.standard_normal(groups)
    b = -0.6 + 0.3 * rng.standard_normal(groups)
    return county, floor, a[county] + b[county] * floor + 0.75 * rng.standard_normal(rows)


def vicompile_program(groups: int) -> Program:
    import vicompile as vc
    import vicompile.distributions as dist
    from vicompile import constraints

    zeros, tenths = np.zeros(groups), np.full(groups, START_SCALE)

    @vc.model
    def model(county, floor, y):  # type: ignore[no-untyped-def]
        mu_a = vc.sample("mu_a", dist.Normal(0.0, 5.0))
        mu_b = vc.sample("mu_b", dist.Normal(0.0, 5.0))
        sigma_a = vc.sample("sigma_a", dist.LogNormal(0.0, 1.0))
        sigma_b = vc.sample("sigma_b", dist.LogNormal(0.0, 1.0))
        sigma_y = vc.sample("sigma_y", dist.LogNormal(0.0, 1.0))
        with vc.plate("counties", groups):
            a = vc.sample("a", dist.Normal(mu_a, sigma_a))
            b = vc.sample("b", dist.Normal(mu_b, sigma_b))
        with vc.plate("rows", len(y)):
            vc.sample("y", dist.Normal(a[county] + b[county] * floor, sigma_y), obs=y)

    @vc.guide
    def guide(county, floor, y):  # type: ignore[no-untyped-def]
        for name in ("mu_a", "mu_b"):
            loc = vc.param(f"{name}_loc", 0.0)
            scale = vc.param(f"{name}_scale", 0.1, constraint=constraints.positive)
            vc.sample(name, dist.Normal(loc, scale))
        for name in ("sigma_a", "sigma_b", "sigma_y"):
            loc = vc.param(f"{name}_loc", 0.0)
            scale = vc.param(f"{name}_scale", 0.1, constraint=constraints.positive)
            vc.sample(name, dist.LogNormal(loc, scale))
        with vc.plate("counties", groups):
            for name in ("a", "b"):
                loc = vc.param(f"{name}_loc", zeros)
                scale = vc.param(f"{name}_scale", tenths, constraint=constraints.positive)
                vc.sample(name, dist.Normal(loc, scale))

    return model, guide


def numpyro_program(groups: int) -> Program:
    import jax.numpy as jnp
    import numpyro
    import numpyro.distributions as dist

    def model(county: Any, floor: Any, y: Any) -> None:
        mu_a = numpyro.sample("mu_a", dist.Normal(0.0, 5.0))
        mu_b = numpyro.sample("mu_b", dist.Normal(0.0, 5.0))
        sigma_a = numpyro.sample("sigma_a", dist.LogNormal(0.0, 1.0))
        sigma_b = numpyro.sample("sigma_b", dist.LogNormal(0.0, 1.0))
        sigma_y = numpyro.sample("sigma_y", dist.LogNormal(0.0, 1.0))
        with numpyro.plate("counties", groups):
            a = numpyro.sample("a", dist.Normal(mu_a, sigma_a))
            b = numpyro.sample("b", dist.Normal(mu_b, sigma_b))
        with numpyro.plate("rows", y.shape[0]):
            numpyro.sample("y", dist.Normal(a[county] + b[county] * floor, sigma_y), obs=y)

    def guide(county: Any, floor: Any, y: Any) -> None:
        positive = dist.constraints.positive
        for names, family in ((TOPS, dist.Normal), (WIDTHS, dist.LogNormal)):
            for name in names:
                loc = numpyro.param(f"{name}_loc", 0.0)
                scale = numpyro.param(f"{name}_scale", START_SCALE, constraint=positive)
                numpyro.sample(name, family(loc, scale))
        with numpyro.plate("counties", groups):
            for name in COUNTIES:
                loc = numpyro.param(f"{name}_loc", jnp.zeros(groups))
                scale = numpyro.param(f"{name}_scale", jnp.full(groups, START_SCALE), constraint=positive)
                numpyro.sample(name, dist.Normal(loc, scale))

    return model, guide


def pyro_program(groups: int) -> Program:
    import pyro
    import pyro.distributions as dist
    import torch

    def model(county: Any, floor: Any, y: Any) -> None:
        zero, one, five = torch.tensor(0.0), torch.tensor(1.0), torch.tensor(5.0)
        mu_a = pyro.sample("mu_a", dist.Normal(zero, five))
        mu_b = pyro.sample("mu_b", dist.Normal(zero, five))
        sigma_a = pyro.sample("sigma_a", dist.LogNormal(zero, one))
        sigma_b = pyro.sample("sigma_b", dist.LogNormal(zero, one))
        sigma_y = pyro.sample("sigma_y", dist.LogNormal(zero, one))
        with pyro.plate("counties", groups):
            a = pyro.sample("a", dist.Normal(mu_a, sigma_a))
            b = pyro.sample("b", dist.Normal(mu_b, sigma_b))
        with pyro.plate("rows", y.shape[0]):
            pyro.sample("y", dist.Normal(a[county] + b[county] * floor, sigma_y), obs=y)

    def guide(county: Any, floor: Any, y: Any) -> None:
        positive = dist.constraints.positive
        for names, family in ((TOPS, dist.Normal), (WIDTHS, dist.LogNormal)):
            for name in names:
                loc = pyro.param(f"{name}_loc", torch.tensor(0.0))
                scale = pyro.param(f"{name}_scale", torch.tensor(START_SCALE), constraint=positive)
                pyro.sample(name, family(loc, scale))
        with pyro.plate("counties", groups):
            for name in COUNTIES:
                loc = pyro.param(f"{name}_loc", torch.zeros(groups))
                scale = pyro.param(f"{name}_scale", torch.full((groups,), START_SCALE), constraint=positive)
                pyro.sample(name, dist.Normal(loc, scale))

    return model, guide


def by_hand(kernel: str, data: Data, steps: int, seed: int) -> tuple[Parameters, Array]:
    """Run one of the kernels of `limits.radon`."""
    from benchmarks.limits import radon as kernels

    county, floor, y = data
    groups = int(county.max()) + 1
    start = np.zeros((2, 2 * groups + 5))
    start[1] = np.log(START_SCALE)
    fitted, losses = getattr(kernels, kernel)(county, floor, y, steps, seed, start, ADAM.as_array())
    loc, scale = fitted[0], np.exp(fitted[1])
    places: list[tuple[str, Any]] = [("a", slice(0, groups)), ("b", slice(groups, 2 * groups))]
    places += [(name, 2 * groups + i) for i, name in enumerate(TOPS + WIDTHS)]
    parameters = {f"{name}_loc": np.asarray(loc[place]) for name, place in places}
    return parameters | {f"{name}_scale": np.asarray(scale[place]) for name, place in places}, losses


def elbo(parameters: Parameters, data: Data) -> float:
    """The ELBO in closed form: squares of Normals and powers of LogNormals have known means."""
    county, floor, y = data
    loc = {name: parameters[f"{name}_loc"] for name in TOPS + WIDTHS + COUNTIES}
    variance = {name: parameters[f"{name}_scale"] ** 2 for name in loc}
    log_two_pi = np.log(2.0 * np.pi)

    def expected_normal(squares: Any, width: str) -> Any:
        """Sum of E log Normal with the mean squared deviations `squares`, divided by the square of a LogNormal."""
        precision = np.exp(-2.0 * loc[width] + 2.0 * variance[width])
        return np.sum(-0.5 * log_two_pi - loc[width] - 0.5 * squares * precision)

    mean = loc["a"][county] + loc["b"][county] * floor
    total = expected_normal((y - mean) ** 2 + variance["a"][county] + variance["b"][county] * floor**2, "sigma_y")
    for letter in COUNTIES:
        top = f"mu_{letter}"
        squares = (loc[letter] - loc[top]) ** 2 + variance[letter] + variance[top]
        total += expected_normal(squares, f"sigma_{letter}")
        total -= 0.5 * np.log(2.0 * np.pi * 25.0) + 0.5 * (loc[top] ** 2 + variance[top]) / 25.0
    # The Jacobian -log(sigma) of prior and guide cancels: what is left is a Normal prior of log(sigma).
    for width in WIDTHS:
        total -= 0.5 * log_two_pi + 0.5 * (loc[width] ** 2 + variance[width])
    for name in loc:
        total += np.sum(0.5 * (log_two_pi + 1.0) + 0.5 * np.log(variance[name]))
    return float(total)


def radon_workload(name: str, rows: int, groups: int) -> Workload:
    """The hierarchy with the given numbers of rows and counties."""
    return Workload(
        name=name,
        title=f"radon-like hierarchy, {rows:,} rows, {groups} counties: intercepts and slopes, mean-field, Adam 0.01",
        make_data=partial(make_data, rows, groups),
        adam=ADAM,
        particles=1,
        programs={
            "vicompile": partial(vicompile_program, groups),
            "numpyro": partial(numpyro_program, groups),
            "pyro": partial(pyro_program, groups),
        },
        limits=(
            Limit("limit, one pass", partial(by_hand, "fit_with_one_pass")),
            Limit("limit, sums kept", partial(by_hand, "fit_with_sums")),
        ),
        elbo=elbo,
        first_steps=10,
        agreement_steps=1000,
    )
