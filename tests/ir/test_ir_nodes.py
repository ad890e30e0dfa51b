"""Nodes are interned: equal expressions are one object; constants are told apart by type and bits."""

import gc
import math

import numpy as np
import pytest

from vicompile.ir import ops
from vicompile.ir.dims import symbol
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import BOOL, FLOAT, INT, Axis, Input, Map, Provenance, const, make
from vicompile.ir.verify import verify
from vicompile.ir.walk import rebuild, replace, resize, topological


def vector(name="x", size=None):
    return make(Input, FLOAT, (symbol("n") if size is None else size,), name=name, role="data")


def test_equal_expressions_are_one_object():
    assert vector() is vector()
    assert ops.exp(vector()) + 1.0 is ops.exp(vector()) + 1.0
    assert vector() is not vector("y")
    assert vector() is not vector(size=3)
    assert Axis(1, 2) is Axis(1, 2)
    assert Axis(1, symbol("n") - 1) is Axis(1, symbol("n") - 1)


def test_constants_are_told_apart_by_type_and_bits():
    assert const(1) is not const(1.0)
    assert const(1) is not const(True)
    assert const(0.0) is not const(-0.0)
    assert math.copysign(1.0, const(-0.0).value) == -1.0
    assert const(math.nan) is const(math.nan)
    assert const(math.inf) is not const(-math.inf)
    assert [c.dtype for c in (const(1), const(1.0), const(True))] == [INT, FLOAT, BOOL]


def test_arithmetic_on_constants_is_done_at_once():
    assert ops.add(const(1.0), const(2.0)) is const(3.0)
    assert ops.less(const(1), const(2)) is const(True)
    assert ops.divide(const(1.0), const(0.0)) is const(math.inf)
    assert math.isnan(ops.log(const(-1.0)).value)


def test_nobody_keeps_dead_nodes():
    from vicompile.ir import nodes

    gc.collect()
    before = len(nodes._interned)
    for k in range(50):
        ops.exp(vector(f"temporary{k}"))
    gc.collect()
    assert len(nodes._interned) < before + 20


def test_numpy_leaves_arithmetic_to_the_node():
    assert isinstance(np.float64(2.0) * vector(), Map)
    with pytest.raises(TypeError):
        np.ones(3) * vector(size=3)


def test_a_power_of_zero_keeps_the_shape():
    assert (vector() ** 0).shape == vector().shape


@pytest.mark.parametrize("axis", [1, -2, 5])
def test_an_axis_that_is_not_there(axis):
    with pytest.raises(ValueError, match="out of bounds"):
        ops.total(vector(), [axis])


def test_shapes_that_do_not_broadcast():
    with pytest.raises(ops.ShapeMismatch):
        vector() + vector("y", symbol("m"))
    with pytest.raises(ops.ShapeMismatch):
        ops.broadcast_to(vector(), (1,))
    with pytest.raises(ValueError, match="does not broadcast"):
        ops.broadcast_to(vector(), ())
    assert ops.broadcast_shapes((3, 1), (symbol("n"),)) == (3, symbol("n"))


def test_deep_graphs_do_not_overflow_the_stack():
    x = make(Input, FLOAT, (), name="deep", role="data")
    node = x
    for _ in range(5000):
        node = ops.sin(node)
    assert len(topological([node])) == 5001
    y = make(Input, FLOAT, (), name="other", role="data")
    assert topological([replace([node], {x: y})[node]])[0] is y


def test_rebuilding_without_a_change_changes_nothing():
    x = vector()
    root = ops.total(ops.where(x > 0.0, x, 0.0) * x)
    assert rebuild([root], lambda node: None)[root] is root


def test_resizing():
    x = vector()
    root = ops.total(x * x) + ops.to_float(ops.size_node(symbol("n")))
    small = resize([root], {"n": 3})
    assert small[x].shape == (3,)
    values = {small[x]: np.array([1.0, 2.0, 3.0])}
    verify([small[root]])
    assert interpret([small[root]], values, {})[0] == 17.0


def test_the_first_maker_of_a_node_is_its_origin():
    provenance = Provenance()
    with provenance.active():
        with provenance.at("here"):
            node = ops.exp(vector("traced"))
        with provenance.at("there"):
            assert ops.exp(vector("traced")) is node
    assert provenance.origins[node] == "here"
