"""The one place that chooses how object code gets into memory."""

from __future__ import annotations

import platform
import sys

from .errors import UnsupportedObject
from .loader_direct import LoadedObject
from .symbols import resolve_symbol


def load_object(data: bytes, entry: str) -> LoadedObject:
    """Load verified object code and find `entry` in it.

    Linux on x86-64 takes the direct loader, which imports neither numba nor llvmlite. Other systems, and objects with
    something that the direct loader does not know, take LLVM's. Raises ObjectError where neither works.
    """
    if direct_loader_applies():
        from .loader_direct import load_direct

        try:
            return load_direct(data, entry, resolve_symbol)
        except UnsupportedObject:
            # Not damage: LLVM's own linker knows more. MalformedObject is passed on, and the object is built again.
            pass
    return _load_through_llvm(data, entry)


def direct_loader_applies() -> bool:
    """Whether this process runs x86-64 Linux code in 64-bit mode."""
    return sys.platform == "linux" and platform.machine() in ("x86_64", "AMD64") and sys.maxsize > 2**32


def _load_through_llvm(data: bytes, entry: str) -> LoadedObject:
    try:
        from .loader_llvmlite import load_llvmlite

        return load_llvmlite(data, entry)
    except ImportError as error:
        raise UnsupportedObject(f"llvmlite cannot be imported: {error}") from error
    except (RuntimeError, OSError) as error:
        raise UnsupportedObject(f"LLVM cannot load the object: {error}") from error
