"""Functions of vectors and matrices mean the same on NumPy arrays and on nodes, also with symbolic sizes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from vicompile.autodiff import gradient
from vicompile.ir import ops, vectors
from vicompile.ir.dims import symbol
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import FLOAT, INT, Input, make
from vicompile.ir.verify import verify

B, N = symbol("b"), symbol("n")
SIZES = {"b": 2, "n": 4}
RNG = np.random.default_rng(8)
X = RNG.normal(size=(2, 4))
A = RNG.normal(size=(2, 4, 4))
V = RNG.normal(size=(2, 10))
S = RNG.normal(size=(2, 6))
PICK = np.array([2, 0, 3])


def data(name, shape, dtype=FLOAT):
    return make(Input, dtype, shape, name=name, role="data")


x, a, v, s = data("x", (B, N)), data("a", (B, N, N)), data("v", (B, 10)), data("s", (B, 6))
square, pick = data("square", (B, 4, 4)), data("pick", (3,), INT)
VALUES = {x: X, a: A, v: V, s: S, square: A, pick: PICK}
LOWER = np.tril_indices(4)
STRICT = np.tril_indices(4, -1)


def filled(values, places):
    out = np.zeros((2, 4, 4))
    out[:, *places] = values
    return out


CASES = {
    "slice_last": (vectors.slice_last, (x, 1, N), (X, 1, 4), X[:, 1:]),
    "take_last": (vectors.take_last, (x, pick), (X, PICK), X[:, PICK]),
    "concatenate_last": (lambda p, q: vectors.concatenate_last([p, q]), (x, v), (X, V), np.hstack([X, V])),
    "cumsum": (vectors.cumsum_last, (x,), (X,), np.cumsum(X, -1)),
    "cumsum_reverse": (lambda p: vectors.cumsum_last(p, reverse=True), (x,), (X,), np.cumsum(X[:, ::-1], -1)[:, ::-1]),
    "cumsum_before": (lambda p: vectors.cumsum_last(p, exclusive=True), (x,), (X,), np.cumsum(X, -1) - X),
    "cumsum_after": (
        lambda p: vectors.cumsum_last(p, exclusive=True, reverse=True),
        (x,), (X,), X.sum(-1)[:, None] - np.cumsum(X, -1)),
    "cumsum_of_four": (
        lambda p: vectors.cumsum_last(p, reverse=True),
        (square,), (A,), A.sum(-1)[:, :, None] - np.cumsum(A, -1) + A),
    "cumsum_of_ten": (lambda p: vectors.cumsum_last(p, exclusive=True), (v,), (V,), np.cumsum(V, -1) - V),
    "softmax_of_large": (lambda p: vectors.softmax_last(1e4 * p), (v,), (V,), special.softmax(1e4 * V, -1)),
    "tril": (vectors.tril, (a,), (A,), np.tril(A)),
    "identity": (lambda p: vectors.identity(vectors.square_size(p), p) * p, (a,), (A,), np.eye(4) * A),
    "beside": (lambda p: vectors.beside(p, 2), (x,), (X,), X[:, :, None, None]),
    "softmax_last": (vectors.softmax_last, (x,), (X,), np.exp(X) / np.exp(X).sum(-1, keepdims=True)),
    "lengths_after": (
        vectors.lengths_after, (x,), (X,), np.sqrt(np.clip((X**2).sum(-1)[:, None] - np.cumsum(X**2, -1), 0, None))),
    "insert_axis": (lambda p: vectors.insert_axis(p, -2), (x,), (X,), X[:, None, :]),
    "swap_axes": (lambda p: vectors.swap_axes(p, 0, -1), (a,), (A,), np.swapaxes(A, 0, -1)),
    "diagonal": (vectors.diagonal, (a,), (A,), np.diagonal(A, axis1=1, axis2=2)),
    "with_diagonal": (vectors.with_diagonal, (a, x), (A, X), A * (1 - np.eye(4)) + X[:, :, None] * np.eye(4)),
    "with_ones": (lambda p: vectors.with_diagonal(p, 1.0), (a,), (A,), A * (1 - np.eye(4)) + np.eye(4)),
    "strict_lower": (vectors.strict_lower, (a,), (A,), np.tril(A, -1)),
    "transpose": (vectors.transpose, (a,), (A,), np.swapaxes(A, -1, -2)),
    "matmul": (vectors.matmul, (a, a), (A, A), A @ A),
    "matvec": (vectors.matvec, (a, x), (A, X), (A @ X[:, :, None])[:, :, 0]),
    "fill_lower": (lambda p: vectors.fill_lower(p, 4), (v,), (V,), filled(V, LOWER)),
    "fill_strict": (lambda p: vectors.fill_lower(p, 4, strict=True), (s,), (S,), filled(S, STRICT)),
    "read_lower": (vectors.read_lower, (square,), (A,), A[:, *LOWER]),
    "read_strict": (lambda p: vectors.read_lower(p, strict=True), (square,), (A,), A[:, *STRICT]),
    "stack": (lambda p: vectors.stack([p, 2.0 * p], 2), (x,), (X,), np.stack([X, 2 * X], 1)),
    "unstack": (lambda p: vectors.unstack(p, 2)[3], (square,), (A,), A[:, 3]),
    "reshape_event": (lambda p: vectors.reshape_event(p, (6,), (3, 2)), (s,), (S,), S.reshape(2, 3, 2)),
    "reshape_matrix": (lambda p: vectors.reshape_event(p, (4, 4), (2, 8)), (square,), (A,), A.reshape(2, 2, 8)),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_arrays_and_nodes_agree(name):
    function, nodes, arrays, expected = CASES[name]
    np.testing.assert_allclose(function(*arrays), expected, rtol=1e-12, atol=2e-8 if name == "lengths_after" else 1e-14)
    node = ops.to_float(function(*nodes))
    verify([node])
    found = interpret([node], VALUES, SIZES)[0]
    np.testing.assert_allclose(found, function(*arrays), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("name", sorted(set(CASES) - {"lengths_after"}))
def test_gradients(name):
    """Of a weighted sum, against central differences along a direction."""
    function, nodes, arrays, expected = CASES[name]
    weight = data("weight", ops.shape_of(function(*nodes)))
    slope = gradient(ops.total(ops.to_float(function(*nodes)) * weight), [nodes[0]])[0]
    weights = np.random.default_rng(1).normal(size=expected.shape)
    direction = np.random.default_rng(2).normal(size=arrays[0].shape)
    found = np.sum(interpret([slope], {**VALUES, weight: weights}, SIZES)[0] * direction)

    def along(h):
        others = [arrays[0] + h * direction if one is arrays[0] else one for one in arrays]
        return np.sum(function(*others) * weights)

    h = 1e-3
    expected_slope = (8 * (along(h) - along(-h)) - (along(2 * h) - along(-2 * h))) / (12 * h)
    assert found == pytest.approx(expected_slope, rel=1e-8, abs=1e-10)


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("size", [1, 2, 3, 50, 400])
def test_triangles_of_all_sizes(size, strict):
    count = vectors.triangle_count(size, strict=strict)
    assert vectors.triangle_size(count, strict=strict) == size
    values = np.arange(1.0, count + 1.0)
    u = data("u", (count,))
    back = vectors.read_lower(vectors.fill_lower(u, size, strict=strict), strict=strict)
    np.testing.assert_array_equal(interpret([back], {u: values}, {})[0], values)
    np.testing.assert_array_equal(
        vectors.read_lower(vectors.fill_lower(values, size, strict=strict), strict=strict), values
    )


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        (lambda: vectors.last_size(3.0), ValueError, "expected a vector, got a single number"),
        (lambda: vectors.square_size(np.zeros((2, 3))), ValueError, r"got an array of shape \(2, 3\)"),
        (lambda: vectors.square_size(np.zeros(2)), ValueError, r"got an array of shape \(2,\)"),
        (lambda: vectors.square_size(data("m", (N, 3))), ops.ShapeMismatch, "n and 3"),
        (lambda: vectors.triangle_size(4), ValueError, "no triangle"),
        (lambda: vectors.triangle_size(N), vectors.SizeMustBeKnown, "n is known only at run time"),
        (lambda: vectors.unstack(x, 1), vectors.SizeMustBeKnown, "the number of parts"),
    ],
)
def test_faults_are_told(wrong, error, message):
    with pytest.raises(error, match=message):
        wrong()
