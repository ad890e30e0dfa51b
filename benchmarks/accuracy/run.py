"""All runs of all programs, from the store or made now."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import time
from typing import Any

import numpy as np

from benchmarks.accuracy import ours
from benchmarks.accuracy.optimum import Gaussian, Optimum, find_optimum
from benchmarks.accuracy.problem import Problem
from benchmarks.accuracy.store import Store


def own_runs(store: Store, problem: Problem, family: str, seeds: int) -> list[dict[str, Any]]:
    return store.runs(
        problem.name, f"vicompile-{family}", lambda: _told(problem, family, ours.fits(problem, family, seeds))
    )


def optima(store: Store, problem: Problem, runs: dict[str, list[dict[str, Any]]]) -> dict[str, Optimum]:
    """The optimum of each family, from its fit with the highest ELBO."""
    start = gaussian_of(_best(runs["fullrank"]))
    found: dict[str, Optimum] = {}
    for family in ours.FAMILIES:
        coordinates = found["fullrank"].gaussian if found else start

        def make(family=family, coordinates=coordinates) -> list[dict[str, Any]]:
            one = find_optimum(problem, family, gaussian_of(_best(runs[family])), coordinates)
            return [{**vars(one), "gaussian": None, "mean": one.gaussian.mean, "factor": one.gaussian.factor}]

        (one,) = store.runs(problem.name, f"optimum-{family}", make)
        found[family] = Optimum(gaussian_of(one), one["elbo"], one["move"], one["widening"], one["draws"])
    return found


def gaussian_of(run: dict[str, Any]) -> Gaussian:
    return Gaussian(np.array(run["mean"]), np.array(run["factor"]))


def _best(runs: list[dict[str, Any]]) -> dict[str, Any]:
    return max(runs, key=lambda run: run["elbo"])


def _told(problem: Problem, what: str, runs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    print(f"{time.strftime('%H:%M:%S')} {problem.name} {what}", file=sys.stderr, flush=True)
    return runs


def peer_runs(store: Store, problem: Problem, seeds: int) -> dict[str, list[dict[str, Any]]]:
    """By "numpyro-fullrank" and the like; a peer that is not installed is left out."""
    found = {}
    for peer in ("numpyro", "pymc"):
        if importlib.util.find_spec(peer) is None:
            continue
        module = importlib.import_module(f"benchmarks.accuracy.with_{peer}")
        for family in ours.FAMILIES:
            program = f"{peer}-{family}"

            def make(family=family, module=module, program=program) -> list[dict[str, Any]]:
                return _told(problem, program, module.fits(problem, family, seeds))

            found[program] = store.runs(problem.name, program, make)
    return found
