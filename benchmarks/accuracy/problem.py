"""One reference posterior as every program meets it: a log density of unconstrained numbers, and what is known."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vicompile.compiler import Pair, Points, Sites
from vicompile.infer import LogDensity
from vicompile.objective import joint_log_density

# The models are those of the tests.
sys.path.append(str(Path(__file__).parents[2] / "tests"))

from posteriors import counts, hierarchies, regressions, series  # noqa: F401  they register their models
from posteriors.posterior import FOLDER, POSTERIORS, Posterior

FloatArray = np.ndarray[Any, np.dtype[np.float64]]


@dataclass
class Moments:
    """Means and standard deviations, in one order."""

    means: FloatArray
    sds: FloatArray

    @classmethod
    def of(cls, draws: FloatArray) -> Moments:
        return cls(draws.mean(axis=0), draws.std(axis=0))


@dataclass
class Problem:
    """density: points (n, size) -> values (n,), gradients (n, size). parameters: points -> values of the parameters of
    the Stan program, in the order of `names`. reference: of these. unconstrained: of the unconstrained numbers.
    """

    posterior: Posterior
    arguments: tuple[Any, ...]
    size: int
    slots: list[Any]
    density: Callable[[FloatArray], tuple[FloatArray, FloatArray]]
    parameters: Callable[[FloatArray], FloatArray]
    names: list[str]
    reference: Moments
    unconstrained: Moments
    about: dict[str, Any]

    @property
    def name(self) -> str:
        """Without the folder."""
        return self.posterior.name.partition("/")[2]

    @property
    def is_regression(self) -> bool:
        """Linear, logistic or Poisson, without a hierarchy."""
        return self.posterior.model.__module__.endswith(("regressions", "counts"))


def problem(posterior: Posterior) -> Problem:
    arguments = posterior.arguments(posterior.data())
    pair = Pair(posterior.model, None, question=joint_log_density)
    bound = pair.bind(arguments, (), {}, {})
    sites = Sites.of(bound)
    about = json.loads((FOLDER / f"{posterior.name}.json").read_text(encoding="utf-8"))
    names = list(about["params"])

    def parameters(points: FloatArray) -> FloatArray:
        found = posterior.parameters(sites.at(points))
        columns = {name: found[name].reshape(len(points), -1).T for name in _groups(names)}
        return np.column_stack([column for name in _groups(names) for column in columns[name]])

    reference = Moments(
        np.array([about["reference"][name]["mean"] for name in names]),
        np.array([about["reference"][name]["sd"] for name in names]),
    )
    return Problem(
        posterior,
        arguments,
        bound.parameter_count,
        bound.slots,
        Points(bound),
        parameters,
        names,
        reference,
        _unconstrained(posterior, arguments, about),
        about,
    )


def _groups(names: list[str]) -> list[str]:
    return list(dict.fromkeys(name.partition("[")[0] for name in names))


def site_of(name: str) -> str:
    """`log(sigma)` and `logit(beta1/(1-alpha1))` belong to sigma and beta1."""
    found = re.match(r"(?:\w+\()?(\w+)", name)
    assert found is not None
    return found.group(1)


def _unconstrained(posterior: Posterior, arguments: tuple[Any, ...], about: dict[str, Any]) -> Moments:
    """From all 10,000 reference draws where the file has these moments, else from the 1,000 that it keeps."""
    density = LogDensity(posterior.model)(*arguments)
    drawn = Moments.of(np.array([density.unconstrain(posterior.sites(draw)) for draw in posterior.draws()]))
    if "unconstrained" not in about:
        return drawn
    known = about["unconstrained"]["reference"]
    by_site: dict[str, list[dict[str, float]]] = {}
    for name in about["unconstrained"]["params"]:
        by_site.setdefault(site_of(name), []).append(known[name])
    rows = [row for slot in density.slots for row in by_site[slot.name]]
    found = Moments(np.array([row["mean"] for row in rows]), np.array([row["sd"] for row in rows]))
    # The Stan program may have another unconstrained scale, as for an ordered vector of positive numbers.
    is_same = np.all(np.abs(found.means - drawn.means) < 0.2 * found.sds)
    return found if is_same else drawn


def problems(only: str = "") -> list[Problem]:
    return [problem(one) for one in POSTERIORS if only in one.name]
