"""Repeated evaluation on NumPy gives what the interpreter gives, and writes no products out."""

import numpy as np
import pytest

from vicompile.ir import ops
from vicompile.ir.dims import symbol
from vicompile.ir.evaluation import Evaluation, sum_of_products
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import FLOAT, Axis, Input, make
from vicompile.ir.walk import topological

N, D, P = symbol("n"), symbol("d"), symbol("p")
SIZES = {"n": 5, "d": 3, "p": 4}
X = make(Input, FLOAT, (N, P), name="x", role="data")
W = make(Input, FLOAT, (D, P), name="w", role="data")
V = make(Input, FLOAT, (P,), name="v", role="data")
RNG = np.random.default_rng(0)
VALUES = {X: RNG.normal(size=(5, 4)), W: RNG.normal(size=(3, 4)), V: RNG.normal(size=4)}


def spread(node, axes, shape):
    return ops.gather(node, tuple(Axis(k) for k in axes), shape)


def product_of_matrices():
    space = (D, N, P)
    both = spread(X, (1, 2), space) * spread(W, (0, 2), space)
    return ops.total(both, [-1])


def assert_as_interpreted(root):
    found = Evaluation([root])(VALUES, SIZES)[0]
    np.testing.assert_allclose(found, interpret([root], VALUES, SIZES)[0], rtol=1e-12)


def test_a_product_of_matrices():
    root = product_of_matrices()
    np.testing.assert_allclose(Evaluation([root])(VALUES, SIZES)[0], VALUES[W] @ VALUES[X].T, rtol=1e-12)
    assert_as_interpreted(root)
    shapes = {node.shape for node in Evaluation([root]).order}
    assert (D, N, P) in {node.shape for node in topological([root])}
    assert (D, N, P) not in shapes


@pytest.mark.parametrize(
    "make_root",
    [
        lambda: ops.total(X * spread(V, (1,), (N, P))),
        lambda: ops.total(X * spread(V, (1,), (N, P)), [-1]),
        lambda: ops.total(X * X, [-2]),
        lambda: ops.total(ops.exp(X) * spread(ops.exp(V), (1,), (N, P)), [-1]),
        lambda: ops.total(X + spread(V, (1,), (N, P)), [-1]),
        lambda: ops.total(spread(X, (1, 0), (P, N)) * spread(V, (0,), (P, N)), [-1]),
        # Both factors are the same along an axis: one that is summed, one that is kept, one of each.
        lambda: ops.total(spread(V, (1,), (N, P)) * spread(ops.exp(V), (1,), (N, P))),
        lambda: ops.total(spread(V, (1,), (N, P)) * spread(ops.exp(V), (1,), (N, P)), [-2]),
        lambda: ops.total(spread(V, (1,), (N, P)) * spread(ops.exp(V), (1,), (N, P)), [-1]),
        lambda: ops.total(spread(X, (1, 3), (D, N, 1, P)) * spread(V, (3,), (D, N, 1, P)), [-1]),
        lambda: ops.total(spread(X, (1, 3), (D, N, D, P)) * spread(V, (3,), (D, N, D, P)), [0, -1]),
    ],
)
def test_other_sums(make_root):
    assert_as_interpreted(make_root())


def test_a_product_that_others_read_is_there_as_well():
    both = X * spread(V, (1,), (N, P))
    roots = [ops.total(both, [-1]), ops.exp(both)]
    for found, expected in zip(Evaluation(roots)(VALUES, SIZES), interpret(roots, VALUES, SIZES)):
        np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_a_part_of_an_axis_is_no_whole_axis():
    """The first rows of a longer array: their lengths differ, and so nothing is taken for the whole."""
    longer = make(Input, FLOAT, (N + 1, P), name="longer", role="data")
    part = ops.gather(longer, (Axis(0), Axis(1)), (N, P))
    root = ops.total(part * spread(V, (1,), (N, P)), [-1])
    values = {**VALUES, longer: RNG.normal(size=(6, 4))}
    np.testing.assert_allclose(Evaluation([root])(values, SIZES)[0], values[longer][:5] @ VALUES[V], rtol=1e-12)


def test_known_nodes_are_taken_as_they_are():
    root = product_of_matrices()
    assert Evaluation([ops.exp(root)])({**VALUES, root: np.zeros((3, 5))}, SIZES)[0].max() == 1.0
    assert sum_of_products(X) is None
