"""Kernels to LLVM by our own reading of their text.

numba's type inference costs three to five milliseconds for each statement, and much of its code is there for what a
kernel never does. A kernel's text is a tiny, typed language (see `schedule.kernel`), so one intrinsic reads it and
writes its instructions; numba is left with a function of one statement, and with what it does well: passes, target
machine, object code.

Importing this package imports numba: only text that is about to be compiled does so.
"""

from __future__ import annotations

from .body import body_intrinsic

__all__ = ["body_intrinsic"]
