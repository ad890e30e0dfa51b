"""One file per program that can run a workload; each imports its program only when it is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from benchmarks.workload import Data, Parameters, Workload

PEERS = ("numpyro", "pyro")


class Engine(Protocol):
    """A program with one workload's model, ready to fit."""

    def fit(self, steps: int, seed: int) -> Parameters:
        """Fit from the starting values, the way the program's own manual says, and give the parameters."""
        ...

    def loops(self) -> dict[str, Callable[[int], None]]:
        """Ways to take a number of steps, by name; each blocks until the work is done. The fastest is measured."""
        ...


def kind_of(name: str) -> str:
    """Which engine runs the program called `name`: what stands before the comma."""
    return name.split(",")[0]


def make_engine(name: str, workload: Workload, data: Data) -> Engine:
    """The engine of the program or the limit called `name` in the workload; KeyError for another name."""
    kind = kind_of(name)
    if name in workload.arrange:
        data = workload.arrange[name](data)
    if kind == "vicompile":
        from benchmarks.engines.run_vicompile import VicompileEngine

        return VicompileEngine(workload, workload.programs[name], data)
    if kind == "numpyro":
        from benchmarks.engines.run_numpyro import NumpyroEngine

        return NumpyroEngine(workload, workload.programs[name], data)
    if kind == "pyro":
        from benchmarks.engines.run_pyro import PyroEngine

        return PyroEngine(workload, workload.programs[name], data)
    from benchmarks.engines.run_limit import LimitEngine

    return LimitEngine({limit.label: limit for limit in workload.limits}[name], data)
