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


def laid_out(blocks, stride, step):
    """Memory with the block of each lane at its place, the leading axis of a block fastest, and 777 elsewhere."""
    count = blocks[0].size
    result = np.full(max(1, (len(blocks) - 1) * step + count * stride), 777.0)
    for lane, block in enumerate(blocks):
        result[lane * step : lane * step + count * stride : stride] = np.ravel(block, order="F")
    return result


def called(row, lanes, n, m, k, strides=(1, 1, 1), steps=(0, 0, 0), loops_only=False):
    """The helper's results for the operands of each lane; checks that it leaves everything between them alone."""
    sizes = {"n": n, "m": m, "k": k}
    shape = tuple(sizes[letter] for letter in row.result)
    blank = [np.full(shape, 555.0)] * len(lanes)
    out = laid_out(blank, strides[0], steps[0])
    untouched = out.copy()
    scratch = np.full(max(1, row.scratch(n, m, k) + len(lanes)), np.nan)
    buffers = [
        laid_out([args[which] for args in lanes], stride, step)
        for which, stride, step in zip((0, -1), strides[1:], steps[1:])
    ]
    table = helper_table(row.helper, (n, m, k), len(lanes) > 1, loops_only)
    (chosen,) = (name for name in ROUTINES if helper(name).address == table[0])
    status = helper(chosen).call(out, *buffers, scratch, table, *strides, *steps, len(lanes), n, m, k, row.variant)
    assert status == 0
    found, count = [], int(np.prod(shape))
    for lane in range(len(lanes)):
        places = slice(lane * steps[0], lane * steps[0] + count * strides[0], strides[0])
        found.append(out[places].reshape(shape, order="F"))
        untouched[places] = out[places]
    np.testing.assert_array_equal(out, untouched)
    return found


def check(row, lanes, n, m, k, **how):
    found = called(row, lanes, n, m, k, **how)
    for one, args in zip(found, lanes, strict=True):
        expected = row.evaluate(*args)
        np.testing.assert_allclose(one, expected, rtol=1e-11, atol=1e-12 * (1 + np.abs(expected).max(initial=0.0)))


@rows
@pytest.mark.parametrize("loops_only", [False, True])
@pytest.mark.parametrize("strides", [(1, 1, 1), (3, 2, 5)])
@pytest.mark.parametrize("n", [0, 1, 2, 3, 17, 60])
def test_helpers_compute_what_numpy_computes(row, n, strides, loops_only):
    rng = np.random.default_rng(n)
    for m, k in SHAPES:
        args = operands(row, rng, {"n": n, "m": m, "k": k})
        check(row, [args], n, m, k, strides=strides, loops_only=loops_only)


@rows
@pytest.mark.parametrize("count", [2, 11, 37])
@pytest.mark.parametrize("n", [0, 1, 2, 3, 17, 30])
def test_lanes_compute_what_numpy_computes(row, n, count):
    """Neighbouring lanes, lanes apart, and one first operand for all lanes."""
    rng = np.random.default_rng(n)
    for m, k in ((1, 2), (3, 1)):
        sizes = {"n": n, "m": m, "k": k}
        lanes = [operands(row, rng, sizes) for _ in range(count)]
        check(row, lanes, n, m, k, strides=(count, count + 1, count), steps=(1, 1, 1))
        apart = count * n * max(n, m, k)
        check(row, lanes, n, m, k, strides=(1, 2, 1), steps=(apart, 2 * apart, apart))
        if len(row.operands) == 2:
            shared = [[lanes[0][0], *args[1:]] for args in lanes]
            check(row, shared, n, m, k, strides=(count, 1, count), steps=(1, 0, 1))


@pytest.mark.parametrize("loops_only", [False, True])
@pytest.mark.parametrize("n", [2, 40])
def test_what_cannot_be_factorised_is_nan_as_in_numpy(n, loops_only):
    table = calls()
    indefinite = np.eye(n)
    indefinite[n // 2, n // 2] = -1.0
    singular = np.ones((n, n))
    broken = table["cholesky"].evaluate(indefinite)
    unknown = np.eye(n)
    unknown[n - 1, 0] = np.nan
    b = np.zeros((n, 1))
    for name, args in [
        ("cholesky", [indefinite]),
        ("cholesky", [unknown]),
        ("cholesky_adjoint", [broken, np.eye(n)]),
        ("solve_lower", [broken, b]),
        ("solve_lower_transposed", [np.diag(np.arange(n) * 1.0), b]),
        ("solve", [singular, b]),
        ("solve_transposed", [singular, b]),
        ("log_abs_det", [singular]),
        ("sign_of_det", [singular]),
    ]:
        with np.errstate(all="ignore"):
            expected = table[name].evaluate(*args)
        assert not np.isfinite(expected).all() or name == "sign_of_det"
        for one in called(table[name], [args], n, 1, 1, loops_only=loops_only):
            np.testing.assert_array_equal(one, expected)
        fine = [np.eye(n), *args[1:]]
        first, second, third = called(table[name], [fine, args, fine], n, 1, 1, strides=(3, 3, 3), steps=(1, 1, 1))
        np.testing.assert_array_equal(second, expected)
        for one in (first, third):
            np.testing.assert_allclose(one, table[name].evaluate(*fine), atol=1e-15)


def test_row_exchanges_and_signs():
    """Permutation matrices need a pivot in every column."""
    table = calls()
    for n in (5, 41):
        matrix = np.eye(n)[np.random.default_rng(n).permutation(n)] * np.where(np.arange(n) % 3, 1.0, -2.0)
        assert called(table["sign_of_det"], [[matrix]], n, 1, 1)[0] == np.round(np.sign(np.linalg.det(matrix)))
        b = np.arange(2.0 * n).reshape(n, 2)
        for loops_only in (False, True):
            (found,) = called(table["solve"], [[matrix, b]], n, 2, 1, loops_only=loops_only)
            np.testing.assert_allclose(matrix @ found, b)


def test_every_helper_has_a_row_and_every_routine_an_address():
    assert {row.helper for row in ROWS} == {name.removesuffix("_lanes") for name in ROUTINES}
    assert all(routine_address(name) for names in ROUTINES.values() for name in names)
    assert routine_address("no_such_routine") == 0


def test_small_matrices_do_without_scipy():
    assert list(helper_table("cholesky", (8, 1, 1))[1:]) == [0]
    assert helper_table("cholesky", (200, 1, 1))[1] == routine_address("dpotrf")
