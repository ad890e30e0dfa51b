"""The Wald draw's gradient in machine code: a fit of the family to itself finds its parameters."""

from __future__ import annotations

import numpy as np

import vicompile.distributions as dist
from vicompile import clear_param_store, constraints, get_param_store, param, sample, set_rng_seed
from vicompile.infer import SVI, Trace_ELBO
from vicompile.optim import Adam


def model() -> None:
    sample("x", dist.Wald(1.7, 2.5))


def guide() -> None:
    loc = param("loc", 0.8, constraint=constraints.positive)
    sample("x", dist.Wald(loc, param("concentration", 6.0, constraint=constraints.positive)))


def test_a_guide_of_the_models_family_finds_the_model() -> None:
    clear_param_store()
    set_rng_seed(20261126)
    svi = SVI(model, guide, Adam(0.003), Trace_ELBO(num_particles=16))
    store, visited = get_param_store(), []
    for _ in range(6000):
        svi.step()
        visited.append((float(store["loc"]), float(store["concentration"])))
    # Around the optimum the parameters wander; means over batches longer than their memory tell how far.
    batches = np.array(visited[2000:]).reshape(10, 400, 2).mean(axis=1)
    error = batches.std(axis=0, ddof=1) / np.sqrt(len(batches))
    assert (error < 0.02).all()
    assert (np.abs(batches.mean(axis=0) - [1.7, 2.5]) < 4 * error).all()
