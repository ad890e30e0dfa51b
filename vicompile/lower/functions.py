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
from . import linear_algebra
from .arrays import (
    creation,
    cumulative,
    curves,
    elementwise,
    joining,
    moving,
    products,
    reductions,
    shaping,
    special,
    taking,
)
from .arrays.convert import as_array, astype, count_along

Lowered = Callable[..., Any]


def _same_name(names: str, module: Any = np) -> dict[Any, Lowered]:
    return {getattr(module, n): getattr(ops, n) for n in names.split()}


def _own(room: Any, names: str) -> dict[Any, Lowered]:
    """Functions of a file of `arrays` that are called as in NumPy."""
    return {getattr(np, n): getattr(room, n) for n in names.split() if hasattr(np, n)}


def _numpy() -> dict[Any, Lowered]:
    table: dict[Any, Lowered] = {}
    table |= _same_name(
        "exp log log1p expm1 sqrt tanh sin cos tan arctan arcsin arccos sinh cosh arcsinh arccosh arctanh arctan2"
    )
    table |= _same_name("cbrt hypot sign floor negative square")
    table |= _same_name(
        "less less_equal greater greater_equal equal not_equal logical_and logical_or logical_not power"
    )
    table |= _same_name("add subtract multiply divide floor_divide")
    table |= _own(
        elementwise,
        "absolute maximum minimum clip logaddexp logical_xor ceil trunc rint fmod heaviside exp2 isnan "
        "isfinite isinf nan_to_num select where",
    )
    table |= _own(
        shaping,
        "reshape ravel transpose matrix_transpose swapaxes moveaxis expand_dims squeeze",
    )
    table |= _own(moving, "flip roll repeat tile")
    table |= _own(
        joining, "concatenate hstack vstack dstack column_stack append split array_split hsplit vsplit dsplit"
    )
    table |= _own(products, "matmul dot inner vdot outer tensordot kron einsum")
    table |= _own(reductions, "mean average prod argmax argmin count_nonzero")
    table |= _own(cumulative, "cumsum cumprod")
    table |= _own(taking, "take take_along_axis diff diag diagonal trace tril triu searchsorted")
    table |= _own(curves, "polyval vander interp trapezoid")
    table |= _own(creation, "full_like zeros_like ones_like meshgrid linspace eye identity tri")
    table |= {
        np.sum: reductions.sum_, np.var: reductions.variance, np.std: reductions.deviation,
        np.max: reductions.largest, np.amax: reductions.largest, np.amin: reductions.smallest,
        np.min: reductions.smallest, np.ptp: reductions.spread, np.any: reductions.any_,
        np.all: reductions.all_, np.stack: joining.stack_along, np.round: elementwise.round_,
        np.remainder: ops.modulo, np.fabs: ops.absolute, np.positive: lambda x: as_array(x),
        np.atleast_1d: shaping.at_least(1), np.atleast_2d: shaping.at_least(2),
        np.size: lambda a, axis=None: count_along(as_array(a), axis),
        np.ndim: lambda a: as_array(a).rank,
        np.float64: lambda x: ops.to_float(as_array(x)), np.reciprocal: lambda x: 1.0 / as_array(x),
        np.i0: lambda x: ops.exp(ops.log_bessel_i0(x)),
        np.log2: lambda x: ops.log(x) / math.log(2.0), np.log10: lambda x: ops.log(x) / math.log(10.0),
        np.deg2rad: lambda x: as_array(x) * (math.pi / 180.0), np.rad2deg: lambda x: as_array(x) * (180.0 / math.pi),
    }  # fmt: skip
    return table


def _creators() -> dict[Any, Lowered]:
    """Functions that take a shape: it may be symbolic, so they are ours even without any node argument."""
    return {
        **_own(creation, "zeros ones full arange broadcast_to"),
        np.shape: lambda a: as_array(a).shape,
    }


def _math() -> dict[Any, Lowered]:
    table = _same_name("exp log1p expm1 sqrt tanh sin cos tan sinh cosh floor erfc hypot", math)
    table |= {
        math.asin: ops.arcsin, math.acos: ops.arccos, math.atan2: ops.arctan2, math.asinh: ops.arcsinh,
        math.acosh: ops.arccosh, math.atanh: ops.arctanh, math.cbrt: ops.cbrt,
        math.log: lambda x, base=None: ops.log(x) if base is None else ops.log(x) / ops.log(base),
        math.log2: lambda x: ops.log(x) / math.log(2.0), math.log10: lambda x: ops.log(x) / math.log(10.0),
        math.lgamma: ops.lgamma, math.gamma: special.gamma, math.erf: ops.erf, math.fabs: ops.absolute,
        math.atan: ops.arctan, math.pow: ops.power, math.ceil: lambda x: ops.apply("to_int", elementwise.ceil(x)),
        math.trunc: lambda x: ops.apply("to_int", x), math.fmod: elementwise.fmod,
        math.isnan: elementwise.isnan, math.isinf: elementwise.isinf, math.isfinite: elementwise.isfinite,
        math.prod: lambda iterable: reductions.prod(iterable, 0),
    }  # fmt: skip
    return table


def _builtins() -> dict[Any, Lowered]:
    return {
        builtins.abs: elementwise.absolute, builtins.float: ops.to_float, builtins.pow: ops.power,
        builtins.sum: reductions.python_sum, builtins.round: elementwise.python_round,
        builtins.min: reductions.pairwise(elementwise.minimum, reductions.smallest),
        builtins.max: reductions.pairwise(elementwise.maximum, reductions.largest),
        builtins.any: reductions.of_items(reductions.any_), builtins.all: reductions.of_items(reductions.all_),
        builtins.int: lambda x: ops.apply("to_int", x),
    }  # fmt: skip


# SciPy's functions are recognised by name: SciPy need not be imported to know them.
SCIPY_SPECIAL: dict[str, Lowered] = {
    "expit": ops.sigmoid, "gammaln": ops.lgamma, "loggamma": ops.lgamma, "digamma": ops.digamma, "psi": ops.digamma,
    "erf": ops.erf, "ndtri": ops.ndtri, "ndtr": ops.ndtr, "log_ndtr": ops.log_ndtr, "ndtri_exp": ops.ndtri_exp,
    "erfc": ops.erfc, "betaln": ops.log_beta, "i0": lambda x: ops.exp(ops.log_bessel_i0(x)),
    "i0e": lambda x: ops.exp(ops.log_bessel_i0e(x)), "cbrt": ops.cbrt,
    "log_expit": lambda x: -ops.softplus(-x), "logit": lambda p: ops.log(p) - ops.log1p(-p),
    "softplus": ops.softplus, "logsumexp": reductions.logsumexp, "softmax": reductions.softmax,
    "log_softmax": reductions.log_softmax, "xlogy": special.xlogy, "xlog1py": special.xlog1py,
    "entr": special.entr, "beta": special.beta, "gamma": special.gamma,
    "binom": special.binomial, "comb": special.combinations, "multigammaln": special.multigammaln,
    "exp2": elementwise.exp2, "log1p": ops.log1p, "expm1": ops.expm1,
    "round": elementwise.rint,
}  # fmt: skip

_on_nodes: dict[Any, Lowered] = {**linear_algebra.NUMPY, **_numpy(), **_math(), **_builtins()}
_always: dict[Any, Lowered] = _creators()

# Methods of arrays.
METHODS: dict[str, Lowered] = {
    "sum": reductions.sum_, "mean": reductions.mean, "var": reductions.variance, "std": reductions.deviation,
    "prod": reductions.prod, "max": reductions.largest, "min": reductions.smallest, "argmax": reductions.argmax,
    "argmin": reductions.argmin, "any": reductions.any_, "all": reductions.all_, "cumsum": cumulative.cumsum,
    "cumprod": cumulative.cumprod, "dot": products.dot, "transpose": shaping.transpose, "reshape": shaping.reshape,
    "ravel": shaping.ravel, "flatten": shaping.ravel, "swapaxes": shaping.swapaxes, "squeeze": shaping.squeeze,
    "repeat": moving.repeat, "take": taking.take, "diagonal": taking.diagonal, "trace": taking.trace,
    "clip": elementwise.clip, "round": elementwise.round_, "astype": astype, "copy": lambda x: x,
    "item": lambda x: x, "exp": ops.exp, "log": ops.log, "sqrt": ops.sqrt, "abs": elementwise.absolute,
    "float": ops.to_float, "to_numpy": lambda x: x, "detach": ops.detach, "nonzero": taking.of_data("nonzero"),
    "argsort": taking.of_data("argsort"),
}  # fmt: skip

# Attributes of arrays.
ATTRIBUTES: dict[str, Lowered] = {
    "shape": ops.shape_of, "T": shaping.reversed_axes, "mT": shaping.matrix_transpose,
    "ndim": lambda x: len(ops.shape_of(x)), "size": lambda x: count_along(x, None),
    "values": lambda x: x,
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
    if getattr(function, "__vicompile_elementwise__", False) or getattr(function, "__module__", None) == ops.__name__:
        return function, False
    name = getattr(function, "__name__", "")
    if name in SCIPY_SPECIAL and _is_scipys(function):
        return SCIPY_SPECIAL[name], False
    return linear_algebra.of_scipy(function), False


def _is_scipys(function: Any) -> bool:
    """Whether a function is SciPy's: its ufuncs have no module of their own."""
    modules = (type(function).__module__, getattr(function, "__module__", None))
    return any((module or "").partition(".")[0] in ("scipy", "numpy") for module in modules)


def is_symbolic(value: Any) -> bool:
    """Whether a node or a size is in the value."""
    if isinstance(value, (Node, Dim, Axis, AttributeTree, BoundCall, Table)):
        return True
    if isinstance(value, (tuple, list)):
        return any(map(is_symbolic, value))
    return isinstance(value, dict) and any(map(is_symbolic, value.values()))
