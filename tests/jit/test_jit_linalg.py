"""Native helpers against NumPy's meaning: every function, small and large, packed and at strides, with and without
LAPACK.
"""

import numpy as np
import pytest
from support.matrices import operands

from vicompile.ir.calls import calls
from vicompile.jit.lapack import routine_address
from vicompile.jit.linalg import ROUTINES, helper, helper_table

ROWS = list(calls().values())
rows = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
SHAPES = [(m, k) for m in (0, 1, 3) for k in (0, 2)]


def at_stride(array, stride):
    """The elements, the leading axis fastest, `stride` apart in memory full of something else."""
    flat = np.ravel(array, order="F")
    result = np.full(max(1, flat.size * stride), 777.0)
    result[::stride][: flat.size] = flat
    return result


def called(row, args, n, m, k, strides=(1, 1, 1), loops_only=False):
    """The helper's result, and whether it left everything between its elements alone."""
    shape = tuple({"n": n, "m": m, "k": k}[letter] for letter in row.result)
    count = int(np.prod(shape))
    out = np.full(max(1, count * strides[0]), 555.0)
    scratch = np.full(max(1, row.scratch(n, m, k)), np.nan)
    buffers = [at_stride(a, stride) for a, stride in zip((args[0], args[-1]), strides[1:])]
    table = helper_table(row.helper, (n, m, k), loops_only)
    status = helper(row.helper).call(out, *buffers, scratch, table, *strides, n, m, k, row.variant)
    assert status == 0
    found = out[:: strides[0]][:count].copy()
    out[:: strides[0]][:count] = 555.0
    assert (out == 555.0).all()
    return found.reshape(shape, order="F")


@rows
@pytest.mark.parametrize("loops_only", [False, True])
@pytest.mark.parametrize("strides", [(1, 1, 1), (3, 2, 5)])
@pytest.mark.parametrize("n", [0, 1, 2, 3, 17, 60])
def test_helpers_compute_what_numpy_computes(row, n, strides, loops_only):
    rng = np.random.default_rng(n)
    for m, k in SHAPES:
        args = operands(row, rng, {"n": n, "m": m, "k": k})
        expected = row.evaluate(*args)
        found = called(row, args, n, m, k, strides, loops_only)
        np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-12 * (1 + np.abs(expected).max(initial=0.0)))


@pytest.mark.parametrize("loops_only", [False, True])
@pytest.mark.parametrize("n", [2, 40])
def test_what_cannot_be_factorised_is_nan_as_in_numpy(n, loops_only):
    table = calls()
    indefinite = np.eye(n)
    indefinite[n // 2, n // 2] = -1.0
    singular = np.ones((n, n))
    broken = table["cholesky"].evaluate(indefinite)
    b = np.zeros((n, 1))
    for name, args in {
        "cholesky": [indefinite],
        "cholesky_adjoint": [broken, np.eye(n)],
        "solve_lower": [broken, b],
        "solve_lower_transposed": [np.diag(np.arange(n) * 1.0), b],
        "solve": [singular, b],
        "solve_transposed": [singular, b],
        "log_abs_det": [singular],
        "sign_of_det": [singular],
    }.items():
        expected = table[name].evaluate(*args)
        assert not np.isfinite(expected).all() or name == "sign_of_det"
        np.testing.assert_array_equal(called(table[name], args, n, 1, 1, loops_only=loops_only), expected)


def test_row_exchanges_and_signs():
    """Permutation matrices need a pivot in every column."""
    table = calls()
    for n in (5, 41):
        matrix = np.eye(n)[np.random.default_rng(n).permutation(n)] * np.where(np.arange(n) % 3, 1.0, -2.0)
        assert called(table["sign_of_det"], [matrix], n, 1, 1) == np.round(np.sign(np.linalg.det(matrix)))
        b = np.arange(2.0 * n).reshape(n, 2)
        for loops_only in (False, True):
            np.testing.assert_allclose(matrix @ called(table["solve"], [matrix, b], n, 2, 1, loops_only=loops_only), b)


def test_every_helper_has_a_row_and_every_routine_an_address():
    assert {row.helper for row in ROWS} == set(ROUTINES)
    assert all(routine_address(name) for names in ROUTINES.values() for name in names)
    assert routine_address("no_such_routine") == 0


def test_small_matrices_do_without_scipy():
    assert list(helper_table("cholesky", (8, 1, 1))[1:]) == [0]
    assert helper_table("cholesky", (200, 1, 1))[1] == routine_address("dpotrf")
