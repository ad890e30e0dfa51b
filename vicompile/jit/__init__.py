"""From emitted text to machine code: numba compiles it once, the cache keeps it, later processes load it without numba.

    text, entry, signature
      |  key              hash of the text and of everything that shapes its code
      |  cache            one verified file per kernel
      |  loader           mmap and ctypes on Linux x86-64, LLVM elsewhere
      |  compile          only when the cache has no answer: the one import of numba
      v  NativeFunction   an address, and `call`

Importing this package imports neither numba nor llvmlite nor SciPy. `mathlib` and `random` are the sources that
emitted kernels import; they need numba and are imported only while compiling.
"""

from __future__ import annotations

from .cache import CacheInfo, cache_directory, cache_info, clear_cache
from .counters import CacheStats, cache_stats, compile_count
from .errors import CompilerMissing, JitError, NativeFailure, SignatureError
from .function import NativeFunction, native

__all__ = [
    "CacheInfo",
    "CacheStats",
    "CompilerMissing",
    "JitError",
    "NativeFailure",
    "NativeFunction",
    "SignatureError",
    "cache_directory",
    "cache_info",
    "cache_stats",
    "clear_cache",
    "compile_count",
    "native",
]
