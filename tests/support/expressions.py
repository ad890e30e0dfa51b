"""Random expressions over `ops`: the same function of NumPy arrays and of nodes, smooth and well inside all domains."""

import numpy as np
from hypothesis import strategies as st

from vicompile.ir import ops

UNARY = {
    "exp": lambda a: ops.exp(ops.tanh(a)),
    "log": lambda a: ops.log(1.5 + ops.tanh(a)),
    "log1p": lambda a: ops.log1p(ops.sigmoid(a)),
    "expm1": lambda a: ops.expm1(ops.sin(a)),
    "sqrt": lambda a: ops.sqrt(1.0 + a * a),
    "tanh": ops.tanh,
    "sigmoid": ops.sigmoid,
    "softplus": ops.softplus,
    "sin": ops.sin,
    "cos": ops.cos,
    "arctan": ops.arctan,
    "erf": ops.erf,
    "lgamma": lambda a: ops.lgamma(2.0 + ops.tanh(a)),
    "negative": lambda a: -a,
    "square": ops.square,
}
BINARY = {
    "add": lambda a, b: a + b,
    "subtract": lambda a, b: a - b,
    "multiply": lambda a, b: ops.tanh(a) * b,
    "divide": lambda a, b: a / (2.0 + ops.cos(b)),
    "power": lambda a, b: ops.power(1.5 + ops.tanh(a), ops.sin(b)),
    "where": lambda a, b: ops.where(a * 0.0 + 1.0 > 0.0, a, b),
}

leaves = st.one_of(st.sampled_from(["x", "y", "z"]), st.floats(-1.5, 1.5).map(lambda v: round(v, 3)))
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(sorted(UNARY)), inner), st.tuples(st.sampled_from(sorted(BINARY)), inner, inner)
    ),
    max_leaves=8,
)


def evaluate(tree, variables):
    """The tree's value with these variables, which are arrays or nodes."""
    if isinstance(tree, str):
        return variables[tree]
    if isinstance(tree, float):
        return tree
    name, *operands = tree
    values = [evaluate(one, variables) for one in operands]
    return UNARY[name](*values) if len(values) == 1 else BINARY[name](*values)


def arrays(seed):
    """Values of x (3, 2), y (2,) and z ()."""
    rng = np.random.default_rng(seed)
    return {"x": rng.normal(size=(3, 2)), "y": rng.normal(size=2), "z": np.asarray(rng.normal())}
