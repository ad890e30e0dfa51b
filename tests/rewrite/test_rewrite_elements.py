"""Small literal arrays are taken apart: the values stay, and what is left has no needless array."""

import numpy as np
from support.graphs import N, data, parameter
from support.lowered import Lowered

from vicompile.ir import ops
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import Axis, Gather, History, Scan, Scatter, Slot
from vicompile.ir.verify import verify
from vicompile.ir.walk import topological
from vicompile.language import odeint_rk4, scan
from vicompile.rewrite import simplify, take_elements

RNG = np.random.default_rng(20261126)
X, A = data("x", N), parameter("a", 3)
VALUES = {X: RNG.normal(size=5), A: RNG.normal(size=3)}
SIZES = {"N": 5}


def stacked(*parts):
    total = ops.scatter(parts[0], (0,), (len(parts),))
    for k, part in enumerate(parts[1:], 1):
        total = total + ops.scatter(part, (k,), (len(parts),))
    return total


def element(node, *place):
    return ops.gather(node, place, ())


def taken(root):
    result = take_elements([root])[root]
    result = simplify([result])[result]
    verify([result])
    np.testing.assert_allclose(interpret([result], VALUES, SIZES)[0], interpret([root], VALUES, SIZES)[0], rtol=1e-13)
    return result


def kinds(node, kind):
    return [one for one in topological([node]) if isinstance(one, kind)]


def test_an_element_of_an_array_that_was_put_together_is_the_number():
    pair = stacked(element(A, 0) * 2.0, ops.exp(element(A, 1)))
    assert taken(element(pair, 1) * 1.0) is ops.exp(element(A, 1))
    assert not kinds(taken(element(ops.tanh(pair * 3.0), 0) + element(pair, 1)), Scatter)


def test_a_product_with_a_small_literal_matrix_is_written_out():
    matrix = ops.gather(A, (Axis(0),), (3, 3)) * ops.gather(A, (Axis(1),), (3, 3))
    product = ops.total(matrix * ops.gather(A, (Axis(1),), (3, 3)), [1])
    assert not kinds(taken(element(product, 2)), Scatter)


def test_sums_over_data_and_over_many_elements_stay():
    for sum_ in (ops.total(ops.exp(X)), ops.total(ops.exp(parameter("long", 30)))):
        result = take_elements([sum_])[sum_]
        assert result is sum_


def test_a_part_that_does_not_fill_its_axis_is_left_alone():
    shifted = ops.scatter(A, (Axis(0, 1),), (4,))
    taken(element(ops.exp(shifted), 0))
    taken(element(ops.exp(shifted), 3))


def vector_state(y):
    state = np.array([1.0, 0.5])
    for value in y:
        state = np.array([0.9 * state[0] + value, np.tanh(state[1] - state[0])])
    return state


def matrix_state(y):
    state, rotation = np.eye(2), np.array([[0.9, 0.2], [-0.2, 0.9]])
    states = []
    for value in y:
        state = rotation @ state + value
        states.append(state)
    return np.stack(states)


def mixed_states(y):
    def step(carry, x):
        small, long = carry
        return (small * x + np.sum(long), long * 0.5 + small[1]), small

    last, shown = scan(step, (np.ones(2), np.ones(12)), y)
    return np.sum(last[0]) + np.sum(last[1]) + shown[:, 0]


def pendulum(ts):
    return odeint_rk4(lambda z, t: np.array([z[1], -np.sin(z[0])]), np.array([0.3, 0.1]), ts, steps=3)


def test_recurrences_carry_the_elements_of_small_arrays():
    y = RNG.normal(size=6)
    for function, args in ((vector_state, y), (matrix_state, y), (mixed_states, y), (pendulum, np.arange(4.0))):
        lowered = Lowered(function, args)
        root = lowered.trace.result
        result = take_elements([root])[root]
        result = simplify([result])[result]
        verify([result])
        np.testing.assert_allclose(lowered.value(result), function(args), rtol=1e-12)
        for one in kinds(result, Scan):
            assert all(leaf.shape in ((), (12,)) for leaf in one.slots[: len(one.init)])
            read = [n.source for n in topological(one.body) if isinstance(n, Gather) and n.source.shape == (2,)]
            assert all(isinstance(source, Slot) for source in read)
        assert kinds(result, History)


def test_what_is_read_often_is_taken_apart_once():
    """Each layer reads the one before three times: without that, the work would be 3 to the power of the layers."""
    made = A
    for _ in range(40):
        made = ops.where(made > 0.0, made, ops.tanh(made))
    assert len(topological([taken(element(made, 1))])) < 200
