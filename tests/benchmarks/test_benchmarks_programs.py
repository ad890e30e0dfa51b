"""Every program's model is the same model: its mean loss at the starting values is the exact ELBO."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.workload import Parameters, Workload
from benchmarks.workloads.coin import coin_workload
from benchmarks.workloads.eight_schools import eight_schools_workload
from benchmarks.workloads.logistic import logistic_workload

WORKLOADS = {
    workload.name: workload
    for workload in (
        coin_workload("coin", flips=20, first_steps=1, agreement_steps=1),
        eight_schools_workload("schools", particles=1),
        logistic_workload("logistic", rows=30, columns=2),
    )
}


def starting_values(name: str) -> Parameters:
    """The starting values, written down a second time."""
    zeros, tenths = np.zeros, lambda n: np.full(n, 0.1)
    values: dict[str, dict[str, object]] = {
        "coin": {"alpha": 15.0, "beta": 15.0},
        "schools": {
            "mu_loc": 0.0, "mu_scale": 0.1, "tau_loc": 0.0, "tau_scale": 0.1,
            "theta_loc": zeros(8), "theta_scale": tenths(8),
        },
        "logistic": {"w_loc": zeros(2), "w_scale": tenths(2), "b_loc": 0.0, "b_scale": 0.1},
    }  # fmt: skip
    return {key: np.asarray(value) for key, value in values[name].items()}


def check(workload: Workload, losses: np.ndarray) -> None:
    expected = -workload.elbo(starting_values(workload.name), workload.make_data())
    standard_error = losses.std(ddof=1) / np.sqrt(losses.size)
    assert abs(losses.mean() - expected) < 5.0 * standard_error


@pytest.mark.parametrize("name", WORKLOADS)
def test_vicompile(name: str) -> None:
    infer = pytest.importorskip("vicompile.infer", exc_type=ImportError)
    from vicompile.optim import Adam

    workload = WORKLOADS[name]
    model, guide = workload.programs["vicompile"]()
    svi = infer.SVI(model, guide, Adam({"lr": 1e-12}), loss=infer.Trace_ELBO())
    result = svi.run(20_000, *workload.make_data(), seed=3, progress_bar=False)
    assert set(result.params) == set(starting_values(name))
    check(workload, np.asarray(result.losses))


@pytest.mark.parametrize("name", WORKLOADS)
def test_numpyro(name: str) -> None:
    jax = pytest.importorskip("jax")
    pytest.importorskip("numpyro")
    from benchmarks.engines import kind_of, make_engine

    workload = replace(WORKLOADS[name], adam=replace(WORKLOADS[name].adam, learning_rate=1e-12))
    for program in workload.programs:
        if kind_of(program) == "numpyro":
            engine = make_engine(program, workload, workload.make_data())
            result = engine.svi.run(jax.random.PRNGKey(3), 20_000, *engine.data, progress_bar=False)  # type: ignore[attr-defined]
            assert set(result.params) == set(starting_values(name))
            check(workload, np.asarray(result.losses))


@pytest.mark.parametrize("name", WORKLOADS)
def test_pyro(name: str) -> None:
    pyro = pytest.importorskip("pyro")
    from benchmarks.engines import kind_of, make_engine

    workload = replace(WORKLOADS[name], adam=replace(WORKLOADS[name].adam, learning_rate=1e-12))
    for program in workload.programs:
        if kind_of(program) == "pyro":
            engine = make_engine(program, workload, workload.make_data())
            pyro.set_rng_seed(3)
            svi = engine.make_svi("Trace_ELBO")  # type: ignore[attr-defined]
            check(workload, np.array([svi.step(*engine.data) for _ in range(500)]))  # type: ignore[attr-defined]
            assert set(pyro.get_param_store()) == set(starting_values(name))
