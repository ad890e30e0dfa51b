"""The one door to BLAS and LAPACK: addresses of SciPy's routines.

SciPy hands its libraries' routines to Cython code in capsules, whose name is the C signature. Only routines that take
plain C ints are used. How many threads they run on is the library's own affair: OPENBLAS_NUM_THREADS and threadpoolctl
say so, as for NumPy.
"""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

_BLAS = frozenset({"dgemm", "dtrsm"})


@cache
def routine_address(name: str) -> int:
    """The address of a routine such as "dpotrf"; 0 where SciPy or the routine is missing or has other ints."""
    try:
        if name in _BLAS:
            from scipy.linalg import cython_blas as library
        else:
            from scipy.linalg import cython_lapack as library
    except ImportError:
        return 0
    capsule = getattr(library, "__pyx_capi__", {}).get(name)
    if capsule is None:
        return 0
    signature = _name_of(capsule)
    if signature is None or " int *" not in signature.replace("(", " "):
        return 0
    return _pointer_in(capsule, signature)


def _name_of(capsule: Any) -> str | None:
    get = ctypes.pythonapi.PyCapsule_GetName
    get.restype, get.argtypes = ctypes.c_char_p, [ctypes.py_object]
    name = get(capsule)
    return None if name is None else name.decode()


def _pointer_in(capsule: Any, name: str) -> int:
    get = ctypes.pythonapi.PyCapsule_GetPointer
    get.restype, get.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    return int(get(capsule, name.encode()) or 0)
