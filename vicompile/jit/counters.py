"""How many kernels this process compiled or loaded: what makes `compile once` observable and testable."""

from __future__ import annotations

import threading
from typing import NamedTuple


class CacheStats(NamedTuple):
    """What became of the kernels asked for in this process.

    hits      loaded from the cache on disk, without numba
    misses    compiled, because the cache had no usable entry
    rebuilt   those of the misses for which a damaged or foreign entry was found and replaced
    reused    asked for again, and answered from memory
    """

    hits: int = 0
    misses: int = 0
    rebuilt: int = 0
    reused: int = 0


_lock = threading.Lock()
_stats = CacheStats()


def count(event: str) -> None:
    """Add one to the counter named `event`, a field of CacheStats."""
    global _stats
    with _lock:
        _stats = _stats._replace(**{event: getattr(_stats, event) + 1})


def cache_stats() -> CacheStats:
    """Counters of this process so far, as one immutable snapshot."""
    return _stats


def compile_count() -> int:
    """Number of different kernels compiled, or loaded from the cache, in this process; asking again adds nothing."""
    return _stats.hits + _stats.misses


def reset_counters() -> None:
    """Set all counters to zero; for tests."""
    global _stats
    with _lock:
        _stats = CacheStats()
