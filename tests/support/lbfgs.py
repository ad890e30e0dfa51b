"""L-BFGS in NumPy, as plainly as it can be written: what the native one is compared with."""

import numpy as np

TRIALS = 25


class Pairs:
    """The last steps s and the changes of the gradient y along them, oldest first."""

    def __init__(self, memory):
        self.memory, self.s, self.y = memory, [], []

    def add(self, s, y):
        if s @ y > 1e-12 * np.sqrt((s @ s) * (y @ y)):
            self.s, self.y = [*self.s, s][-self.memory :], [*self.y, y][-self.memory :]

    def times(self, g):
        """By the BFGS formula for the inverse, pair by pair, on a whole matrix."""
        if not self.s:
            return g
        inverse = np.eye(len(g)) * (self.s[-1] @ self.y[-1]) / (self.y[-1] @ self.y[-1])
        for s, y in zip(self.s, self.y):
            left = np.eye(len(g)) - np.outer(s, y) / (s @ y)
            inverse = left @ inverse @ left.T + np.outer(s, s) / (s @ y)
        return inverse @ g


def lbfgs(function, x, *, memory, most_iterations, tolerance, first_step=None, most_move=np.inf):
    """All points visited, and why it ended."""
    value, gradient = function(x)
    pairs, small, has_failed, path = Pairs(memory), 0, False, [x]
    while len(path) <= most_iterations:
        direction = -pairs.times(gradient)
        slope = gradient @ direction
        small = small + 1 if -slope < tolerance else 0
        if small == 2 or slope == 0.0:
            return path, "converged"
        step = 1.0
        if not pairs.s:
            step = first_step or min(1.0, 1.0 / np.sqrt(-slope))
        limit = most_move / np.abs(direction).max()
        found = search(function, x, value, slope, direction, min(step, limit), limit, 2.0 if pairs.s else 4.0)
        if found is None:
            if has_failed or not pairs.s:
                return path, "converged" if small else "line search"
            has_failed, pairs = True, Pairs(memory)
            continue
        pairs.add(found[0] - x, found[2] - gradient)
        x, value, gradient = found
        path.append(x)
    return path, "iterations"


def search(function, x, value, slope, direction, step, limit, growth):
    low, high, best = 0.0, np.inf, None
    for _ in range(TRIALS):
        point = x + step * direction
        there, gradient = function(point)
        if not np.isfinite(there):
            high = step
            step = low + 0.2 * (high - low)
            continue
        if there > value + 1e-4 * step * slope + 1e-13 * abs(value):
            high = step
        else:
            best = point, there, gradient
            if gradient @ direction >= 0.9 * slope or step >= limit:
                return best
            low = step
        step = 0.5 * (low + high) if high < np.inf else min(step * growth, limit)
        if high < np.inf and high - low <= 1e-15 * high:
            break
    return best
