"""Whose a function or class is: the user's, or that of a library, whose source is never read."""

from __future__ import annotations

from types import FunctionType
from typing import Any, TypeGuard

_UNDERSTOOD = {
    __name__.partition(".")[0], "numpy", "scipy", "math", "builtins", "operator", "functools", "itertools",
}  # fmt: skip
# What people bring along. Their functions look like the user's own, and their bodies are far from the language.
_OTHERS = {
    "jax", "jaxlib", "torch", "tensorflow", "tensorflow_probability", "pytensor", "pymc",
    "numpyro", "pyro", "funsor", "blackjax", "flax", "equinox", "optax", "haiku", "pandas", "polars", "xarray", "numba",
    "sklearn", "statsmodels", "matplotlib", "arviz", "cupy", "dask",
}  # fmt: skip


def is_users(value: Any) -> TypeGuard[FunctionType]:
    """Whether this is a function that the user wrote, so that its source can be read."""
    return isinstance(value, FunctionType) and not (is_understood(value) or is_foreign(value))


def is_understood(value: Any) -> bool:
    """Whether a function or class belongs to a library of which the compiler knows at least some functions."""
    return _root(value) in _UNDERSTOOD


def is_foreign(value: Any) -> bool:
    """Whether a function or class belongs to a library that the compiler does not know, such as JAX or PyTorch."""
    return _root(value) in _OTHERS


def _root(value: Any) -> str:
    module = getattr(value, "__module__", None)
    return module.partition(".")[0] if isinstance(module, str) else ""
