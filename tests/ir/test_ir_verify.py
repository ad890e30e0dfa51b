"""Each rule of well-formedness is there: a graph that breaks it is refused with its name."""

import pytest

from vicompile.ir import ops
from vicompile.ir.nodes import BOOL, FLOAT, INT, Axis, Gather, Input, Map, Scatter, make
from vicompile.ir.verify import verify


def array(dtype=FLOAT, shape=(3,), name="x"):
    return make(Input, dtype, shape, name=name, role="data")


def mapped(primitive, *operands, dtype=FLOAT, shape=(3,)):
    return make(Map, dtype, shape, primitive=primitive, operands=operands)


X, K, B = array(), array(INT, name="k"), array(BOOL, name="b")

BROKEN = [
    ("the dtype is known", array("float32")),
    ("the primitive exists", mapped("nonsense", X)),
    ("arguments have the shape of the result", mapped("exp", array(shape=(4,)))),
    ("the result has the dtype of its primitive", mapped("exp", X, dtype=INT)),
    ("the result has the dtype of its primitive", mapped("less", X, X)),
    ("arguments are floats", mapped("exp", K)),
    ("arguments share a dtype", mapped("add", K, X)),
    ("arguments are numbers", mapped("add", B, B, dtype=BOOL)),
    ("arguments are conditions", mapped("logical_and", B, X, dtype=BOOL)),
    ("the first argument is a condition", mapped("where", X, X, X)),
    ("the alternatives share a dtype", mapped("where", B, K, X)),
    ("one index entry for each axis of the source", make(Gather, FLOAT, (3,), source=X, index=())),
    ("the result has the source's dtype", make(Gather, INT, (3,), source=X, index=(Axis(0),))),
    ("an index axis exists", make(Gather, FLOAT, (3,), source=X, index=(Axis(1),))),
    ("an index node is integer", make(Gather, FLOAT, (3,), source=X, index=(array(name="j"),))),
    ("spans the iteration space", make(Gather, FLOAT, (4,), source=X, index=(K,))),
    ("one index entry for each axis of the result", make(Scatter, FLOAT, (3,), source=X, index=(), combine="add")),
    ("the result has the source's dtype", make(Scatter, INT, (3,), source=X, index=(Axis(0),), combine="add")),
    ("what is added is a number", make(Scatter, BOOL, (), source=B, index=(), combine="add")),
    ("elements meet in a known way", make(Scatter, FLOAT, (), source=X, index=(), combine="mul")),
    ("spans the iteration space", make(Scatter, FLOAT, (5,), source=array(shape=(4,)), index=(K,), combine="add")),
]


@pytest.mark.parametrize(("rule", "node"), BROKEN, ids=[f"{rule}{k}" for k, (rule, _) in enumerate(BROKEN)])
def test_a_broken_rule_is_named(rule, node):
    with pytest.raises(AssertionError, match=rule):
        verify([ops.total(node) if node.dtype == FLOAT and rule != "the dtype is known" else node])


def test_well_formed_graphs_pass():
    g = ops.gather(X, (K,), (3,))
    verify([ops.total(ops.where(X > 0.0, ops.exp(g), K) * 2)])
