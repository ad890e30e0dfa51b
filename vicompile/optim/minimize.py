"""`Minimize`: a whole deterministic minimisation as one step."""

from __future__ import annotations

from typing import Any

from .ranges import ABOVE_ZERO, number


class Minimize:
    """L-BFGS, for objectives without noise: guides whose sites are all `Delta`, as those of `AutoDelta`.

    `SVI(model, guide, Minimize()).run(1, *args)` is a whole minimisation, as in NumPyro: one step goes from the
    parameters to a minimum of the loss, and the loss of the step is that minimum. Where the guide draws random numbers,
    those of the step are kept fixed, and the minimum is that of their average: with few particles it lies apart from
    the ELBO's, and the guide's scales come out too small. Another step begins there with other draws.

    method: "L-BFGS" is the only one (Nocedal and Wright 2006, chapter 7). max_iterations: 1000. memory: 10 pairs of
    steps and gradients. tolerance: 1e-10; it has converged where the decrease of the loss that its quadratic model
    predicts is below it twice in a row.

    A minimisation that ends before that gives a RuntimeWarning, and what it reached. Errors: ValueError for another
    method or a number out of range, TypeError for what is no number.
    """

    def __init__(
        self, method: str = "L-BFGS", *, max_iterations: int = 1000, memory: int = 10, tolerance: float = 1e-10
    ) -> None:
        if method != "L-BFGS":
            raise ValueError(f'Minimize: the method must be "L-BFGS", got {method!r}')
        self.max_iterations = _whole("max_iterations", max_iterations)
        self.memory = _whole("memory", memory)
        self.tolerance = number("Minimize", "tolerance", tolerance, ABOVE_ZERO)

    def __repr__(self) -> str:
        settings = f"max_iterations={self.max_iterations}, memory={self.memory}, tolerance={self.tolerance:g}"
        return f"Minimize({settings})"


def _whole(key: str, value: Any) -> int:
    found = number("Minimize", key, value, ABOVE_ZERO)
    if found != int(found):
        raise ValueError(f"Minimize: `{key}` must be a whole number, got {value!r}")
    return int(found)
