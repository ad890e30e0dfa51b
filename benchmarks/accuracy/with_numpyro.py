"""NumPyro's automatic guides with Adam: the same models, the same number of steps for all, at two learning rates."""

from __future__ import annotations

import time
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
from numpyro.infer import SVI, Trace_ELBO
from numpyro.infer.autoguide import AutoMultivariateNormal, AutoNormal
from numpyro.infer.svi import SVIState

from benchmarks.accuracy.numpyro_language import density, numpyro_models
from benchmarks.accuracy.problem import Problem

numpyro.enable_x64()

GUIDES = {"fullrank": AutoMultivariateNormal, "meanfield": AutoNormal}
RATES = (0.01, 0.1)
STEPS = 20_000


def fits(problem: Problem, family: str, seeds: int) -> list[dict[str, Any]]:
    """Fits at each rate. One program is compiled for all of them, by ahead-of-time compilation.

    The guides begin as NumPyro's do: uniformly between -2 and 2, anew for each seed, with the scale 0.1.
    """
    model = numpyro_models()[problem.posterior.name]
    check(model, problem)
    guide = GUIDES[family](model)
    template = SVI(model, guide, numpyro.optim.Adam(0.01), Trace_ELBO())
    first = template.init(jax.random.PRNGKey(0), *problem.arguments)
    params = template.optim.get_params(first.optim_state)

    def run(rate: Any, key: Any, params: Any) -> Any:
        svi = SVI(model, guide, numpyro.optim.Adam(rate), Trace_ELBO())
        svi.constrain_fn = template.constrain_fn
        state = SVIState(svi.optim.init(params), None, key)
        state = jax.lax.fori_loop(0, STEPS, lambda _, s: svi.update(s, *problem.arguments)[0], state)
        return svi.get_params(state)

    begun = time.perf_counter()
    compiled = jax.jit(run).lower(0.01, jax.random.PRNGKey(0), params).compile()
    compiling = time.perf_counter() - begun
    found = []
    for rate in RATES:
        for seed in range(seeds):
            begun = time.perf_counter()
            start = _started(problem, guide, params, seed)
            fitted = jax.block_until_ready(compiled(rate, jax.random.PRNGKey(seed), start))
            seconds = time.perf_counter() - begun
            mean, factor = _gaussian(problem, guide, fitted)
            found.append(
                {"seed": seed, "rate": rate, "mean": mean, "factor": factor, "seconds": seconds, "compiling": compiling}
            )
    jax.clear_caches()
    return found


def check(model: Any, problem: Problem) -> None:
    """That the log density is ours."""
    noise = np.random.default_rng(0).normal(size=(3, problem.size))
    points = problem.unconstrained.means + problem.unconstrained.sds * noise
    theirs = np.array([float(density(model, problem)(point)) for point in points])
    np.testing.assert_allclose(theirs, problem.density(points)[0], rtol=1e-9)


def _started(problem: Problem, guide: Any, params: dict[str, Any], seed: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    while True:
        u = rng.uniform(-2.0, 2.0, problem.size)
        values, gradients = problem.density(u[None])
        if np.isfinite(values).all() and np.isfinite(gradients).all():
            break
    if "auto_loc" in params:
        return {**params, "auto_loc": jnp.asarray(u[_places(problem, guide)])}
    locs = {
        f"{slot.name}_auto_loc": jnp.asarray(u[slot.start : slot.start + slot.count].reshape(slot.unconstrained_shape))
        for slot in problem.slots
    }
    assert locs.keys() < params.keys()
    return {**params, **locs}


def _places(problem: Problem, guide: Any) -> Any:
    """Our places of the numbers of a full-rank guide's vector, whichever order it has the sites in."""
    theirs = guide._unpack_latent(jnp.arange(float(problem.size)))
    places = np.empty(problem.size, int)
    for slot in problem.slots:
        places[np.asarray(theirs[slot.name], int).ravel()] = np.arange(slot.start, slot.start + slot.count)
    return places


def _gaussian(problem: Problem, guide: Any, params: dict[str, Any]) -> tuple[Any, Any]:
    mean, factor = np.zeros(problem.size), np.zeros((problem.size, problem.size))
    if "auto_loc" in params:
        places = _places(problem, guide)
        posterior = guide.get_posterior(params)
        mean[places] = np.asarray(posterior.mean)
        covariance = np.zeros_like(factor)
        covariance[np.ix_(places, places)] = np.asarray(posterior.covariance_matrix)
        return mean, _root(covariance)
    for slot in problem.slots:
        place = slice(slot.start, slot.start + slot.count)
        mean[place] = np.asarray(params[f"{slot.name}_auto_loc"]).ravel()
        factor[range(place.start, place.stop), range(place.start, place.stop)] = np.asarray(
            params[f"{slot.name}_auto_scale"]
        ).ravel()
    return mean, factor


def _root(covariance: Any) -> Any:
    """The Cholesky factor, or NaN where there is none."""
    try:
        return np.linalg.cholesky(covariance)
    except np.linalg.LinAlgError:
        return np.full_like(covariance, np.nan)
