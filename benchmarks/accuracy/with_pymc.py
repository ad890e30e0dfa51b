"""PyMC's ADVI on the very same log density: vicompile's, by an operation with a gradient, of one flat vector."""

from __future__ import annotations

import logging
import time
from typing import Any

import numpy as np
import pymc as pm
import pytensor.tensor as pt
from pytensor.graph.basic import Apply
from pytensor.graph.op import Op

from benchmarks.accuracy.problem import Problem

METHODS = {"fullrank": pm.FullRankADVI, "meanfield": pm.ADVI}
ITERATIONS = (10_000, 20_000)  # PyMC's default, and as many as the other peer has
logging.getLogger("pymc").setLevel(logging.ERROR)


class _Density(Op):
    """Log density and gradient at a vector; the gradient of the first output is the second one."""

    def __init__(self, density: Any) -> None:
        self._density = density

    def make_node(self, u: Any) -> Apply:
        u = pt.as_tensor_variable(u)
        return Apply(self, [u], [pt.dscalar(), pt.dvector()])

    def perform(self, node: Any, inputs: Any, outputs: Any) -> None:
        values, gradients = self._density(np.ascontiguousarray(inputs[0], dtype=np.float64)[None])
        outputs[0][0], outputs[1][0] = np.asarray(values[0]), gradients[0]

    def grad(self, inputs: Any, output_gradients: Any) -> Any:
        return [output_gradients[0] * self(inputs[0])[1]]


def fits(problem: Problem, family: str, seeds: int) -> list[dict[str, Any]]:
    """Fits with PyMC's own settings: Adagrad over a window with the rate 0.001, from zero. One seed: it is slow."""
    found = []
    for seed in range(min(seeds, 1)):
        with pm.Model():
            u = pm.Flat("u", shape=problem.size)
            pm.Potential("density", _Density(problem.density)(u)[0])
            inference = METHODS[family](random_seed=seed)
            # One iteration compiles; `refine` goes on with what is compiled.
            compiling = _seconds(lambda: inference.fit(1, progressbar=False))  # noqa: B023
            seconds, done, error = 0.0, 1, None
            for iterations in ITERATIONS:
                if error is None:
                    try:
                        seconds += _seconds(lambda: inference.refine(iterations - done, progressbar=False))  # noqa: B023
                    except FloatingPointError as stopped:
                        error = str(stopped).splitlines()[0]
                mean, factor = _gaussian(inference.approx)
                found.append(
                    {
                        "seed": seed,
                        "iterations": iterations,
                        "mean": mean,
                        "factor": factor,
                        "seconds": seconds,
                        "compiling": compiling,
                        "error": error,
                    }
                )
                done = iterations
    return found


def _seconds(work: Any) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _gaussian(approximation: Any) -> tuple[Any, Any]:
    (group,) = approximation.groups
    mean = group.mean.eval()
    factor = group.L.eval() if "L" in dir(group) and hasattr(group, "L") else np.diag(group.std.eval())
    # A factor with a negative diagonal is as good a factor, but the Cholesky factor's is positive.
    return mean, factor * np.sign(np.diagonal(factor))
