"""Maps far out, against their textbook definitions in mpmath with many digits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath as mp
import numpy as np
import pytest

from vicompile import constraints as c
from vicompile.ir import ops
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import FLOAT, Input, make

DIGITS = 1200


def sigmoid(u: Any) -> Any:
    return 1 / (1 + mp.exp(-u))


def stick_breaking(u: list[Any]) -> list[Any]:
    left, found = mp.mpf(1), []
    for k, one in enumerate(u):
        share = sigmoid(one - mp.log(len(u) - k))
        found.append(share * left)
        left *= 1 - share
    return [*found, left]


def l1_ball(u: list[Any]) -> list[Any]:
    left, found = mp.mpf(1), []
    for one in u:
        share = mp.tanh(one)
        found.append(share * left)
        left *= 1 - abs(share)
    return found


def corr_cholesky(u: list[Any]) -> list[Any]:
    """The strict lower triangle, row after row."""
    found, rest = [], list(u)
    for row in range(1, 4):
        left = mp.mpf(1)
        for _ in range(row):
            share = mp.tanh(rest.pop(0))
            found.append(share * mp.sqrt(left))
            left *= 1 - share**2
    return found


def elementwise(function: Callable[[Any], Any]) -> Callable[[list[Any]], list[Any]]:
    return lambda u: [function(one) for one in u]


# Each element depends on the unconstrained numbers up to its own, so that |J| is the product of its own slopes.
CASES = {
    "simplex": (c.simplex, 3, stick_breaking, lambda x: x),
    "l1_ball": (c.l1_ball, 3, l1_ball, lambda x: x),
    "corr_cholesky": (c.corr_cholesky, 6, corr_cholesky, lambda x: x[np.tril_indices(4, -1)]),
    "unit_interval": (c.unit_interval, 1, elementwise(sigmoid), lambda x: x),
    "interval_up_to_0": (c.interval(-1.0, 0.0), 1, elementwise(lambda u: sigmoid(u) - 1), lambda x: x),
    "interval": (c.interval(-2.0, 5.0), 1, elementwise(lambda u: 7 * sigmoid(u) - 2), lambda x: x),
    "softplus_positive": (c.softplus_positive, 1, elementwise(lambda u: mp.log(1 + mp.exp(u))), lambda x: x),
}
PATTERNS = [(40.0, 40.0, 40.0), (-40.0, -40.0, -40.0), (40.0, -40.0, 40.0), (-90.0, 90.0, 3.0), (0.1, -200.0, 150.0)]


@pytest.mark.parametrize("pattern", PATTERNS, ids=str)
@pytest.mark.parametrize("case", CASES)
def test_far_out(case: str, pattern: tuple[float, ...]) -> None:
    one, count, definition, free = CASES[case]
    u = np.resize(np.array(pattern), count)
    with mp.workdps(DIGITS):
        exact = definition([mp.mpf(v) for v in u])
        log_slopes = []
        for k in range(count):
            # The definitions are analytic except at 0: a difference quotient with a third of the digits.
            step = [mp.mpf(v) for v in u]
            h = mp.mpf(10) ** (-DIGITS // 3)
            step[k] += h
            log_slopes.append(mp.log(abs((definition(step)[k] - exact[k]) / h)))
        expected = np.array([float(v) for v in exact])
        log_abs_det = float(mp.fsum(log_slopes))
    x = one.transform(u)
    np.testing.assert_allclose(free(x), expected, rtol=3e-13, atol=1e-300)
    assert np.isfinite(log_abs_det)
    assert float(np.sum(one.log_abs_det(u))) == pytest.approx(log_abs_det, rel=1e-13)

    node = make(Input, FLOAT, u.shape, name="u", role="param")
    nodes = [ops.to_float(one.transform(node)), ops.to_float(one.log_abs_det(node))]
    found = interpret(nodes, {node: u}, {})
    np.testing.assert_allclose(free(found[0]), expected, rtol=3e-13, atol=1e-300)
    np.testing.assert_allclose(np.sum(found[1]), log_abs_det, rtol=1e-13)


@pytest.mark.parametrize("size", [40.0, 300.0])
def test_a_simplex_keeps_its_digits_both_ways(size: float) -> None:
    """An element is 0 only by underflow, and small elements tell the unconstrained numbers."""
    for u in (np.full(2, -size), np.array([size, -size]), np.array([-size, 30.0])):
        x = c.simplex.transform(u)
        assert (x > 0.0).all()
        np.testing.assert_allclose(c.simplex.inverse(x), u, rtol=1e-13)


def test_a_correlation_factor_keeps_its_digits_both_ways() -> None:
    u = np.array([150.0, -120.0, 200.0, 90.0, 40.0, -170.0])
    factor = c.corr_cholesky.transform(u)
    assert c.corr_cholesky.check(factor)
    np.testing.assert_allclose(c.corr_cholesky.inverse(factor), u, rtol=1e-12)


def test_an_interval_keeps_its_digits_next_to_a_bound_at_zero() -> None:
    u = np.array([-700.0, -40.0, 0.0, 40.0, 700.0])
    upper = c.interval(-3.0, 0.0)
    x = upper.transform(u)
    assert (x[u >= 0.0] < 0.0).all()
    np.testing.assert_allclose(upper.inverse(x)[2:], u[2:], rtol=1e-13, atol=1e-15)
    np.testing.assert_allclose(c.interval(0.0, 3.0).inverse(c.interval(0.0, 3.0).transform(u))[:3], u[:3], atol=1e-12)


def test_the_slope_of_an_interval_is_right_in_its_middle() -> None:
    from vicompile.autodiff import gradient

    node = make(Input, FLOAT, (3,), name="u", role="param")
    slope = gradient(ops.total(c.interval(-2.0, 6.0).transform(node)), [node])[0]
    u = np.array([-1e-9, 0.0, 1e-9])
    np.testing.assert_allclose(interpret([slope], {node: u}, {})[0], 2.0, rtol=1e-12)
