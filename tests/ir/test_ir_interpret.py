"""The interpreter is NumPy: gathers, scatters, broadcasting and elementwise functions mean what NumPy's do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import expressions

from vicompile.ir import ops
from vicompile.ir.batch import batch
from vicompile.ir.dims import symbol
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import FLOAT, INT, Axis, Draw, Index, Input, Iota, make
from vicompile.ir.primitives import primitives
from vicompile.ir.verify import verify

N, M = symbol("n"), symbol("m")
SIZES = {"n": 4, "m": 3}
RNG = np.random.default_rng(3)
X = RNG.normal(size=(4, 3))
W = RNG.normal(size=3)
G = np.array([2, 0, 2, 1])


def data(name, shape, dtype=FLOAT):
    return make(Input, dtype, shape, name=name, role="data")


x, w, g = data("x", (N, M)), data("w", (M,)), data("g", (N,), INT)
VALUES = {x: X, w: W, g: G}


def value(node):
    verify([node])
    return interpret([node], VALUES, SIZES)[0]


GATHERS = [
    ("broadcast", lambda: ops.broadcast_to(w, (N, M)), lambda: np.broadcast_to(W, (4, 3))),
    ("transpose", lambda: ops.gather(x, (Axis(1), Axis(0)), (M, N)), lambda: X.T),
    ("slice", lambda: ops.gather(x, (Axis(0, 1), Axis(1)), (N - 1, M)), lambda: X[1:]),
    ("position", lambda: ops.gather(x, (Axis(0), M - 1), (N,)), lambda: X[:, -1]),
    ("diagonal", lambda: ops.gather(x, (Axis(0), Axis(0)), (3,)), lambda: np.diag(X)),
    ("by index", lambda: ops.gather(w, (g,), (N,)), lambda: W[G]),
    ("scalar", lambda: ops.broadcast_to(ops.total(w), (N,)), lambda: np.full(4, W.sum())),
    (
        "slice of slice",
        lambda: ops.gather(ops.gather(x, (Axis(0, 1), Axis(1)), (N - 1, M)), (Axis(0, 1), 2), (N - 2,)),
        lambda: X[2:, 2],
    ),
    (
        "slice of index",
        lambda: ops.gather(ops.gather(w, (g,), (N,)), (Axis(0, 2),), (N - 2,)),
        lambda: W[G][2:],
    ),
    ("index of slice", lambda: ops.gather(ops.gather(x, (Axis(0), 1), (N,)), (g,), (N,)), lambda: X[:, 1][G]),
    ("iota", lambda: make(Iota, INT, (N,)), lambda: np.arange(4)),
    ("size", lambda: ops.size_node(N * M - 1), lambda: 11),
]
SCATTERS = [
    ("total", lambda: ops.total(x), lambda: X.sum()),
    ("axis", lambda: ops.total(x, [1]), lambda: X.sum(axis=1)),
    ("negative axis", lambda: ops.total(x, [-2]), lambda: X.sum(axis=0)),
    ("keepdims", lambda: ops.total(x, [0], keepdims=True), lambda: X.sum(axis=0, keepdims=True)),
    (
        "by index",
        lambda: ops.scatter(ops.gather(x, (Axis(0), 0), (N,)), (g,), (M,)),
        lambda: np.bincount(G, X[:, 0], 3),
    ),
    ("padded", lambda: ops.scatter(w, (Axis(0),), (N,)), lambda: np.append(W, 0.0)),
    ("shifted", lambda: ops.scatter(w, (Axis(0, 1),), (N,)), lambda: np.append(0.0, W)),
    ("placed", lambda: ops.scatter(w, (1, Axis(0)), (2, M)), lambda: np.stack([0 * W, W])),
    ("transposed", lambda: ops.scatter(x, (Axis(1), Axis(0)), (M, N)), lambda: X.T),
    ("of conditions", lambda: ops.total(x > 0.0), lambda: (X > 0).sum()),
]


@pytest.mark.parametrize(
    ("node", "expected"), [row[1:] for row in GATHERS + SCATTERS], ids=[r[0] for r in GATHERS + SCATTERS]
)
def test_against_numpy(node, expected):
    found = value(node())
    assert np.shape(found) == np.shape(expected())
    np.testing.assert_allclose(found, expected(), rtol=1e-14)


def test_a_value_is_missing():
    with pytest.raises(KeyError, match="unknown"):
        interpret([data("unknown", ())], {}, {})


def test_overflow_is_silent():
    with np.errstate(all="raise"):
        assert interpret([ops.exp(x * 1e5)], VALUES, SIZES)[0].max() == np.inf


@settings(deadline=None, max_examples=150)
@given(expressions.trees, st.integers(0, 5))
def test_random_expressions(tree, seed):
    arrays = expressions.arrays(seed)
    nodes = {name: data(name, value.shape) for name, value in arrays.items()}
    node = ops.as_node(expressions.evaluate(tree, nodes))
    verify([node])
    found = interpret([node], {nodes[k]: arrays[k] for k in arrays}, {})[0]
    expected = expressions.evaluate(tree, arrays)
    assert np.shape(found) == np.shape(expected)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


@settings(deadline=None, max_examples=80)
@given(expressions.trees, st.integers(0, 5))
def test_a_batch_is_a_stack_of_its_elements(tree, seed):
    rng = np.random.default_rng(seed)
    index = make(Index, INT, (), name="i")
    table, noise = data("table", (N, 3, 2)), make(Draw, FLOAT, (2,), noise="normal", site="s", slot=0)
    fixed = data("z", ())
    node = ops.as_node(
        expressions.evaluate(tree, {"x": ops.gather(table, (index, Axis(0), Axis(1)), (3, 2)), "y": noise, "z": fixed})
    )
    node = ops.total(node * 1.0) + ops.to_float(index)
    lifted = batch([node], N, lambda n: True, index)
    many = lifted[noise] if noise in lifted else make(Draw, FLOAT, (N, 2), noise="normal", site="s", slot=0)
    values = {table: rng.normal(size=(4, 3, 2)), many: rng.normal(size=(4, 2)), fixed: np.asarray(rng.normal())}
    verify([lifted[node]])
    found = interpret([lifted[node]], values, SIZES)[0]
    assert found.shape == (4,)
    for k in range(4):
        one = {index: np.int64(k), noise: values[many][k], table: values[table], fixed: values[fixed]}
        np.testing.assert_allclose(found[k], interpret([node], one, SIZES)[0], rtol=1e-12, atol=1e-12)


def test_batch_of_scatter_and_shifted_index():
    index = make(Index, INT, (), name="i")
    row = ops.gather(x, (index, Axis(0)), (M,))
    node = ops.total(ops.scatter(row, (Axis(0, 1),), (M + 1,)) * 2.0) + ops.gather(w, (ops.add(index, 1),), ())
    lifted = batch([node], 2, lambda n: False, index)[node]
    np.testing.assert_allclose(value(lifted), 2.0 * X.sum(axis=1)[:2] + W[1:], rtol=1e-14)


def test_every_primitive_is_a_row_with_all_its_fields():
    for name, row in primitives().items():
        assert row.name == name
        assert row.operands in ("float", "number", "bool", "select", "any")
        assert row.result in ("same", FLOAT, INT, "bool")
        assert "{0}" in row.emit
