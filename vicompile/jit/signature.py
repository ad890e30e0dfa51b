"""Signature strings, `int64(f8*, i8*, i8)`, read without numba: one reading serves ctypes and numba alike."""

from __future__ import annotations

import ctypes
import operator
import re
from functools import cache
from typing import Any, NamedTuple

from .errors import SignatureError

# canonical name -> (ctypes type, NumPy type character)
_SCALARS: dict[str, tuple[Any, str]] = {
    "float64": (ctypes.c_double, "f8"),
    "float32": (ctypes.c_float, "f4"),
    "int64": (ctypes.c_int64, "i8"),
    "int32": (ctypes.c_int32, "i4"),
    "uint64": (ctypes.c_uint64, "u8"),
    "uint32": (ctypes.c_uint32, "u4"),
}
_NAMES = {name: name for name in _SCALARS} | {short: name for name, (_, short) in _SCALARS.items()}
_FORM = re.compile(r"\s*(\w+)\s*\(([^()]*)\)\s*", re.ASCII)
_ARGUMENT = re.compile(r"\s*(\w+)\s*(\*?)\s*", re.ASCII)


class CType(NamedTuple):
    """A scalar, or a pointer to one."""

    scalar: str
    pointer: bool = False

    @property
    def ctype(self) -> Any:
        """The same type in ctypes."""
        return ctypes.c_void_p if self.pointer else _SCALARS[self.scalar][0]

    @property
    def typestr(self) -> str:
        """NumPy's name of the scalar, as in `f8`."""
        return _SCALARS[self.scalar][1]

    def convert(self, value: Any) -> int | float:
        """A scalar argument as this type; raises TypeError, or ValueError where an integer does not fit."""
        if self.typestr[0] == "f":
            return float(value)
        number, bits = operator.index(value), 8 * int(self.typestr[1])
        low, high = (0, 2**bits) if self.typestr[0] == "u" else (-(2 ** (bits - 1)), 2 ** (bits - 1))
        if not low <= number < high:
            raise ValueError(f"{number} does not fit into {self.scalar}")
        return number

    def __str__(self) -> str:
        return self.scalar + "*" * self.pointer


class Signature(NamedTuple):
    """Result type and argument types of a native function."""

    result: CType
    args: tuple[CType, ...]

    def __str__(self) -> str:
        return f"{self.result}({', '.join(map(str, self.args))})"

    @property
    def prototype(self) -> Any:
        """numba's C convention: `int f(result* ret, void** excinfo, args...)`. CFUNCTYPE lets go of the GIL."""
        return _prototype(self)


@cache
def _prototype(signature: Signature) -> Any:
    args = [argument.ctype for argument in signature.args]
    return ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, *args)


@cache
def parse_signature(text: str) -> Signature:
    """Read a signature string.

    Types are float64, float32, int64, int32, uint64, uint32, or NumPy's short names f8, f4, i8, i4, u8, u4; a `*` after
    an argument's type makes it a pointer. Raises SignatureError, which says what is wrong.
    """
    form = _FORM.fullmatch(text)
    if form is None:
        raise SignatureError(f"the signature {text!r} is not of the form `int64(f8*, i8)`")
    result, inside = form.groups()
    if result not in _NAMES:
        raise SignatureError(f"unknown result type {result!r} in the signature {text!r}; known are {', '.join(_NAMES)}")
    args = []
    for item in inside.split(",") if inside.strip() else []:
        match = _ARGUMENT.fullmatch(item)
        if match is None or match[1] not in _NAMES:
            known = ", ".join(_NAMES)
            raise SignatureError(f"unknown argument type {item.strip()!r} in the signature {text!r}; known are {known}")
        args.append(CType(_NAMES[match[1]], bool(match[2])))
    return Signature(CType(_NAMES[result]), tuple(args))
