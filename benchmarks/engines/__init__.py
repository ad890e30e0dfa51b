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


def make_engine(name: str, workload: Workload, data: Data) -> Engine:
    """The engine called vicompile, numpyro or pyro, or the limit whose label is `name`; KeyError for another name."""
    if name == "vicompile":
        from benchmarks.engines.run_vicompile import VicompileEngine

        return VicompileEngine(workload, data)
    if name == "numpyro":
        from benchmarks.engines.run_numpyro import NumpyroEngine

        return NumpyroEngine(workload, data)
    if name == "pyro":
        from benchmarks.engines.run_pyro import PyroEngine

        return PyroEngine(workload, data)
    from benchmarks.engines.run_limit import LimitEngine

    return LimitEngine({limit.label: limit for limit in workload.limits}[name], data)
