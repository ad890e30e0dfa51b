"""log_beta against mpmath over all sizes of both arguments, at the edges, and beside the primitive's NumPy meaning."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from mpmath import mp
from test_mathlib_code import library
from ulp_harness import evaluate, loop_over, magnitudes

from vicompile.ir.primitives import primitives

INF, NAN = np.inf, np.nan
LIMIT = 1e-14


def exact(a: float, b: float) -> Any:
    # The gamma functions are up to 1e300 times as large as what remains of them.
    with mp.workdps(60 + 2 * int(abs(np.log10(a)) + abs(np.log10(b)))):
        return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(mp.mpf(a) + mp.mpf(b))


def assert_exact(a: Any, b: Any) -> None:
    for x, y, got in zip(a.tolist(), b.tolist(), evaluate("log_beta", a, b).tolist()):
        want = exact(x, y)
        assert abs(got - want) <= LIMIT * max(1.0, abs(want)), (x, y)


@pytest.mark.parametrize(
    ("low", "high"),
    [(1e-300, 1.0), (1e-3, 1.0), (0.5, 8.0), (1.0, 20.0), (8.0, 1e3), (1e-3, 1e6), (1e3, 1e12), (1e-300, 1e300)],
)
def test_error(low: float, high: float) -> None:
    assert_exact(magnitudes(low, high, 300, 1, signed=False), magnitudes(low, high, 300, 2, signed=False))


def test_error_where_the_formula_changes() -> None:
    near = np.array([np.nextafter(8.0, 0), 8.0, np.nextafter(8.0, 9), 1e-3, 7.0, 9.0, 100.0])
    a, b = np.meshgrid(near, near)
    assert_exact(a.ravel(), b.ravel())


def test_error_where_three_gamma_functions_cancel() -> None:
    assert_exact(np.array([1e5, 1e5, 1e5, 1e-3, 1e15]), np.array([2e5, 1e5, 1e-3, 1e9, 1e15]))


def test_it_is_symmetric() -> None:
    a, b = magnitudes(1e-5, 1e5, 300, 3, signed=False), magnitudes(1e-5, 1e5, 300, 4, signed=False)
    np.testing.assert_array_equal(evaluate("log_beta", a, b), evaluate("log_beta", b, a))


def test_edges() -> None:
    table = [
        (0.0, 1.0, INF), (0.0, 0.0, INF), (0.0, INF, INF), (INF, 1.0, -INF), (INF, INF, -INF), (-1.0, 2.0, NAN),
        (-1.0, INF, NAN), (-1.0, -2.0, NAN), (NAN, 1.0, NAN), (NAN, 0.0, NAN), (NAN, INF, NAN),
        (1.7e308, 1.7e308, -INF),
    ]  # fmt: skip
    a, b, want = (np.array(column) for column in zip(*table))
    np.testing.assert_array_equal(evaluate("log_beta", a, b), want)
    np.testing.assert_array_equal(evaluate("log_beta", b, a), want)
    tiny = 5e-324
    assert evaluate("log_beta", tiny, tiny) == pytest.approx(float(mp.log(2 / mp.mpf(tiny))), rel=LIMIT)
    # The sum of both overflows, the result does not.
    assert evaluate("log_beta", 9e307, 9e307) == pytest.approx(-9e307 * np.log(4.0), rel=LIMIT)


def test_loops_become_vector_code() -> None:
    llvm = library(loop_over("log_beta", 2)).get_llvm_str()
    assert re.search(r"fdiv[a-z ]*<\d+ x double>", llvm)


def test_the_primitive_means_the_same() -> None:
    a, b = magnitudes(0.1, 50.0, 100, 5, signed=False), magnitudes(0.1, 50.0, 100, 6, signed=False)
    meaning, native = primitives()["log_beta"].evaluate, evaluate("log_beta", a, b)
    np.testing.assert_allclose(meaning(a, b), native, rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose([meaning(x, y) for x, y in zip(a.tolist(), b.tolist())], native, rtol=1e-13, atol=1e-13)


def test_single_numbers_need_no_scipy() -> None:
    program = "import sys; from vicompile.ir import ops; ops.log_beta(2.0, 3.5); sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
