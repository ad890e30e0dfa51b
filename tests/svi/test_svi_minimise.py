"""The native L-BFGS: against one in NumPy step by step, against exact minima and SciPy, in pieces, and its refusals."""

import numpy as np
import pytest
from scipy import optimize
from support.lbfgs import lbfgs

from vicompile.jit import native
from vicompile.svi.minimise import CONVERGED, NO_START, NO_STEP, RUNNING, Minimisation

SIGNATURE = "int64(i8*, i8, i8)"
HEAD = """
from math import inf, log

from vicompile.jit.mathlib import float64_at


def objective(slots, point, out):
    x, result = float64_at(point), float64_at(out)
"""
# sum of slots[1 + i] / 1000 * (x[i] - i)^2 / 2
QUADRATIC = """
    result[0] = 0.0
    for i in range(slots[0]):
        apart = x[i] - i
        result[0] += 0.0005 * slots[1 + i] * apart * apart
        result[1 + i] = 0.001 * slots[1 + i] * apart
    return 0
"""
ROSENBROCK = """
    result[0] = 0.0
    for i in range(slots[0]):
        result[1 + i] = 0.0
    for i in range(slots[0] - 1):
        a, b = 1.0 - x[i], x[i + 1] - x[i] * x[i]
        result[0] += a * a + 100.0 * b * b
        result[1 + i] += -2.0 * a - 400.0 * b * x[i]
        result[2 + i] += 200.0 * b
    return 0
"""
# x - log x: infinite to the left of zero. Its minimum is at 1.
BARRIER = """
    result[0] = 0.0
    for i in range(slots[0]):
        result[0] += x[i] - log(x[i]) if x[i] > 0.0 else inf
        result[1 + i] = 1.0 - 1.0 / x[i]
    return 0
"""
REFUSES = """
    slots[1] -= 1
    result[0], result[1] = 0.5 * x[0] * x[0], x[0]
    return 17 if slots[1] < 0 else 0
"""


class Function:
    """One of the texts, also as a function in Python."""

    def __init__(self, text, size, *numbers):
        self._native = native(HEAD + text, "objective", SIGNATURE, label="test")
        self._slots = np.array([size, *numbers], np.int64)
        self.size, self.address, self.context = size, self._native.address, self._slots.ctypes.data
        self.calls = 0

    def __call__(self, x):
        self.calls += 1
        x, out = np.array(x), np.empty(1 + self.size)
        assert self._native.call(self._slots, x.ctypes.data, out.ctypes.data) == 0
        return out[0], out[1:]


def ill_conditioned():
    return Function(QUADRATIC, 12, *np.geomspace(1, 1e6, 12).astype(int))


def minimisation(function, x, *, memory=20, tolerance=1e-8, first_step=0.0, most_move=np.inf, keeps_path=True):
    return Minimisation(
        function, np.array(x, float), memory=memory, tolerance=tolerance, first_step=first_step,
        most_move=most_move, most_iterations=1000, keeps_path=keeps_path,
    )  # fmt: skip


def visited(state):
    return [state.visited(k) for k in range(state.iterations + 1)]


CASES = {
    "quadratic": (ill_conditioned, np.zeros(12), {}),
    "first step and most move": (ill_conditioned, np.zeros(12), {"first_step": 1.0, "most_move": 2.0}),
    "Rosenbrock": (lambda: Function(ROSENBROCK, 6), np.full(6, -1.2), {}),
    "a memory of 3": (lambda: Function(ROSENBROCK, 6), np.full(6, -1.2), {"memory": 3}),
    "infinite regions": (lambda: Function(BARRIER, 3), np.array([50.0, 3.0, 0.01]), {}),
    "one variable": (lambda: Function(BARRIER, 1), np.array([200.0]), {}),
}


@pytest.mark.parametrize("name", CASES)
def test_it_visits_the_points_that_the_one_in_numpy_visits(name):
    make, x, given = CASES[name]
    function = make()
    state = minimisation(function, x, **given)
    assert state.advance(1000) == 0
    path, reason = lbfgs(function, x, **{"memory": 20, "tolerance": 1e-8, "most_iterations": 1000} | given)
    points = [point for point, *_ in visited(state)]
    assert len(points) == pytest.approx(len(path), rel=0.1)
    assert (state.reason, reason) == (CONVERGED, "converged")
    # Roundings grow along the way of an ill-conditioned function.
    for ours, theirs in list(zip(points, path))[:12]:
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(points[-1], path[-1], rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("name", CASES)
def test_pieces_give_the_same_bits(name):
    make, x, given = CASES[name]
    function = make()
    whole, pieces = (minimisation(function, x, **given) for _ in range(2))
    whole.advance(1000)
    end = 0
    while pieces.reason == RUNNING:
        end += 1 + end % 3
        pieces.advance(end)
        assert pieces.iterations <= end
    assert whole.iterations == pieces.iterations
    for ours, theirs in zip(visited(whole), visited(pieces), strict=True):
        assert ours[0].tobytes() == theirs[0].tobytes()
        assert (ours[1], ours[3]) == (theirs[1], theirs[3])
        assert ours[2].tobytes() == theirs[2].tobytes()


def test_condition_of_a_million():
    state = minimisation(ill_conditioned(), np.zeros(12), tolerance=1e-16)
    state.advance(1000)
    x, value, gradient = state.here
    np.testing.assert_allclose(x, np.arange(12), atol=1e-5)
    assert value < 1e-12
    assert np.abs(gradient).max() < 1e-4


def test_it_needs_no_more_calls_than_scipy():
    x = np.full(10, -1.2)
    ours, theirs = Function(ROSENBROCK, 10), Function(ROSENBROCK, 10)
    lbfgs(ours, x, memory=20, most_iterations=1000, tolerance=1e-10)
    found = optimize.minimize(theirs, x, jac=True, method="L-BFGS-B", options={"maxcor": 20, "ftol": 0, "gtol": 1e-4})
    state = minimisation(Function(ROSENBROCK, 10), x, tolerance=1e-10)
    state.advance(1000)
    assert state.here[1] < 1e-9
    assert found.fun < 1e-7
    assert ours.calls < 1.5 * theirs.calls


def test_the_units_of_the_variables_do_not_matter_to_where_it_stops():
    ends = []
    for unit in (1, 10):
        curvature = 1_000_000 // unit**2
        function = Function(QUADRATIC, 2, curvature, 5 * curvature)
        state = minimisation(function, [0.3 * unit, 1.0 - 0.3 * unit], first_step=1e-3 * unit**2)
        state.advance(1000)
        ends.append((state.iterations, state.reason))
    assert ends[0] == ends[1]


def test_it_stops_where_it_may_do_no_more_iterations_and_goes_on_from_there():
    state = minimisation(Function(ROSENBROCK, 2), [-1.2, 1.0])
    state.advance(3)
    assert (state.iterations, state.reason) == (3, RUNNING)
    before = state.here[0]
    state.advance(3)
    assert state.here[0].tobytes() == before.tobytes()


def test_a_start_at_the_minimum_and_a_start_that_is_not_finite():
    state = minimisation(Function(QUADRATIC, 3, 1000, 1000, 1000), [0.0, 1.0, 2.0])
    state.advance(10)
    assert (state.iterations, state.reason) == (0, CONVERGED)
    state = minimisation(Function(BARRIER, 1), [-1.0])
    state.advance(10)
    assert state.reason == NO_START


def test_no_step_downhill():
    # The gradient tells the wrong direction.
    wrong = QUADRATIC.replace("0.001 *", "-0.001 *")
    state = minimisation(Function(wrong, 1, 1000), [5.0])
    state.advance(10)
    assert (state.iterations, state.reason) == (0, NO_STEP)


def test_a_refusal_is_told_and_nothing_is_lost():
    function = Function(REFUSES, 1, 3)
    state = minimisation(function, [100.0], first_step=1e-3, most_move=0.01)
    assert state.advance(1000) == 17
    assert state.reason == RUNNING
    assert 99.9 < state.here[0][0] < 100.0


def test_the_number_of_pairs_that_a_point_knows():
    state = minimisation(Function(ROSENBROCK, 4), np.full(4, -1.2), memory=3)
    state.advance(8)
    assert [count for *_, count in visited(state)] == [0, 1, 2, 3, 3, 3, 3, 3, 3]
    assert minimisation(Function(ROSENBROCK, 4), np.full(4, -1.2), keeps_path=False).advance(5) == 0
