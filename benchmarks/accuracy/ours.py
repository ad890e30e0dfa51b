"""`vicompile.fit` on one posterior: one call, no options but the family."""

from __future__ import annotations

import time
from typing import Any

import vicompile
from benchmarks.accuracy.problem import Problem

FAMILIES = ("fullrank", "meanfield")


def fits(problem: Problem, family: str, seeds: int) -> list[dict[str, Any]]:
    """One fit for each seed, after one that is not counted: the model is compiled then, as for every later fit."""
    model, arguments = problem.posterior.model, problem.arguments
    begun = time.perf_counter()
    vicompile.fit(model, *arguments, family=family, seed=0)
    first = time.perf_counter() - begun
    return [_fit(model, arguments, family, seed, first) for seed in range(seeds)]


def _fit(model: Any, arguments: tuple[Any, ...], family: str, seed: int, first: float) -> dict[str, Any]:
    begun, busy = time.perf_counter(), time.process_time()
    result = vicompile.fit(model, *arguments, family=family, seed=seed)
    seconds, processor = time.perf_counter() - begun, time.process_time() - busy
    return {
        "seed": seed,
        "mean": result.loc,
        "factor": result.scale_tril,
        "response": result.covariance_by_response,
        "seconds": seconds,
        "processor": processor,
        "first": first,
        **told_by(result),
        "elbo": float(result.elbo),
        "verdict": result.verdict,
        "modes": len(result.modes),
    }


def told_by(result: Any) -> dict[str, Any]:
    """What a fit says of itself, in numbers."""
    return {
        "gradients": result.gradients,
        "status": result.status,
        "converged": bool(result.converged),
        "quality": result.quality,
        "k_hat": float(result.k_hat),
        "variance": float(result.log_weight_variance),
    }
