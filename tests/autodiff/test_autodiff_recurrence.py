"""Gradients through recurrences: against central differences, to second order, in both directions, in batches."""

import numpy as np
import pytest
from support.graphs import data, parameter

from vicompile.autodiff import gradient
from vicompile.ir import ops
from vicompile.ir.batch import batch
from vicompile.ir.dims import symbol
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import FLOAT, INT, Draw, Index, Iota, make
from vicompile.ir.scan import new_key, recurrence, slot
from vicompile.ir.verify import verify

T = symbol("T")
Y, A, B = data("y", T), parameter("a"), parameter("b", 2)
INDEX = make(Index, INT, (), name="t")
RNG = np.random.default_rng(20261126)
VALUES = {Y: RNG.normal(size=6), A: np.float64(0.4), B: np.array([0.3, -0.2])}
SIZES = {"T": 6}


def histories(backwards, start):
    """A number and a vector that depend on each other, on the step's data and on parameters."""
    key = new_key()
    number, vector = slot("carry", key, 0, A, ()), slot("carry", key, 1, B, (2,))
    here = ops.gather(Y, (INDEX,), ())
    carried = [
        (number, start, ops.tanh(A * number + here) + 0.3 * ops.total(vector * B)),
        (vector, B, ops.sigmoid(vector * number) - 0.5 * B * here),
    ]
    return recurrence(T, (), carried, {INDEX: make(Iota, INT, (T,))}, backwards=backwards, index=INDEX)


def loss_of(backwards):
    first, second = histories(backwards, A * 0.5)
    weights = ops.total(first * first) + ops.total(ops.exp(second))
    end = ops.gather(first, (0 if backwards else T,), ())
    return weights * end


def moved(nodes, wrt, direction, h):
    values = {**VALUES, **{node: VALUES[node] + h * d for node, d in zip(wrt, direction)}}
    return np.concatenate([np.ravel(v) for v in interpret(nodes, values, SIZES)])


def assert_gradient(nodes, gradients, wrt):
    """Every node's gradient along a random direction."""
    direction = [RNG.normal(size=np.shape(VALUES[node])) for node in wrt]
    h = 1e-5
    expected = (moved(nodes, wrt, direction, h) - moved(nodes, wrt, direction, -h)) / (2 * h)
    for node, slopes, want in zip(nodes, gradients, expected):
        verify([node, *slopes])
        found = sum(np.sum(s * d) for s, d in zip(interpret(slopes, VALUES, SIZES), direction))
        assert found == pytest.approx(want, rel=1e-7, abs=1e-7)


@pytest.mark.parametrize("backwards", [False, True])
def test_first_and_second_order(backwards):
    wrt = [A, B, Y]
    loss = loss_of(backwards)
    first = gradient(loss, wrt)
    assert_gradient([loss], [first], wrt)
    assert_gradient([first[0]], [gradient(first[0], wrt)], wrt)


@pytest.mark.parametrize("backwards", [False, True])
def test_a_batch_of_recurrences_is_each_of_them(backwards):
    draw = make(Draw, FLOAT, (), noise="normal", site="z", slot=0)
    first, second = histories(backwards, draw)
    loss = ops.total(first * first) + ops.total(second) * draw
    many = batch([loss], symbol("P"), lambda node: isinstance(node, Draw))[loss]
    rows = [many, *gradient(ops.total(many), [A, B])]
    verify(rows)
    noise = RNG.normal(size=3)
    whole = make(Draw, FLOAT, (symbol("P"),), noise="normal", site="z", slot=0)
    found = interpret(rows, {**VALUES, whole: noise}, {**SIZES, "P": 3})
    one_by_one = [
        interpret([loss, *gradient(loss, [A, B])], {**VALUES, draw: value}, SIZES) for value in noise
    ]  # fmt: skip
    np.testing.assert_allclose(found[0], [one[0] for one in one_by_one], rtol=1e-13)
    for k in (1, 2):
        np.testing.assert_allclose(found[k], sum(one[k] for one in one_by_one), rtol=1e-12)


def test_what_no_carried_value_depends_on_gets_its_gradient_too():
    key = new_key()
    leaf = slot("carry", key, 0, A, ())
    (history,) = recurrence(
        T, (), [(leaf, ops.as_node(0.0), A * ops.gather(Y, (INDEX,), ()))], {INDEX: make(Iota, INT, (T,))}, index=INDEX
    )
    loss = ops.total(history * history)
    found = interpret(gradient(loss, [A]), VALUES, SIZES)[0]
    assert found == pytest.approx(2 * VALUES[A] * np.sum(VALUES[Y] ** 2))
