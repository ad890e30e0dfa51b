"""The search for unused cycles of objects, put off while a kernel is compiled.

Compilation makes very many objects and keeps most of them to its end: Python then looks at all of them again and again,
0.1 s of a first compilation of 0.7.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collection_put_off() -> Iterator[None]:
    """No search inside; afterwards they go on, unless they were off before."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
