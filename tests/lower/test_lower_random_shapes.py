"""Array functions on random shapes, axes and subscripts: what NumPy gives, with sizes as numbers and as symbols."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import special

from vicompile.ir.dims import symbol
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import FLOAT, INT, Input, make
from vicompile.ir.verify import verify
from vicompile.lower import arrays
from vicompile.lower.bounds import Bounded
from vicompile.lower.functions import lookup

SIZES = {f"n{k}": k for k in range(10)}
many = settings(max_examples=60, deadline=None, derandomize=True)
shapes = st.lists(st.integers(1, 4), min_size=0, max_size=4).map(tuple)


def numbers(shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def node(array, name, symbolic):
    """An input of the array's shape; equal sizes are one symbol."""
    shape = tuple(symbol(f"n{s}") if symbolic and s > 1 else s for s in array.shape)
    return make(Input, FLOAT if array.dtype.kind == "f" else INT, shape, name=name, role="data")


def result(function, arrays_, symbolic, *args, **keywords):
    """The function's value on nodes."""
    nodes = [node(a, f"a{k}", symbolic) for k, a in enumerate(arrays_)]
    found = function(*nodes, *args, **keywords)
    found = found.value if isinstance(found, Bounded) else found
    verify([found])
    return interpret([found], dict(zip(nodes, arrays_)), SIZES)[0]


def check(function, arrays_, *args, **keywords):
    """NumPy and the compiler agree."""
    expected = np.asarray(function(*arrays_, *args, **keywords))
    for symbolic in (False, True):
        found = result(lookup(function)[0], arrays_, symbolic, *args, **keywords)
        assert np.shape(found) == expected.shape
        np.testing.assert_allclose(np.asarray(found, float), expected, rtol=1e-12, atol=1e-12)


@many
@given(shapes, st.data())
def test_reshape(shape, data):
    count = math.prod(shape)
    target = []
    for _ in range(data.draw(st.integers(0, 4))):
        rest = count // math.prod(target)
        target.append(data.draw(st.sampled_from([k for k in range(1, rest + 1) if rest % k == 0])))
    target.insert(data.draw(st.integers(0, len(target))), count // math.prod(target))
    x = numbers(shape)
    np.testing.assert_array_equal(result(lookup(np.reshape)[0], [x], False, tuple(target)), x.reshape(target))
    free = data.draw(st.integers(0, len(target) - 1))
    with_free = tuple(-1 if k == free else s for k, s in enumerate(target))
    np.testing.assert_array_equal(result(lookup(np.reshape)[0], [x], False, with_free), x.reshape(target))


@many
@given(shapes)
def test_merging_axes_of_any_size(shape):
    x = numbers(shape)
    np.testing.assert_array_equal(result(lookup(np.ravel)[0], [x], True), x.ravel())
    for k in range(len(shape)):
        target = (*shape[:k], -1)
        if math.prod(shape[:k]) > 1:
            inner = tuple(symbol(f"n{s}") if s > 1 else s for s in shape[:k])
            found = result(lookup(np.reshape)[0], [x], True, (*inner, -1))
            np.testing.assert_array_equal(found, x.reshape(target))


REDUCTIONS = [np.sum, np.mean, np.var, np.std, np.prod, np.max, np.min, np.ptp, np.any, np.all, np.count_nonzero]
REDUCTIONS += [special.logsumexp]


@many
@given(shapes, st.sampled_from(REDUCTIONS), st.booleans(), st.data())
def test_reductions(shape, function, keepdims, data):
    axes = data.draw(st.lists(st.integers(-len(shape), len(shape) - 1), unique_by=lambda k: k % len(shape))
                     if shape else st.just([]))  # fmt: skip
    axis = data.draw(st.sampled_from([None, tuple(axes), *axes]))
    assume(axis != () or function is not special.logsumexp)
    check(function, [numbers(shape)], axis=axis, keepdims=keepdims)


ALONG = [np.argmax, np.argmin, np.cumsum, np.cumprod, np.flip, np.diff, special.softmax, special.log_softmax]


@many
@given(shapes.filter(len), st.sampled_from(ALONG), st.data())
def test_along_one_axis(shape, function, data):
    check(function, [numbers(shape)], axis=data.draw(st.integers(-len(shape), len(shape) - 1)))


@many
@given(shapes, st.data())
def test_orders_of_axes(shape, data):
    order = data.draw(st.permutations(range(len(shape))))
    x = numbers(shape)
    check(np.transpose, [x], [k - len(shape) * data.draw(st.booleans()) for k in order])
    check(np.moveaxis, [x], tuple(range(len(shape))), tuple(order))
    reps = tuple(data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=3)))
    check(np.tile, [x], reps)
    if shape:
        axis = data.draw(st.integers(-len(shape), len(shape) - 1))
        check(np.roll, [x], data.draw(st.integers(-5, 5)), axis=axis)
        check(np.repeat, [x], data.draw(st.integers(1, 3)), axis=axis)


@many
@given(st.data())
def test_matrix_products(data):
    size = st.integers(1, 4)
    i, k, j = data.draw(size), data.draw(size), data.draw(size)
    batch = data.draw(st.lists(size, max_size=2))
    left = [1 if data.draw(st.booleans()) else s for s in batch[data.draw(st.integers(0, len(batch))) :]]
    right = [1 if data.draw(st.booleans()) else s for s in batch[data.draw(st.integers(0, len(batch))) :]]
    a = numbers((*left, i, k) if data.draw(st.booleans()) else (k,))
    b = numbers((*right, k, j) if data.draw(st.booleans()) else (k,), 1)
    check(np.matmul, [a, b])
    check(np.dot, [a, b])
    check(np.inner, [a, np.swapaxes(b, -1, -min(2, b.ndim))])
    check(np.outer, [a, b])


@many
@given(st.lists(st.lists(st.sampled_from("ijkl"), max_size=3), min_size=1, max_size=3), st.data())
def test_einsum(terms, data):
    sizes = dict(zip("ijkl", (2, 3, 4, 2)))
    used = sorted({label for term in terms for label in term})
    wanted = data.draw(st.permutations(used))[: data.draw(st.integers(0, len(used)))] if used else []
    subscripts = ",".join(map("".join, terms))
    operands = [numbers(tuple(sizes[label] for label in term), k) for k, term in enumerate(terms)]
    for text in (subscripts, f"{subscripts}->{''.join(wanted)}"):
        expected = np.einsum(text, *operands)
        for symbolic in (False, True):
            found = result(lambda *nodes, text=text: lookup(np.einsum)[0](text, *nodes), operands, symbolic)
            np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


@many
@given(st.lists(st.integers(2, 4), min_size=1, max_size=4).map(tuple), st.data())
def test_subscripts(shape, data):
    x = numbers(shape)
    items, inputs = [], {}
    fancy_shape = data.draw(st.sampled_from([(), (2,), (3, 1)]))
    for k, size in enumerate(shape[: data.draw(st.integers(0, len(shape)))]):
        kind = data.draw(st.sampled_from(["whole", "slice", "array", "new"]))
        if kind == "new":
            items.append(None)
        if kind == "whole":
            items.append(data.draw(st.integers(-size, size - 1)))
        elif kind == "array" and fancy_shape:
            places = np.random.default_rng(k).integers(0, size, size=fancy_shape)
            items.append(make(Input, INT, fancy_shape, name=f"k{k}", role="data"))
            inputs[items[-1]] = places
        else:
            low, high = sorted((data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size - 1))))
            step = data.draw(st.sampled_from([None, 1, 2, 3, -1, -2]))
            backwards = step is not None and step < 0
            ends = [high, low] if backwards else [low, high]
            items.append(slice(*(data.draw(st.sampled_from([None, e, e - size])) for e in ends), step))
    if data.draw(st.booleans()):
        items.insert(data.draw(st.integers(0, len(items))), Ellipsis)
    expected = x[tuple(inputs.get(i, i) if hasattr(i, "dtype") else i for i in items)]
    for symbolic in (False, True):
        source = node(x, "x", symbolic)
        found, _ = arrays.index(source, items)
        verify([found])
        value = interpret([found], {source: x, **inputs}, SIZES)[0]
        assert np.shape(value) == expected.shape
        np.testing.assert_array_equal(value, expected)


@pytest.mark.parametrize(("size", "step"), list(itertools.product(range(7), (1, 2, 3, 5))))
def test_steps_over_any_length(size, step):
    x = np.arange(float(size))
    source = make(Input, FLOAT, (symbol("n"),), name="x", role="data")
    for items in (slice(None, None, step), slice(None, None, -step)):
        found, _ = arrays.index(source, [items])
        np.testing.assert_array_equal(interpret([found], {source: x}, {"n": size})[0], x[items])
