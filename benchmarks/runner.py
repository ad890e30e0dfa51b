"""Measures one workload: every program in its own process, on one core, timed in turn.

Order: a cold process (empty caches) per program, then warm ones, of which the last stays. There its ELBO and peak
memory are taken, the fastest loop is chosen, and then the programs are timed in rounds, one after the other in each.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.agreement import yardstick
from benchmarks.engines import kind_of
from benchmarks.fresh_process import Worker, WorkerError
from benchmarks.report import EngineReport, WorkloadReport
from benchmarks.workload import Data, Workload


@dataclass(frozen=True)
class Budget:
    """How much to measure: rounds of about `seconds` each, warm starts after the cold one, seeds of the reference.

    Without `try_all_loops` each program is measured in the first of its loops, which is mostly the fastest. `clock` of
    the rounds: "wall", or "cpu" for a machine that others use as well; starts are always measured by the wall clock.
    """

    rounds: int
    seconds: float
    warm_starts: int
    reference_seeds: int
    try_all_loops: bool
    clock: str = "wall"


FULL = Budget(rounds=9, seconds=0.3, warm_starts=2, reference_seeds=40, try_all_loops=True)
QUICK = Budget(rounds=5, seconds=0.06, warm_starts=0, reference_seeds=10, try_all_loops=False)


def save(data: Data, folder: Path) -> list[str]:
    """Write the arrays as .npy files: every process reads the same bytes, and none pays for making them."""
    files = []
    for number, array in enumerate(data):
        file = folder / f"data-{number}.npy"
        np.save(file, array)
        files.append(str(file))
    return files


def start(report: EngineReport, workload: Workload, files: list[str], folder: Path, budget: Budget) -> Worker:
    """Measure the starts of fresh processes; the last of them is kept running."""
    cache = folder / report.name.replace(" ", "-").replace(",", "")
    cache.mkdir()
    for number in range(1 + budget.warm_starts):
        worker = Worker(report.name, workload.name, files, cache)
        try:
            worker.ask("fit", steps=workload.first_steps, seed=0)
            seconds = worker.seconds_since_start()
        except BaseException:
            worker.close()
            raise
        if number == 0:
            report.cold_start = seconds
        else:
            report.warm_starts.append(seconds)
        if number < budget.warm_starts:
            worker.close()
    return worker


def fitted_elbo(worker: Worker, workload: Workload, data: Data, seed: int) -> float:
    answer = worker.ask("fit", steps=workload.agreement_steps, seed=seed)
    return workload.elbo({name: np.asarray(value) for name, value in answer["parameters"].items()}, data)


def prepare(report: EngineReport, worker: Worker, workload: Workload, data: Data, budget: Budget) -> None:
    """ELBO, then peak memory, then the choice of the loop."""
    report.elbo = fitted_elbo(worker, workload, data, seed=1000)
    report.peak_bytes = worker.ask("memory")["bytes"]
    chosen = worker.ask("calibrate", seconds=budget.seconds, try_all=budget.try_all_loops, clock=budget.clock)
    report.loop, report.steps_per_round = chosen["loop"], chosen["steps"]


def judge(report: WorkloadReport, worker: Worker, workload: Workload, data: Data, budget: Budget) -> None:
    """Fill in the agreement, with the first limit's worker as the source of the reference fits."""
    elbos = [fitted_elbo(worker, workload, data, seed) for seed in range(budget.reference_seeds)]
    reference = yardstick(elbos)
    report.reference_elbo, report.elbo_tolerance = reference.mean, reference.tolerance
    report.reference_fits = reference.fits
    for engine in report.engines:
        if engine.elbo is not None:
            engine.agrees = reference.agrees(engine.elbo)


def measure(workload: Workload, engines: list[str], budget: Budget, tell: Callable[[str], None]) -> WorkloadReport:
    """Measure all programs of the named engines, and the limits; a program that fails is reported with its error."""
    programs = [name for name in workload.programs if kind_of(name) in engines]
    names = [*programs, *[limit.label for limit in workload.limits]]
    report = WorkloadReport(
        workload.name,
        workload.title,
        [EngineReport(name) for name in names],
        workload.first_steps,
        workload.agreement_steps,
    )
    data = workload.make_data()
    running: list[tuple[EngineReport, Worker]] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        files = save(data, folder)
        for engine in report.engines:
            tell(f"{workload.name}: {engine.name}")
            try:
                worker = stack.enter_context(start(engine, workload, files, folder, budget))
                prepare(engine, worker, workload, data, budget)
            except WorkerError as error:
                engine.error = str(error).splitlines()[0]
                continue
            running.append((engine, worker))
        tell(f"{workload.name}: {budget.rounds} rounds")
        for _ in range(budget.rounds):
            for engine, worker in running:
                answer = worker.ask("time")
                engine.step_rounds.append(answer["step"])
                engine.set_up_rounds.append(answer["set_up"])
        for engine, worker in running:
            if engine.name == workload.limits[0].label:
                judge(report, worker, workload, data, budget)
    return report
