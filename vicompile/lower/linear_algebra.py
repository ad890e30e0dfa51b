"""What the functions of np.linalg and scipy.linalg mean on graph nodes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..ir import linalg as la
from ..ir import ops


def _solve(a: Any, b: Any) -> Any:
    """np.linalg.solve"""
    return la.solve(a, b)


def _slogdet(a: Any) -> Any:
    """np.linalg.slogdet: a pair."""
    return la.slogdet(ops.as_node(a))


def _det(a: Any) -> Any:
    """np.linalg.det"""
    sign, logarithm = _slogdet(a)
    return sign * ops.exp(logarithm)


def _norm(x: Any, axis: int | None = None) -> Any:
    """np.linalg.norm: the square root of the sum of squares, of all elements or along an axis."""
    x = ops.to_float(ops.as_node(x))
    return ops.sqrt(ops.total(x * x, None if axis is None else [axis]))


def _solve_triangular(a: Any, b: Any, trans: int | str = 0, lower: bool = False) -> Any:
    """scipy.linalg.solve_triangular"""
    a = ops.as_node(a)
    is_transposed = {0: False, "N": False, 1: True, "T": True, 2: True, "C": True}.get(trans)
    if is_transposed is None:
        raise ValueError(f"`trans` is 0, 1, 2, 'N', 'T' or 'C', not {trans!r}")
    if lower:
        return la.solve_lower_transposed(a, b) if is_transposed else la.solve_lower(a, b)
    # The transpose of an upper triangular matrix is a lower one.
    a = la.transposed(a)
    return la.solve_lower(a, b) if is_transposed else la.solve_lower_transposed(a, b)


def _cholesky(a: Any, lower: bool = False) -> Any:
    """scipy.linalg.cholesky: the upper factor unless `lower` is asked for."""
    a = ops.as_node(a)
    return la.cholesky(a) if lower else la.transposed(la.cholesky(la.transposed(a)))


def _cho_factor(a: Any, lower: bool = False) -> Any:
    """scipy.linalg.cho_factor: the factor and which one it is."""
    return _cholesky(a, lower), lower


def _cho_solve(c_and_lower: Any, b: Any) -> Any:
    """scipy.linalg.cho_solve"""
    factor, lower = c_and_lower
    factor = ops.as_node(factor) if lower else la.transposed(ops.as_node(factor))
    return la.solve_lower_transposed(factor, la.solve_lower(factor, b))


NUMPY: dict[Any, Callable[..., Any]] = {
    np.matmul: lambda x1, x2: la.matmul(x1, x2), np.linalg.cholesky: lambda a: la.cholesky(a), np.linalg.solve: _solve, np.linalg.inv: lambda a: la.inverse(a),
    np.linalg.det: _det, np.linalg.slogdet: _slogdet, np.linalg.norm: _norm,
    np.diagonal: lambda a: la.diagonal(ops.as_node(a)), np.tril: lambda m: la.tril(ops.as_node(m)),
}  # fmt: skip

# Functions of scipy.linalg by name: SciPy need not be imported to know them.
SCIPY: dict[str, Callable[..., Any]] = {
    "cholesky": _cholesky, "solve_triangular": _solve_triangular, "cho_factor": _cho_factor, "cho_solve": _cho_solve,
    "solve": _solve, "inv": lambda a: la.inverse(a), "det": _det, "norm": _norm,
}  # fmt: skip


def of_scipy(function: Any) -> Callable[..., Any] | None:
    """What a function of scipy.linalg means, None for another one."""
    if (getattr(function, "__module__", "") or "").startswith("scipy.linalg"):
        return SCIPY.get(getattr(function, "__name__", ""))
    return None
