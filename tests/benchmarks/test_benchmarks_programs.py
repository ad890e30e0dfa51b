"""Every program's model is the same model: its mean loss at the starting values is the exact ELBO."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.workload import Parameters, Workload
from benchmarks.workloads.coin import coin_workload
from benchmarks.workloads.eight_schools import eight_schools_workload
from benchmarks.workloads.garch import LATENTS as GARCH_LATENTS
from benchmarks.workloads.garch import garch_workload
from benchmarks.workloads.gaussian_process import LATENTS as PROCESS_LATENTS
from benchmarks.workloads.gaussian_process import gaussian_process_workload
from benchmarks.workloads.logistic import logistic_workload
from benchmarks.workloads.negative_binomial import negative_binomial_workload
from benchmarks.workloads.poisson import poisson_workload
from benchmarks.workloads.radon import TOPS, WIDTHS, radon_workload

WORKLOADS = {
    workload.name: workload
    for workload in (
        coin_workload("coin", flips=20, first_steps=1, agreement_steps=1),
        eight_schools_workload("schools", particles=1),
        logistic_workload("logistic", rows=30, columns=2),
        radon_workload("radon", rows=20, groups=3),
        gaussian_process_workload("process", points=6),
        poisson_workload("poisson", rows=30, columns=2),
        negative_binomial_workload("counts", rows=30, columns=2),
        garch_workload("garch", days=8),
    )
}


def starting_values(name: str) -> Parameters:
    """The starting values, written down a second time."""
    zeros, tenths = np.zeros, lambda n: np.full(n, 0.1)
    linear = {"w_loc": zeros(2), "w_scale": tenths(2), "b_loc": 0.0, "b_scale": 0.1}

    def numbers(names: tuple[str, ...]) -> dict[str, object]:
        return {f"{site}_{part}": value for site in names for part, value in (("loc", 0.0), ("scale", 0.1))}

    values: dict[str, dict[str, object]] = {
        "coin": {"alpha": 15.0, "beta": 15.0},
        "schools": {
            "mu_loc": 0.0, "mu_scale": 0.1, "tau_loc": 0.0, "tau_scale": 0.1,
            "theta_loc": zeros(8), "theta_scale": tenths(8),
        },
        "logistic": linear,
        "radon": {
            **numbers(TOPS + WIDTHS), "a_loc": zeros(3), "a_scale": tenths(3), "b_loc": zeros(3), "b_scale": tenths(3),
        },
        "process": numbers(PROCESS_LATENTS),
        "poisson": linear,
        "counts": {**linear, **numbers(("phi",))},
        "garch": numbers(GARCH_LATENTS),
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
