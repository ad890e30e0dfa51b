"""Gradients at ties: equal numbers share them, whichever function asks for the larger or the smaller one."""

import numpy as np
import pytest
from support.lowered import Lowered

from vicompile.autodiff import gradient
from vicompile.ir import ops
from vicompile.ir.interpret import interpret

HALF = np.array([0.5])


@pytest.mark.parametrize(
    "function",
    [
        lambda a, b: np.logaddexp(a, b),
        lambda a, b: np.maximum(a, b),
        lambda a, b: np.minimum(b, a),
        lambda a, b: np.max(np.stack([a, b]), axis=0),
        lambda a, b: np.logaddexp(b, a),
    ],
)
@pytest.mark.parametrize("value", [0.0, -3.5, 700.0])
def test_two_equal_numbers_share_the_gradient(function, value):
    one = Lowered(function, np.array([value]), np.array([value]))
    inputs = [node for node in one.values if node.name in "ab"]
    for found in gradient(ops.total(one.trace.result), inputs):
        np.testing.assert_array_equal(interpret([found], one.values, one.sizes)[0], HALF)


def added(a, b):
    return np.logaddexp(a, b)


def test_the_value_and_gradient_of_logaddexp_elsewhere():
    a, b = np.array([0.0, -50.0, 3.0, -np.inf, 2.0, 1e300]), np.array([-50.0, 0.0, 3.5, 1.0, -np.inf, 1.0])
    one = Lowered(added, a, b)
    np.testing.assert_allclose(one.value(), np.logaddexp(a, b), rtol=1e-15)
    inputs = sorted((node for node in one.values if node.name in "ab"), key=lambda node: node.name)
    found = interpret(gradient(ops.total(one.trace.result), inputs), one.values, one.sizes)
    np.testing.assert_allclose(found[0], np.exp(a - np.logaddexp(a, b)), rtol=1e-14)
    np.testing.assert_allclose(found[1], np.exp(b - np.logaddexp(a, b)), rtol=1e-14)
    ends = np.array([np.inf, -np.inf, np.nan])
    for other in (np.inf, -np.inf, np.nan, 0.0):
        value = Lowered(added, ends, np.full(3, other)).value()
        with np.errstate(invalid="ignore"):
            np.testing.assert_array_equal(value, np.logaddexp(ends, other))
