"""Fits of posteriors that are hard: which are right, and which complain."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np

import vicompile
from benchmarks.accuracy.ours import told_by
from benchmarks.accuracy.scoring import MEAN, SD

sys.path.append(str(Path(__file__).parents[2] / "tests" / "infer"))

from stress_models import FLAGGED, REFUSED, RIGHT


def stress_runs(seeds: int) -> list[dict[str, Any]]:
    """One dict for each target and family; errors are the largest over the seeds."""
    found = []
    for name, (model, arguments, *exact) in {**RIGHT, **FLAGGED, **REFUSED}.items():
        for family in ("fullrank", "meanfield"):
            fits = [_fit(model, arguments, family, seed, exact[0] if exact else None) for seed in range(seeds)]
            found.append({"name": name, "family": family, "fits": fits})
    return found


def _fit(model: Any, arguments: tuple[Any, ...], family: str, seed: int, exact: Any) -> dict[str, Any]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = vicompile.fit(model, *arguments, family=family, seed=seed)
    except np.linalg.LinAlgError as error:
        return {"failed": type(error).__name__}
    except ValueError as error:
        return {"refused": str(error)}
    covariance = (
        result.scale_tril @ result.scale_tril.T
        if result.covariance_by_response is None
        else result.covariance_by_response
    )
    told = {
        **told_by(result),
        "is_told": not result.converged or result.quality != "good" or "not finite" in result.verdict,
    }
    if exact is not None:
        means, sds = exact
        told["mean"] = float(np.max(np.abs(result.loc - means) / sds))
        told["sd"] = float(np.max(np.abs(np.sqrt(np.diagonal(covariance)) / sds - 1.0)))
        told["is_right"] = told["mean"] < MEAN and told["sd"] < SD
    return told
