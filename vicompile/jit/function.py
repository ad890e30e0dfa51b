"""`native`: text in, an address out. From memory, else from the cache, else by compiling."""

from __future__ import annotations

import ctypes
import linecache
import operator
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from . import cache, counters
from .errors import NativeFailure, ObjectError
from .garbage import collection_put_off
from .key import kernel_key
from .loader import load_object
from .loader_direct import LoadedObject
from .signature import CType, Signature, parse_signature


class NativeFunction:
    """Machine code with an address. The code stays in memory for as long as this object lives.

    `address` is that of a C function `int f(result* ret, void** excinfo, args...)`; `symbol` is its name in
    `object_code`; `text` is the Python text it was made from, and `source_path` the file that shows it, or where no
    file could be written a name known to `linecache`.
    """

    __slots__ = (
        "_function",
        "_loaded",
        "address",
        "entry",
        "label",
        "object_code",
        "signature",
        "source_path",
        "symbol",
        "text",
    )

    def __init__(
        self,
        loaded: LoadedObject,
        *,
        text: str,
        entry: str,
        signature: Signature,
        label: str,
        source_path: str,
        symbol: str,
        object_code: bytes,
    ) -> None:
        self._loaded = loaded
        self.address = loaded.address
        self.text, self.entry, self.signature, self.label = text, entry, signature, label
        self.source_path, self.symbol, self.object_code = source_path, symbol, object_code
        self._function = signature.prototype(loaded.address)

    def call(self, *args: Any) -> int | float:
        """Call the code without the GIL and return its result.

        A pointer argument is an address or a contiguous NumPy array of exactly that dtype. Raises TypeError or
        ValueError for other arguments, NativeFailure where the code reports an error of its own.
        """
        expected = self.signature.args
        if len(args) != len(expected):
            raise TypeError(f"{self.entry}() takes {len(expected)} arguments, got {len(args)}")
        values = [_as_c(value, ctype) for value, ctype in zip(args, expected, strict=True)]
        result, exception = self.signature.result.ctype(), ctypes.c_void_p()
        status = self._function(ctypes.byref(result), ctypes.byref(exception), *values)
        if status != 0:
            raise NativeFailure(f"{self.entry}() of {self.source_path} failed with status {status}")
        return result.value  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        return f"<NativeFunction {self.entry}{str(self.signature).partition('(')[1]}... from {self.source_path}>"


def _as_c(value: Any, ctype: CType) -> int | float:
    """The value as ctypes takes it, checked, because ctypes would cut an integer that is too large."""
    if not ctype.pointer:
        return ctype.convert(value)
    if not isinstance(value, np.ndarray):
        try:
            return operator.index(value)
        except TypeError:
            name = type(value).__name__
            raise TypeError(f"a pointer argument must be an address or a NumPy array, not {name}") from None
    if value.dtype.str[1:] != ctype.typestr or not value.dtype.isnative:
        raise TypeError(f"an array of {value.dtype} where {ctype.scalar} is expected")
    if not (value.flags.c_contiguous or value.flags.f_contiguous) or not value.flags.aligned:
        raise ValueError("an array argument must be contiguous and aligned")
    return int(value.__array_interface__["data"][0])


_lock = threading.RLock()
_known: dict[str, NativeFunction] = {}


def native(
    text: str,
    entry: str,
    signature: str,
    *,
    label: str = "kernel",
    readable: Callable[[], str] | None = None,
    is_kernel: bool = False,
) -> NativeFunction:
    """Machine code for the function `entry` of the Python text `text`.

    readable: gives the text that is compiled and shown, where `text` only says the same in short: it is then enough to
        find the machine code in the cache, and the readable one need not be made.
    is_kernel: the text is in the language of kernels: see `jit.direct`.

    `signature` is a string such as "int64(f8*, i8*)"; see `parse_signature`. `label` names the files in the cache. The
    same text, entry and signature give the same NativeFunction. Raises SignatureError; CompilerMissing without numba;
    InternalError where the text does not compile to self-contained code. A cache that cannot be used is not an error.
    """
    parsed = parse_signature(signature)
    key = kernel_key(text, entry, parsed)
    with _lock:
        function = _known.get(key)
        if function is not None:
            counters.count("reused")
            return function
        stem = cache.kernel_stem(label, key)
        source = readable or (lambda: text)
        try:
            function, damaged = _from_cache(stem, key, source, entry, parsed, label), False
        except (cache.DamagedEntry, ObjectError):
            damaged = True
        if function is None:
            with collection_put_off():
                function = _compiled(stem, key, source(), entry, parsed, label, is_kernel)
            if damaged:
                counters.count("rebuilt")
        _known[key] = function
        return function


def forget_all() -> None:
    """Forget the functions known in this process, so that the next request goes to the cache; for tests."""
    with _lock:
        _known.clear()


def _from_cache(
    stem: Path, key: str, source: Callable[[], str], entry: str, signature: Signature, label: str
) -> NativeFunction | None:
    """The kernel as stored, None where it is not; raises DamagedEntry or ObjectError if what is stored is of no use."""
    stored = cache.read_entry(stem, key)
    if stored is None:
        return None
    loaded = load_object(stored.code, stored.symbol)
    counters.count("hits")
    shown = cache.source_of(stem)
    text, path = shown if shown is not None else (source(), None)
    return NativeFunction(
        loaded, text=text, entry=entry, signature=signature, label=label,
        source_path=path or _publish(stem, text), symbol=stored.symbol, object_code=stored.code,
    )  # fmt: skip


def _compiled(
    stem: Path, key: str, text: str, entry: str, signature: Signature, label: str, is_kernel: bool
) -> NativeFunction:
    from .compile import compile_text

    source_path = _publish(stem, text)
    compiled = compile_text(text, entry, signature, source_path, is_kernel=is_kernel)
    try:
        # The loader of a warm start also serves the cold one, so that both run the same bytes in the same way.
        loaded = load_object(compiled.code, compiled.symbol)
        cache.write_entry(stem, cache.Entry(key, entry, str(signature), compiled.symbol, compiled.code))
    except ObjectError:
        loaded = compiled.load_in_numba()
    counters.count("misses")
    return NativeFunction(
        loaded, text=text, entry=entry, signature=signature, label=label,
        source_path=source_path, symbol=compiled.symbol, object_code=compiled.code,
    )  # fmt: skip


def _publish(stem: Path, text: str) -> str:
    """Make the text visible to tracebacks and debuggers: as a file, or where that cannot be, in `linecache`."""
    path = cache.write_source(stem, text)
    if path is not None:
        return path
    name = f"<vicompile {stem.name}>"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    return name


def _new_lock() -> None:
    global _lock
    _lock = threading.RLock()


if hasattr(os, "register_at_fork"):
    # Another thread may hold the lock at the moment of a fork; in the child nobody would let it go.
    os.register_at_fork(after_in_child=_new_lock)
