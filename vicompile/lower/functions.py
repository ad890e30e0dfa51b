"""What NumPy's, math's and SciPy's functions mean on graph nodes."""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ..ir import ops
from ..ir.dims import Dim
from ..ir.nodes import Axis, Node
from ..specialise import AttributeTree, BoundCall, Table
from . import arrays, linear_algebra

Lowered = Callable[..., Any]


def _same_name(names: str, module: Any = np) -> dict[Any, Lowered]:
    return {getattr(module, n): getattr(ops, n) for n in names.split()}


def _numpy() -> dict[Any, Lowered]:
    table: dict[Any, Lowered] = {}
    table |= _same_name(
        "exp log log1p expm1 sqrt tanh sin cos tan arctan sign floor minimum maximum absolute negative square where"
    )
    table |= _same_name(
        "less less_equal greater greater_equal equal not_equal logical_and logical_or logical_not power"
    )
    table |= _same_name("add subtract multiply divide")
    table |= {
        np.sum: arrays.sum_, np.mean: arrays.mean, np.var: arrays.variance, np.std: arrays.deviation,
        np.prod: arrays.prod,
        np.dot: arrays.dot, np.outer: arrays.outer, np.clip: arrays.clip,
        np.transpose: arrays.transpose, np.expand_dims: arrays.expand_dims, np.squeeze: arrays.squeeze,
        np.zeros_like: lambda a: arrays.full(ops.shape_of(a), 0.0), np.size: lambda a: arrays.size(a),
        np.ones_like: lambda a: arrays.full(ops.shape_of(a), 1.0), np.ndim: lambda a: len(ops.shape_of(a)),
        np.full_like: lambda a, fill_value: arrays.full(ops.shape_of(a), fill_value),
        np.float64: lambda x: ops.to_float(ops.as_node(x)), np.reciprocal: lambda x: 1.0 / ops.as_node(x),
        np.logaddexp: arrays.logaddexp, np.stack: arrays.stack_along, np.concatenate: arrays.concatenate,
        np.cosh: lambda x: 0.5 * (ops.exp(x) + ops.exp(-x)), np.sinh: lambda x: 0.5 * (ops.exp(x) - ops.exp(-x)),
        np.isnan: lambda x: ops.not_equal(ops.to_float(ops.as_node(x)), x),
        np.log2: lambda x: ops.log(x) / math.log(2.0), np.log10: lambda x: ops.log(x) / math.log(10.0),
    }  # fmt: skip
    return table


def _creators() -> dict[Any, Lowered]:
    """Functions that take a shape: it may be symbolic, so they are ours even without any node argument."""
    return {
        np.zeros: lambda shape, dtype=None: arrays.full(shape, 0.0, dtype),
        np.ones: lambda shape, dtype=None: arrays.full(shape, 1.0, dtype),
        np.full: arrays.full_as,
        np.arange: arrays.arange,
        np.shape: lambda a: ops.shape_of(a),
        np.broadcast_to: lambda array, shape: arrays.broadcast_to(array, shape),
    }


def _math() -> dict[Any, Lowered]:
    table = _same_name("exp log log1p expm1 sqrt tanh sin cos tan floor", math)
    table |= {
        math.lgamma: ops.lgamma,
        math.erf: ops.erf,
        math.fabs: ops.absolute,
        math.atan: ops.arctan,
        math.pow: ops.power,
    }
    return table


def _builtins() -> dict[Any, Lowered]:
    return {
        builtins.abs: ops.absolute, builtins.float: ops.to_float, builtins.pow: ops.power,
        builtins.sum: arrays.python_sum, builtins.min: arrays.pairwise(ops.minimum),
        builtins.max: arrays.pairwise(ops.maximum), builtins.int: lambda x: ops.apply("to_int", x),
    }  # fmt: skip


# SciPy's functions are recognised by name: SciPy need not be imported to know them.
_SCIPY: dict[str, Lowered] = {
    "expit": ops.sigmoid, "gammaln": ops.lgamma, "loggamma": ops.lgamma, "digamma": ops.digamma, "psi": ops.digamma,
    "erf": ops.erf, "ndtri": ops.ndtri, "ndtr": lambda x: 0.5 * (1.0 + ops.erf(x / math.sqrt(2.0))),
    "log_expit": lambda x: -ops.softplus(-x), "logit": lambda p: ops.log(p) - ops.log1p(-p),
}  # fmt: skip

_on_nodes: dict[Any, Lowered] = {**_numpy(), **_math(), **_builtins(), **linear_algebra.NUMPY}
_always: dict[Any, Lowered] = _creators()

# Methods of arrays.
METHODS: dict[str, Lowered] = {
    "sum": arrays.sum_, "mean": arrays.mean, "var": arrays.variance, "std": arrays.deviation, "prod": arrays.prod,
    "dot": arrays.dot, "transpose": arrays.transpose, "squeeze": arrays.squeeze, "clip": arrays.clip,
    "astype": arrays.astype, "copy": lambda x: x, "item": lambda x: x, "exp": ops.exp, "log": ops.log,
    "sqrt": ops.sqrt, "abs": ops.absolute, "float": ops.to_float,
    "to_numpy": lambda x: x,
}  # fmt: skip

# Attributes of arrays.
ATTRIBUTES: dict[str, Lowered] = {
    "shape": ops.shape_of, "T": arrays.transpose, "ndim": lambda x: len(ops.shape_of(x)),
    "size": lambda x: arrays.size(x), "values": lambda x: x,
}  # fmt: skip


def lookup(function: Any) -> tuple[Lowered | None, bool]:
    """What a function means here, and whether that holds also if no argument is a node."""
    try:
        if function in _always:
            return _always[function], True
        if function in _on_nodes:
            return _on_nodes[function], False
    except TypeError:
        return None, False
    name = getattr(function, "__name__", "")
    if name in _SCIPY and (type(function).__module__ or "").startswith(("scipy", "numpy")):
        return _SCIPY[name], False
    return linear_algebra.of_scipy(function), False


def is_symbolic(value: Any) -> bool:
    """Whether a node or a size is in the value."""
    if isinstance(value, (Node, Dim, Axis, AttributeTree, BoundCall, Table)):
        return True
    if isinstance(value, (tuple, list)):
        return any(map(is_symbolic, value))
    return isinstance(value, dict) and any(map(is_symbolic, value.values()))
