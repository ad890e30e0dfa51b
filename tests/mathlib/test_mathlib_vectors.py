"""Operations on vectors and products of matrices inside native code, against NumPy."""

import numpy as np
import pytest

from vicompile.jit import native

RNG = np.random.default_rng(2)
NAMES = "add_cross_product, combine, dot, largest, not_finite, scale, times_transposed, total"


def compiled(call, signature):
    arguments = ", ".join("abcdefg"[: signature.count(",") + 1])
    body = f"    return {call}\n" if signature.startswith("float64") else f"    {call}\n    return 0\n"
    return native(
        f"from vicompile.jit.mathlib import {NAMES}\ndef f({arguments}):\n{body}", "f", signature, label="test"
    ).call


@pytest.mark.parametrize("n", [0, 1, 3, 8, 37])
def test_vectors(n):
    a, b, out = RNG.normal(size=n + 1), RNG.normal(size=n + 1), np.full(n + 1, 9.0)
    assert compiled("dot(a, b, c)", "float64(f8*, f8*, i8)")(a, b, n) == pytest.approx(a[:n] @ b[:n])
    assert compiled("total(a, b)", "float64(f8*, i8)")(a, n) == pytest.approx(a[:n].sum())
    assert compiled("largest(a, b)", "float64(f8*, i8)")(a, n) == np.abs(a[:n]).max(initial=0.0)
    compiled("combine(a, b, c, d, e, f)", "int64(f8*, f8, f8*, f8, f8*, i8)")(out, 0.3, a, -2.0, b, n)
    np.testing.assert_allclose(out, np.append(0.3 * a[:n] - 2.0 * b[:n], 9.0), rtol=1e-14)
    compiled("scale(a, b, c, d)", "int64(f8*, f8, f8*, i8)")(out, -1.5, out, n)
    np.testing.assert_allclose(out, np.append(-1.5 * (0.3 * a[:n] - 2.0 * b[:n]), 9.0), rtol=1e-14)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("place", [0, 4, 8])
def test_one_that_is_not_finite_is_found(value, place):
    numbers = RNG.normal(size=9)
    found = compiled("not_finite(a, b)", "float64(i8, i8)")
    assert found(numbers.ctypes.data, 9) == 0
    numbers[place] = value
    assert found(numbers.ctypes.data, 9) == -1
    assert found(numbers.ctypes.data, place) == 0


def matrix(values):
    """With the room that a product wants."""
    rows, columns = values.shape
    found = np.zeros((-(-columns // 4) * 4, -(-rows // 8) * 8))
    found[:columns, :rows] = values.T
    return found


@pytest.mark.parametrize("n", [1, 8, 13])
@pytest.mark.parametrize("m", [1, 4, 6])
@pytest.mark.parametrize("k", [1, 7, 16])
def test_products(n, m, k):
    a, b = RNG.normal(size=(n, k)), RNG.normal(size=(m, k))
    times = compiled("times_transposed(a, b, c, d, e, f, g)", "int64(f8*, f8*, f8*, i8, i8, i8, i8)")
    cross = compiled("add_cross_product(a, b, c, d, e, f)", "int64(f8*, f8*, f8*, i8, i8, i8)")
    out = matrix(np.full((n, m), np.nan))
    times(out, matrix(a), matrix(b), n, m, k, 0)
    np.testing.assert_allclose(out[:m, :n].T, a @ b.T, rtol=1e-12, atol=1e-14)
    lower = np.tril(b)
    times(out, matrix(a), matrix(lower), n, m, k, 1)
    np.testing.assert_allclose(out[:m, :n].T, a @ lower.T, rtol=1e-12, atol=1e-14)
    first = RNG.normal(size=(n, m))
    out = matrix(first)
    cross(out, matrix(a.T), matrix(b.T), n, m, k)
    np.testing.assert_allclose(out[:m, :n].T, first + a @ b.T, rtol=1e-12, atol=1e-14)
