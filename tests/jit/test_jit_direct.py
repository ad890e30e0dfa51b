"""Kernels read by `jit.direct`: every construct of their language means what it means in Python."""

import numpy as np
import pytest

from vicompile.diagnostics import InternalError
from vicompile.emit import SIGNATURE
from vicompile.jit import native

RNG = np.random.default_rng(20261126)
NUMBERS = np.concatenate([RNG.normal(size=6) * 3.0, [0.0, -0.0, 1.0, -2.0]])
WHOLE = np.array([7, -7, 3, -3, 0, 1, 2, -1, 5, 4], np.int64)


def run(lines):
    """Four numbers of output for every row, from `x` and `y` of NUMBERS and `i` and `j` of WHOLE."""
    rows = len(NUMBERS)
    body = "\n".join(f"        {line}" for line in lines.splitlines())
    text = (
        "from vicompile.jit.mathlib import float64_at, advance, exp, maximum, local_buffer\n"
        "def kernel(params, noise, data, sizes, work, out):\n"
        "    n = sizes[0]\n"
        "    whole = advance(sizes, 1)\n"
        "    total = 0.0\n"
        "    for r in range(n):\n        x = params[r]\n        y = params[n - 1 - r]\n"
        "        i = whole[r]\n        j = whole[n - 1 - r]\n" + body + "\n    return 0\n"
    )
    out = np.zeros(4 * rows)
    sizes = np.concatenate([[rows], WHOLE]).astype(np.int64)
    empty, nothing = np.zeros(8), np.zeros(1, np.int64)
    assert native(text, "kernel", SIGNATURE, is_kernel=True).call(NUMBERS, empty, nothing, sizes, empty, out) == 0
    return out.reshape(rows, 4)


X, Y, P, Q = NUMBERS, NUMBERS[::-1], WHOLE, WHOLE[::-1]


def test_arithmetic_and_comparisons():
    found = run(
        "out[4 * r] = -x * y + 2 - i\n"
        "out[4 * r + 1] = x / y if y != 0.0 else 1e400\n"
        "out[4 * r + 2] = (1.0 if (x < y) & ((i >= j) | ((x == y) == False)) else -1.0)\n"
        "out[4 * r + 3] = abs(x) + abs(i) + min(i, j) + int(x) + (i < j) * 1.0"
    )
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(found[:, 0], -X * Y + 2 - P)
        np.testing.assert_allclose(found[:, 1], np.where(Y != 0, X / Y, np.inf))
        np.testing.assert_allclose(found[:, 2], np.where((X < Y) & ((P >= Q) | (X != Y)), 1.0, -1.0))
        np.testing.assert_allclose(found[:, 3], np.abs(X) + np.abs(P) + np.minimum(P, Q) + np.trunc(X) + (P < Q))


def test_floored_quotients_and_remainders():
    found = run("out[4 * r] = i // j\nout[4 * r + 1] = i % j\nout[4 * r + 2] = x // 1.5\nout[4 * r + 3] = x % 1.5")
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(found[:, 0], P // Q)
        np.testing.assert_allclose(found[:, 1], P % Q)
        np.testing.assert_allclose(found[:, 2], X // 1.5)
        np.testing.assert_allclose(found[:, 3], np.mod(X, 1.5), atol=1e-15)


def test_loops_variables_and_buffers():
    found = run(
        "lanes = local_buffer(8)\n"
        "for k in range(8):\n    lanes[k] = x * k\n"
        "for k in range(0, 8, 3):\n    total += lanes[k]\n"
        "r2 = r\n"
        "for back in range(3):\n    r2 = 2 - back\n    out[4 * r + r2] = total * r2\n"
        "for r2 in range(2):\n    out[4 * r + r2] += maximum(x, 0.5)\n"
        "out[4 * r + 3] = exp(x)"
    )
    total = np.cumsum(9.0 * X)
    larger = np.maximum(X, 0.5)
    np.testing.assert_allclose(found, np.stack([larger, total + larger, 2 * total, np.exp(X)], 1), rtol=1e-12)


@pytest.mark.parametrize("line", ["x = [1.0]", "while x:\n    pass", "out[0] = x if x else y and i", "x = lambda: 1"])
def test_what_no_kernel_says_is_refused(line):
    with pytest.raises(InternalError, match="does not compile"):
        run(line)
