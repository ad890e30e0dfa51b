"""Runs and their scores, gathered by program, and what they come to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from benchmarks.accuracy.optimum import Optimum
from benchmarks.accuracy.problem import Problem, site_of
from benchmarks.accuracy.scoring import NOISE, Score, score

_NEAR_GAUSSIAN = 0.2  # skewness


@dataclass
class Scored:
    """The runs of one program on one posterior."""

    problem: Problem
    runs: list[dict[str, Any]]
    scores: list[Score]

    def worst(self, value: Callable[[Score], float]) -> float:
        return max(value(one) for one in self.scores)

    def median(self, key: str) -> float:
        return float(np.median([run[key] for run in self.runs]))

    def all(self, reached: Callable[[Score], bool]) -> bool:
        return all(reached(one) for one in self.scores)


@dataclass
class Program:
    """title: of its column. family: of the Gaussian. by_posterior: in the order of the posteriors."""

    title: str
    family: str
    is_ours: bool = False
    by_posterior: list[Scored] = field(default_factory=list)

    def count(self, reached: Callable[[Score], bool]) -> int:
        """Posteriors on which all seeds reach it."""
        return sum(one.all(reached) for one in self.by_posterior)

    def misses(self, reached: Callable[[Score], bool]) -> list[str]:
        return [one.problem.name for one in self.by_posterior if not one.all(reached)]

    def runs(self) -> list[tuple[Scored, dict[str, Any], Score]]:
        return [(one, run, found) for one in self.by_posterior for run, found in zip(one.runs, one.scores)]


def add(programs: dict[str, Program], problem: Problem, runs: dict[str, list[Any]], optima: dict[str, Optimum]) -> None:
    """Score the runs of one posterior, by program and, of peers, by setting."""
    for name, of_program in runs.items():
        family = name.partition("-")[2]
        settings: dict[str, list[Any]] = {}
        for run in of_program:
            settings.setdefault(_title(name, run), []).append(run)
        for title, chosen in settings.items():
            program = programs.setdefault(title, Program(title, family, name.startswith("vicompile")))
            scores = [score(problem, run, optima[family], optima["fullrank"]) for run in chosen]
            program.by_posterior.append(Scored(problem, chosen, scores))


def _title(name: str, run: dict[str, Any]) -> str:
    peer, _, family = name.partition("-")
    if peer == "numpyro":
        guide = "AutoMultivariateNormal" if family == "fullrank" else "AutoNormal"
        return f"NumPyro {guide}, Adam {run['rate']:g}"
    if peer == "pymc":
        method = "fullrank_advi" if family == "fullrank" else "advi"
        return f"PyMC {method}, {run['iterations']:,} iterations"
    return f"vicompile {family}"


def is_told(run: dict[str, Any]) -> bool:
    """Whether the result complains."""
    return not run["converged"] or run["quality"] != "good"


def told(program: Program, noise: float = 0.0) -> dict[str, list[str]]:
    """Posteriors with a miss that is not told on some seed, and those with an alarm where there is no miss."""
    silent, false = [], []
    for one, run, found in program.runs():
        is_miss = not found.is_hit(noise)
        if is_miss and not is_told(run):
            silent.append(one.problem.name)
        if not is_miss and is_told(run):
            false.append(one.problem.name)
    return {"silent": list(dict.fromkeys(silent)), "false": list(dict.fromkeys(false))}


def told_beyond_noise(program: Program) -> dict[str, list[str]]:
    return told(program, NOISE)


def formula_error(one: Scored) -> float | None:
    """How far mean-field deviations are from those of a Gaussian with the reference's covariance, if it is near one."""
    known = one.problem.about.get("unconstrained", {})
    if not known.get("max_abs_skewness", np.inf) < _NEAR_GAUSSIAN:
        return None
    by_site: dict[str, list[float]] = {}
    for name, ratio in known["gaussian_meanfield_sd_ratio"].items():
        by_site.setdefault(site_of(name), []).append(ratio * known["reference"][name]["sd"])
    expected = np.concatenate([by_site[slot.name] for slot in one.problem.slots])
    return max(float(np.max(np.abs(np.diagonal(np.array(run["factor"])) / expected - 1.0))) for run in one.runs)
