"""The native L-BFGS: one function for all functions to be minimised, which it sees as addresses.

Nocedal and Wright (2006), chapter 7; weak Wolfe conditions by bisection (Lewis and Overton 2013), for functions that
may be infinite or NaN away from their minimum. It stops by the decrease that the quadratic model predicts, which does
not depend on the units of the variables.

An objective is `objective(slots, point, out) -> int64 status`: out[0] is the value, infinite where there is none, then
the gradient. The state lies in memory of the caller, so that a minimisation in pieces of some iterations, between which
Python may look at it, gives the same bits as one in a single call.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Protocol

import numpy as np

from .workspace import address, zeros

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vicompile.jit import NativeFunction

    FloatArray = NDArray[np.float64]

# Addresses, then plain numbers. A point of 2 n + 1 doubles is x, the value and the gradient there.
SLOTS = (
    "objective", "context",
    "here", "trial", "best", "way", "steps", "changes", "products", "squares", "weights", "path", "pairs", "rules",
    "n", "memory", "end",
    "iterations", "count", "newest", "small", "failed", "reason", "status",
)  # fmt: skip
_SLOT = {name: k for k, name in enumerate(SLOTS)}
_ITERATIONS, _END, _REASON, _STATUS = (_SLOT[name] for name in ("iterations", "end", "reason", "status"))
RUNNING, CONVERGED, NO_STEP, NO_START = range(4)

_TEXT = '''
"""L-BFGS for an objective that is known by its address."""

from math import inf, sqrt

from vicompile.jit.mathlib import call_at, combine, dot, float64_at, int64_at, largest, not_finite, scale


def lbfgs(slots):
UNPACK
    tolerance, first_step, most_move = float64_at(rules)[0], float64_at(rules)[1], float64_at(rules)[2]
    products, squares, weights = float64_at(products), float64_at(squares), float64_at(weights)
    x, value, g, way = float64_at(here), float64_at(here + 8 * n), float64_at(here + 8 * n + 8), float64_at(way)
    kept = iterations
    if iterations < 0:
        slots[STATUS] = call_at(objective, (context, here, here + 8 * n))
        if slots[STATUS] != 0:
            return 0
        iterations = 0
        if not_finite(here + 8 * n, 1) != 0:
            reason = NO_START
    while reason == RUNNING:
        if path != 0 and iterations > kept:
            scale(float64_at(path + 8 * (2 * n + 1) * iterations), 1.0, x, 2 * n + 1)
            int64_at(pairs)[iterations] = count
        kept = iterations
        if iterations == end:
            break
        # Minus the inverse Hessian of the pairs times the gradient: algorithm 7.4, newest pair first, then back.
        scale(way, -1.0, g, n)
        for k in range(count):
            row = (newest - k + memory + 1) % (memory + 1)
            weights[k] = dot(float64_at(steps + 8 * n * row), way, n) / products[row]
            combine(way, 1.0, way, -weights[k], float64_at(changes + 8 * n * row), n)
        if count > 0:
            scale(way, products[newest] / squares[newest], way, n)
        for k in range(count - 1, -1, -1):
            row = (newest - k + memory + 1) % (memory + 1)
            weight = dot(float64_at(changes + 8 * n * row), way, n) / products[row]
            combine(way, 1.0, way, weights[k] - weight, float64_at(steps + 8 * n * row), n)
        slope = dot(g, way, n)
        small = small + 1 if -slope < tolerance else 0
        if small == 2 or slope == 0.0:
            reason = CONVERGED
            break
        step, limit = 1.0, most_move / largest(way, n)
        if count == 0:
            step = first_step if first_step > 0.0 else min(1.0, 1.0 / sqrt(-slope))
        step = min(step, limit)
        low, high, found = 0.0, inf, False
        for turn in range(25):
            combine(float64_at(trial), 1.0, x, step, way, n)
            slots[STATUS] = call_at(objective, (context, trial, trial + 8 * n))
            if slots[STATUS] != 0:
                return 0
            if not_finite(trial + 8 * n, 1) != 0:
                high = step
                step = low + 0.2 * (high - low)
                continue
            there = float64_at(trial + 8 * n)[0]
            if there > value[0] + 1e-4 * step * slope + 1e-13 * abs(value[0]):
                high = step
            else:
                trial, best, found = best, trial, True
                if dot(float64_at(best + 8 * n + 8), way, n) >= 0.9 * slope or step >= limit:
                    break
                low = step
            step = 0.5 * (low + high) if high < inf else min(step * (4.0 if count == 0 else 2.0), limit)
            if high < inf and high - low <= 1e-15 * high:
                break
        if not found:
            if failed or count == 0:
                reason = CONVERGED if small > 0 else NO_STEP
                break
            failed, count = 1, 0
            continue
        # One row more than there are pairs, so that one which is not taken up has not overwritten the oldest.
        row = (newest + 1) % (memory + 1)
        s, y = float64_at(steps + 8 * n * row), float64_at(changes + 8 * n * row)
        combine(s, 1.0, float64_at(best), -1.0, x, n)
        combine(y, 1.0, float64_at(best + 8 * n + 8), -1.0, g, n)
        product, square = dot(s, y, n), dot(y, y, n)
        if product > 1e-12 * sqrt(dot(s, s, n) * square):
            newest, count = row, min(count + 1, memory)
            products[row], squares[row] = product, square
        scale(x, 1.0, float64_at(best), 2 * n + 1)
        iterations += 1
    for slot, number in ((ITERATIONS, iterations), (COUNT, count), (NEWEST, newest), (SMALL, small), (FAILED, failed)):
        slots[slot] = number
    slots[REASON] = reason
    return 0
'''


def lbfgs_text() -> str:
    """The minimisation as Python text, the slots unpacked by name."""
    unpack = "\n".join(f"    {name} = slots[{k}]" for k, name in enumerate(SLOTS) if name != "status")
    text = _TEXT.replace("UNPACK", unpack)
    for name in ("status", "iterations", "count", "newest", "small", "failed", "reason"):
        text = text.replace(f"[{name.upper()}]", f"[{_SLOT[name]}]").replace(f"({name.upper()},", f"({_SLOT[name]},")
    for number, name in enumerate(("RUNNING", "CONVERGED", "NO_STEP", "NO_START")):
        text = text.replace(name, str(number))
    return text


@functools.cache
def lbfgs_function() -> NativeFunction:
    """The minimisation as `int64 lbfgs(int64* slots)`; compiled or loaded at the first call."""
    from vicompile.jit import native

    return native(lbfgs_text(), "lbfgs", "int64(i8*)", label="lbfgs")


class Objective(Protocol):
    """A native function to be minimised. size: of its argument. address, context: what is called, and with what."""

    @property
    def size(self) -> int:
        """The number of variables."""

    @property
    def address(self) -> int:
        """Of the C function."""

    @property
    def context(self) -> int:
        """Its first argument."""


class Minimisation:
    """A minimisation under way, from `x` on. The arguments are those of `infer.fitting.lbfgs.minimise`.

    most_iterations: how many there may be in all, where keeps_path says that all points visited are kept.
    """

    def __init__(
        self, objective: Objective, x: FloatArray, *, memory: int, tolerance: float, first_step: float,
        most_move: float, most_iterations: int, keeps_path: bool,
    ) -> None:  # fmt: skip
        n, rows = objective.size, memory + 1
        rest = {"here": 2 * n + 1, "trial": 2 * n + 1, "best": 2 * n + 1, "way": n}
        rest |= {"steps": rows * n, "changes": rows * n, "products": rows, "squares": rows, "weights": rows, "rules": 3}
        if keeps_path:
            rest |= {"path": (most_iterations + 1) * (2 * n + 1)}
        self._room = zeros(sum(map(_lines, rest.values())))
        first, place = address(self._room), 0
        values = {"objective": objective.address, "context": objective.context, "n": n, "memory": memory}
        values["iterations"], values["newest"] = -1, memory
        for name, length in rest.items():
            values[name] = first + 8 * place
            place += _lines(length)
        self._room[:n] = x
        rules = (values["rules"] - first) // 8
        self._room[rules : rules + 3] = tolerance, first_step, most_move
        self._n, self._path = n, (values.get("path", first) - first) // 8
        self._pairs = np.zeros(most_iterations + 1 if keeps_path else 1, np.int64)
        values["pairs"] = address(self._pairs)
        self._objective = objective  # whose memory is in use
        self._slots = np.array([values.get(name, 0) for name in SLOTS], np.int64)

    def advance(self, end: int) -> int:
        """Go on until `end` iterations have been done or it stops; 0 or the objective's status, where it refused."""
        self._slots[_END] = end
        lbfgs_function().call(self._slots)
        return int(self._slots[_STATUS])

    @property
    def iterations(self) -> int:
        """How many there have been."""
        return int(self._slots[_ITERATIONS])

    @property
    def reason(self) -> int:
        """RUNNING, or why it stopped: CONVERGED, NO_STEP that is downhill, NO_START, as it is not finite there."""
        return int(self._slots[_REASON])

    @property
    def here(self) -> tuple[FloatArray, float, FloatArray]:
        """Where it is, the value and the gradient there, as copies."""
        return self._point(self._room)

    def visited(self, number: int) -> tuple[FloatArray, float, FloatArray, int]:
        """Point number 0, 1, ... up to the last iteration, as `here`, and how many pairs were in the memory by then."""
        first = self._path + number * (2 * self._n + 1)
        return (*self._point(self._room[first:]), int(self._pairs[number]))

    def _point(self, numbers: FloatArray) -> tuple[FloatArray, float, FloatArray]:
        n = self._n
        return numbers[:n].copy(), float(numbers[n]), numbers[n + 1 : 2 * n + 1].copy()


def _lines(doubles: int) -> int:
    return -(-doubles // 8) * 8
