"""Scatters that keep the largest or the smallest element: values, no elements, ties, gradients, batches."""

import numpy as np
import pytest

from vicompile.autodiff import gradient
from vicompile.ir import ops
from vicompile.ir.batch import batch
from vicompile.ir.dims import symbol
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import FLOAT, INT, Axis, Draw, Input, make
from vicompile.ir.show import show
from vicompile.ir.verify import verify
from vicompile.ir.walk import rebuild, resize

N, M, G = symbol("n"), symbol("m"), symbol("g")
SIZES = {"n": 5, "m": 3, "g": 4}
RNG = np.random.default_rng(5)


def data(name, shape, dtype=FLOAT):
    return make(Input, dtype, shape, name=name, role="data")


x, k, group = data("x", (N, M)), data("k", (N, M), INT), data("group", (N,), INT)
GROUP = np.array([0, 2, 2, 0, 3])
VALUES = {x: RNG.normal(size=(5, 3)), k: RNG.integers(-9, 9, size=(5, 3)), group: GROUP}


def value(node, values=VALUES, sizes=SIZES):
    verify([node])
    return interpret([node], values, sizes)[0]


@pytest.mark.parametrize("axes", [None, [0], [1], [0, 1], [-1]])
@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("of", [x, k], ids=["floats", "whole"])
def test_along_axes(axes, keepdims, of):
    numpy_axes = None if axes is None else tuple(axes)
    for ours, numpys in ((ops.maximum_along, np.max), (ops.minimum_along, np.min)):
        found, expected = value(ours(of, axes, keepdims)), numpys(VALUES[of], axis=numpy_axes, keepdims=keepdims)
        assert found.dtype == expected.dtype
        np.testing.assert_array_equal(found, expected)
        np.testing.assert_array_equal(ours(VALUES[of], axes, keepdims), expected)


def test_by_index():
    column = ops.gather(x, (Axis(0), 0), (N,))
    expected = np.full(4, -np.inf)
    np.maximum.at(expected, GROUP, VALUES[x][:, 0])
    np.testing.assert_array_equal(value(ops.scatter(column, (group,), (G,), "max")), expected)
    np.testing.assert_array_equal(value(ops.scatter(-column, (group,), (G,), "min")), -expected)


def test_of_no_elements():
    sizes, values = {**SIZES, "n": 0}, {x: np.zeros((0, 3)), k: np.zeros((0, 3), int)}
    np.testing.assert_array_equal(value(ops.maximum_along(x, [0]), values, sizes), np.full(3, -np.inf))
    np.testing.assert_array_equal(value(ops.minimum_along(x, [0]), values, sizes), np.full(3, np.inf))
    np.testing.assert_array_equal(value(ops.maximum_along(k, [0]), values, sizes), np.full(3, -(2**63)))
    np.testing.assert_array_equal(value(ops.logsumexp(x, [0]), values, sizes), np.full(3, -np.inf))


def test_nan_stays():
    values = {x: np.where(np.arange(15).reshape(5, 3) == 4, np.nan, VALUES[x])}
    assert np.isnan(value(ops.maximum_along(x), values))
    assert np.isnan(value(ops.minimum_along(x, [0]), values)).tolist() == [False, True, False]


def test_passes_keep_what_elements_do():
    largest = ops.maximum_along(x, [1])
    rebuilt = rebuild([largest], lambda node: None)[largest]
    assert rebuilt is largest
    assert resize([largest], {"m": 3})[largest].combine == "max"
    assert "scatter max" in show({"largest": largest})


def test_a_batch():
    draw = make(Draw, FLOAT, (N, M), noise="normal", site="z", slot=0)
    particles = symbol("p")
    many = batch([ops.minimum_along(draw, [0])], particles, lambda node: True)
    (found,) = (many[n] for n in many if getattr(n, "combine", "") == "min")
    values = RNG.normal(size=(2, 5, 3))
    lifted = next(many[n] for n in many if isinstance(n, Draw))
    np.testing.assert_array_equal(value(found, {lifted: values}, {**SIZES, "p": 2}), values.min(axis=1))


# -- gradients ---------------------------------------------------------------------------------------------------------

OUTPUTS = {
    "max": lambda: ops.maximum_along(x, [1]),
    "max kept": lambda: ops.maximum_along(x, [0], keepdims=True) * x,
    "min": lambda: ops.minimum_along(x, [0]),
    "all": lambda: ops.square(ops.maximum_along(x)),
    "logsumexp": lambda: ops.logsumexp(x, [1]),
    "logsumexp of all": lambda: ops.logsumexp(3.0 * x),
}


@pytest.mark.parametrize("name", sorted(OUTPUTS))
def test_gradient_against_central_differences(name):
    output = ops.total(ops.sin(OUTPUTS[name]()))
    found = value(gradient(output, [x])[0])
    expected = np.zeros((5, 3))
    for place in np.ndindex(5, 3):
        ends = []
        for sign in (1.0, -1.0):
            moved = VALUES[x].copy()
            moved[place] += sign * 1e-6
            ends.append(float(value(output, {**VALUES, x: moved})))
        expected[place] = (ends[0] - ends[1]) / 2e-6
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-8)


def test_ties_share_the_gradient():
    values = {x: np.zeros((5, 3))}
    found = value(gradient(ops.total(ops.maximum_along(x, [1])), [x])[0], values)
    np.testing.assert_allclose(found, np.full((5, 3), 1 / 3), rtol=1e-15)


def test_logsumexp_of_nothing_but_minus_infinity():
    values = {x: np.where(np.arange(5)[:, None] == 1, -np.inf, VALUES[x])}
    rows = ops.logsumexp(x, [1])
    assert value(rows, values)[1] == -np.inf
    found = value(gradient(ops.total(rows), [x])[0], values)
    np.testing.assert_allclose(found.sum(axis=1), [1.0, 0.0, 1.0, 1.0, 1.0], rtol=1e-14)


def test_logsumexp_does_not_overflow():
    values = {x: VALUES[x] + 1e4}
    np.testing.assert_allclose(value(ops.logsumexp(x), values), 1e4 + np.log(np.exp(VALUES[x]).sum()), rtol=1e-14)
    assert value(ops.logsumexp(x), {x: np.where(VALUES[x] == VALUES[x].max(), np.inf, 0.0)}) == np.inf
