"""Recurrences of a batch on NumPy: all elements together give what each of them gives alone."""

import numpy as np
import pytest

from vicompile.ir import ops
from vicompile.ir.dims import symbol
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import FLOAT, Axis, Input, Slot, make
from vicompile.ir.scan import recurrence

T, B = symbol("t"), symbol("b")
RNG = np.random.default_rng(0)


def slot(role, number, shape=()):
    return make(Slot, FLOAT, shape, role=role, key="walk", number=number)


def walk(lead, backwards):
    """x' = a x + s, y' = y * x' (two numbers): two carried values, an argument of each step, one that stays."""
    x, y, step, rate = slot("carry", 0), slot("carry", 1, (2,)), slot("step", 0), slot("invariant", 0)
    names = {"x0": lead, "y0": (*lead, 2), "s": (*lead, T), "a": lead}
    inputs = {name: make(Input, FLOAT, shape, name=name, role="data") for name, shape in names.items()}
    following = ops.tanh(rate * x + step)
    spread = ops.gather(following, (), (2,))
    carried = [(x, inputs["x0"], following), (y, inputs["y0"], y * spread)]
    bound = {step: inputs["s"], rate: inputs["a"]}
    return inputs, recurrence(T, lead, carried, bound, backwards=backwards)


@pytest.mark.parametrize("backwards", [False, True])
def test_together_and_alone(backwards):
    inputs, histories = walk((B,), backwards)
    alone, histories_alone = walk((), backwards)
    shapes = {"x0": (3,), "y0": (3, 2), "s": (3, 5), "a": (3,)}
    values = {name: RNG.normal(size=shape) for name, shape in shapes.items()}
    found = interpret(histories, {inputs[n]: v for n, v in values.items()}, {"t": 5, "b": 3})
    for k in range(3):
        expected = interpret(histories_alone, {alone[n]: v[k] for n, v in values.items()}, {"t": 5})
        for one, other in zip(found, expected):
            assert one[k].shape == other.shape
            np.testing.assert_allclose(one[k], other, rtol=1e-12)


def test_by_hand():
    inputs, (history, _) = walk((), False)
    values = {"x0": np.float64(0.3), "y0": np.ones(2), "s": np.array([0.1, -0.2]), "a": np.float64(0.5)}
    found = interpret([history], {inputs[n]: v for n, v in values.items()}, {"t": 2})[0]
    first = np.tanh(0.5 * 0.3 + 0.1)
    np.testing.assert_allclose(found, [0.3, first, np.tanh(0.5 * first - 0.2)], rtol=1e-12)


def test_a_result_that_no_leaf_is_below_has_all_elements():
    x = slot("carry", 0, (2,))
    start = make(Input, FLOAT, (B, 2), name="start", role="data")
    constant = make(Input, FLOAT, (2,), name="constant", role="data")
    (history,) = recurrence(T, (B,), [(x, start, ops.gather(constant, (Axis(0),), (2,)))], {constant: constant})
    values = {start: np.zeros((4, 2)), constant: np.array([1.0, 2.0])}
    found = interpret([history], values, {"t": 3, "b": 4})[0]
    assert found.shape == (4, 4, 2)
    np.testing.assert_array_equal(found[:, 1:], np.broadcast_to([1.0, 2.0], (4, 3, 2)))
