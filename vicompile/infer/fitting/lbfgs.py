"""L-BFGS with a bisecting line search, for functions that may be infinite or NaN away from their minimum.

Nocedal and Wright (2006), chapter 7; the product with the inverse Hessian in compact form (Byrd, Nocedal and Schnabel
1994); weak Wolfe conditions by bisection (Lewis and Overton 2013). It stops by the decrease that the quadratic model
predicts, which does not depend on the units of the variables.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from ...diagnostics import Record

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]

Function = Callable[["FloatArray"], tuple[float, "FloatArray"]]

_SUFFICIENT, _CURVATURE = 1e-4, 0.9
_TRIALS = 25


class Visited(Record, eq=False):
    """One point on the way: where, the function and its gradient there, and the pairs known by then."""

    x: FloatArray
    value: float
    gradient: FloatArray
    pairs: tuple[FloatArray, FloatArray]

    def factor(self) -> FloatArray | None:
        """The lower Cholesky factor of the inverse Hessian of the pairs; None without pairs, or where it has none."""
        s, y = self.pairs
        if not len(s):
            return None
        product = s @ y.T
        upper, scale = np.triu(product), product[-1, -1] / (y[-1] @ y[-1])
        # H = scale (1 - V' Y - Y' V) + V' (D + scale Y Y') V with V the solution of upper V = S.
        v = np.linalg.solve(upper, s)
        cross = v.T @ y
        inner = np.diag(np.diagonal(upper)) + scale * (y @ y.T)
        inverse = scale * (np.eye(s.shape[1]) - cross - cross.T) + v.T @ inner @ v
        try:
            found: FloatArray = np.linalg.cholesky(inverse)
        except np.linalg.LinAlgError:
            return None
        return found


class Minimum(Record, eq=False):
    """Where a minimisation ended. reason: "converged", "iterations", "line search" or "asked" (by `watch`)."""

    x: FloatArray
    value: float
    gradient: FloatArray
    iterations: int
    reason: str


class Pairs:
    """The last steps s and the changes of the gradient y along them, oldest first."""

    def __init__(self, memory: int, size: int) -> None:
        self._memory = memory
        self._s, self._y = np.empty((memory, size)), np.empty((memory, size))
        self._sy, self._yy = np.empty((memory, memory)), np.empty((memory, memory))
        self.count = 0

    def clear(self) -> None:
        """Forget them."""
        self.count = 0

    def add(self, s: FloatArray, y: FloatArray) -> None:
        """Take up a pair, unless it tells of no positive curvature."""
        product = s @ y
        if not product > 1e-12 * np.sqrt((s @ s) * (y @ y)):
            return
        if self.count == self._memory:
            for array in (self._s, self._y):
                array[:-1] = array[1:]
            for table in (self._sy, self._yy):
                table[:-1, :-1] = table[1:, 1:]
            self.count -= 1
        k = self.count
        self._s[k], self._y[k] = s, y
        self._sy[: k + 1, k] = self._s[: k + 1] @ y
        self._yy[: k + 1, k] = self._yy[k, : k + 1] = self._y[: k + 1] @ y
        self.count = k + 1

    def times(self, g: FloatArray) -> FloatArray:
        """The inverse Hessian of the pairs times g."""
        k = self.count
        if k == 0:
            return g.copy()
        s, y = self._s[:k], self._y[:k]
        upper, squares = np.triu(self._sy[:k, :k]), self._yy[:k, :k]
        scale = upper[-1, -1] / squares[-1, -1]
        u = np.linalg.solve(upper, s @ g)
        inner = np.diagonal(upper) * u + scale * (squares @ u - y @ g)
        product: FloatArray = scale * (g - u @ y) + np.linalg.solve(upper.T, inner) @ s
        return product

    def known(self) -> tuple[FloatArray, FloatArray]:
        """Copies of them, (count, size) each."""
        return self._s[: self.count].copy(), self._y[: self.count].copy()


def minimise(
    function: Function,
    x: FloatArray,
    *,
    memory: int,
    most_iterations: int,
    tolerance: float,
    first_step: float | None = None,
    most_move: float = np.inf,
    path: list[Visited] | None = None,
    watch: Callable[[FloatArray, int], bool] | None = None,
) -> Minimum:
    """Minimise from `x` on, where the function must be finite.

    tolerance: it has converged where gradient' H gradient is below it twice, H the inverse Hessian of the pairs.
    first_step: times the gradient; None for a step of length 1 or less. most_move: what a variable may change in one
    step. path: gets the points visited. watch: asked with x and the number of each iteration; True ends it.
    """
    value, gradient = function(x)
    pairs = Pairs(memory, x.size)
    small = iterations = 0
    has_failed = False
    reason = "iterations"
    if path is not None:
        path.append(Visited(x, value, gradient, pairs.known()))
    while iterations < most_iterations:
        direction = -pairs.times(gradient)
        slope = float(gradient @ direction)
        small = small + 1 if -slope < tolerance else 0
        if small == 2 or slope == 0.0:
            reason = "converged"
            break
        step = 1.0
        if pairs.count == 0:
            length = float(np.sqrt(-slope))
            step = first_step if first_step is not None else min(1.0, 1.0 / length)
        largest = float(np.abs(direction).max())
        limit = most_move / largest
        found = _search(function, x, value, slope, direction, min(step, limit), limit, pairs.count == 0)
        if found is None:
            if has_failed or pairs.count == 0:
                reason = "converged" if small else "line search"
                break
            has_failed = True
            pairs.clear()
            continue
        new_x, new_value, new_gradient = found
        pairs.add(new_x - x, new_gradient - gradient)
        x, value, gradient = new_x, new_value, new_gradient
        iterations += 1
        if path is not None:
            path.append(Visited(x, value, gradient, pairs.known()))
        if watch is not None and watch(x, iterations):
            reason = "asked"
            break
    return Minimum(x, value, gradient, iterations, reason)


def _search(
    function: Function,
    x: FloatArray,
    value: float,
    slope: float,
    direction: FloatArray,
    step: float,
    limit: float,
    is_first: bool,
) -> tuple[FloatArray, float, FloatArray] | None:
    """A point along `direction` where the weak Wolfe conditions hold; the best one found if none does; None if there is
    none that is better.
    """
    low, high = 0.0, np.inf
    slack = 1e-13 * abs(value)
    best = None
    for _ in range(_TRIALS):
        point = x + step * direction
        there, gradient = function(point)
        if not np.isfinite(there):
            high = step
            step = low + 0.2 * (high - low)
            continue
        if there > value + _SUFFICIENT * step * slope + slack:
            high = step
        else:
            best = point, there, gradient
            if gradient @ direction >= _CURVATURE * slope or step >= limit:
                return best
            low = step
        step = 0.5 * (low + high) if high < np.inf else min(step * (4.0 if is_first else 2.0), limit)
        if high - low <= 1e-15 * high:
            break
    return best
