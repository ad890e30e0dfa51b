"""What native code may take from outside: the C mathematics library, and copying or clearing memory. Nothing else."""

from __future__ import annotations

import ctypes
import sys
from functools import cache

from .errors import UnresolvedSymbol

# fmt: off
_MATH = (
    "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "ceil", "copysign", "cos", "cosh",
    "erf", "erfc", "exp", "exp2", "expm1", "fabs", "floor", "fma", "fmax", "fmin", "fmod", "frexp", "hypot",
    "ldexp", "lgamma", "log", "log10", "log1p", "log2", "modf", "nextafter", "pow", "remainder", "rint",
    "round", "sin", "sincos", "sinh", "sqrt", "tan", "tanh", "tgamma", "trunc",
)
# fmt: on
_MEMORY = ("memcpy", "memmove", "memset")

ALLOWED_SYMBOLS = frozenset(_MATH) | {name + "f" for name in _MATH} | frozenset(_MEMORY)
"""Names that object code may leave undefined."""


@cache
def _libraries() -> tuple[ctypes.CDLL, ...]:
    found = []
    for name in ("libm.so.6", None) if sys.platform == "linux" else (None,):
        try:
            found.append(ctypes.CDLL(name))
        except (OSError, TypeError):
            continue
    return tuple(found)


@cache
def resolve_symbol(name: str) -> int:
    """Address of an allowed function; raises UnresolvedSymbol for any other name, or where this system lacks it."""
    if name not in ALLOWED_SYMBOLS:
        raise UnresolvedSymbol(f"the object needs {name!r}, which is not among the functions that kernels may use")
    for library in _libraries():
        try:
            address = ctypes.cast(getattr(library, name), ctypes.c_void_p).value
        except AttributeError:
            continue
        if address:
            return address
    raise UnresolvedSymbol(f"this system's C library has no {name!r}")
