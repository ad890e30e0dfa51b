"""What the functions of np.linalg and scipy.linalg mean on graph nodes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..ir import linalg as la
from ..ir import ops, vectors


def _slogdet(a: Any) -> Any:
    """np.linalg.slogdet: a pair with NumPy's names."""
    pair = type(np.linalg.slogdet(np.eye(1)))
    return pair(*la.slogdet(ops.as_node(a)))


def _det(a: Any) -> Any:
    """np.linalg.det"""
    sign, logarithm = _slogdet(a)
    return sign * ops.exp(logarithm)


def _norm(x: Any, ord: Any = None, axis: int | None = None, keepdims: bool = False) -> Any:
    """np.linalg.norm: the root of the sum of squares, of all elements or along an axis; for vectors also the 1-norm."""
    x = ops.to_float(ops.as_node(x))
    if isinstance(axis, (tuple, list)) or (ord is not None and (ord not in (1, 2) or (axis is None and x.rank != 1))):
        raise NotImplementedError("this norm", "write it with np.sum, np.abs and np.sqrt")
    axes = None if axis is None else [axis]
    if ord == 1:
        return ops.total(ops.absolute(x), axes, keepdims)
    return ops.sqrt(ops.total(x * x, axes, keepdims))


# -- scipy.linalg: `check_finite` is taken and does nothing, because the loss is looked at -----------------------------


def _solve_triangular(
    a: Any, b: Any, trans: int | str = 0, lower: bool = False, unit_diagonal: bool = False, check_finite: bool = True
) -> Any:
    """scipy.linalg.solve_triangular"""
    if unit_diagonal:
        raise NotImplementedError("`unit_diagonal`", "put ones on the diagonal")
    is_transposed = {0: False, "N": False, 1: True, "T": True, 2: True, "C": True}.get(trans)
    if is_transposed is None:
        raise ValueError(f"`trans` is 0, 1, 2, 'N', 'T' or 'C', not {trans!r}")
    if not lower:
        # The transpose of an upper triangular matrix is a lower one.
        a, is_transposed = vectors.transpose(ops.as_node(a)), not is_transposed
    return la.solve_lower_transposed(a, b) if is_transposed else la.solve_lower(a, b)


def _cholesky(a: Any, lower: bool = False, check_finite: bool = True) -> Any:
    """scipy.linalg.cholesky: the upper factor, from the upper triangle, unless `lower` is asked for."""
    a = ops.as_node(a)
    return la.cholesky(a) if lower else vectors.transpose(la.cholesky(vectors.transpose(a)))


def _cho_factor(a: Any, lower: bool = False, check_finite: bool = True) -> Any:
    """scipy.linalg.cho_factor: the factor, with zeros in its other triangle, and which one it is."""
    return _cholesky(a, lower), lower


def _cho_solve(c_and_lower: Any, b: Any, check_finite: bool = True) -> Any:
    """scipy.linalg.cho_solve"""
    factor, lower = c_and_lower
    factor = ops.as_node(factor) if lower else vectors.transpose(ops.as_node(factor))
    return la.solve_lower_transposed(factor, la.solve_lower(factor, b))


def _solve(a: Any, b: Any, assume_a: str | None = None, check_finite: bool = True) -> Any:
    """scipy.linalg.solve; what is assumed of A is not made use of."""
    return la.solve(a, b)


NUMPY: dict[Any, Callable[..., Any]] = {
    np.matmul: lambda x1, x2: vectors.matmul(x1, x2),
    np.diagonal: lambda a: vectors.diagonal(ops.as_node(a)),
    np.tril: lambda m: vectors.tril(ops.as_node(m)),
    np.linalg.cholesky: lambda a: la.cholesky(a),
    np.linalg.solve: lambda a, b: la.solve(a, b),
    np.linalg.inv: lambda a: la.inverse(a),
    np.linalg.det: _det,
    np.linalg.slogdet: _slogdet,
    np.linalg.norm: _norm,
}

# Functions of scipy.linalg by name: SciPy need not be imported to know them.
SCIPY: dict[str, Callable[..., Any]] = {
    "cholesky": _cholesky,
    "solve_triangular": _solve_triangular,
    "cho_factor": _cho_factor,
    "cho_solve": _cho_solve,
    "solve": _solve,
    "inv": lambda a, check_finite=True: la.inverse(a),
    "det": lambda a, check_finite=True: _det(a),
    "norm": _norm,
}


def of_scipy(function: Any) -> Callable[..., Any] | None:
    """What a function of scipy.linalg means, None for another one."""
    if (getattr(function, "__module__", "") or "").startswith("scipy.linalg"):
        return SCIPY.get(getattr(function, "__name__", ""))
    return None
