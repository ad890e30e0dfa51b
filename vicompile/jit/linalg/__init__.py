"""Native helpers for whole-array linear algebra: compiled once for all models, cached like kernels, loaded on demand.

Each file beside this one is the text of one helper, a plain function over pointers. All have one signature:

    helper(out, a, b, scratch, table, strides of out, a, b, steps of out, a, b, lanes, n, m, k, variant) -> 0

It does the same for each of `lanes` lanes. Element (i, j) of the matrix with r rows that belongs to lane l is
pointer[step * l + stride * (i + r * j)]; a step of 0 is one matrix for all lanes. `b` is `a` where there is one
operand. `scratch` has as many doubles as `ir.calls` says, and one for each lane. table[1], table[2], ... are the
addresses of the helper's ROUTINES of BLAS and LAPACK, or 0: then the helper's own loops do it, as they do wherever
sizes are small. Small matrices in lanes have helpers of their own, whose loop over the lanes is innermost and so is
vector code.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..lapack import routine_address

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..function import NativeFunction

HELPER_SIGNATURE = f"int64(f8*, f8*, f8*, f8*, i8*{', i8' * 11})"

ROUTINES: dict[str, tuple[str, ...]] = {
    "cholesky": ("dpotrf",),
    "cholesky_lanes": (),
    "cholesky_adjoint": ("dtrsm", "dgemm"),
    "cholesky_adjoint_lanes": (),
    "triangular": ("dtrsm",),
    "triangular_lanes": (),
    "general": ("dgetrf", "dgetrs"),
    "product": ("dgemm",),
    "product_lanes": (),
}
"""The helpers, and the routines that each calls where its matrices are large."""

# Below this size the loops are as fast as the libraries, which then need not be imported either.
SMALLEST_FOR_LIBRARIES = 24


@cache
def helper(name: str) -> NativeFunction:
    """One helper; compiled or loaded at the first call."""
    from ..function import native

    return native(helper_source(name), name, HELPER_SIGNATURE, label=f"linalg_{name}")


def helper_source(name: str) -> str:
    """The text of the module that defines the function `name`."""
    return (Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8")


def helper_table(
    name: str, sizes: Sequence[int], in_lanes: bool = False, loops_only: bool = False
) -> NDArray[np.int64]:
    """What a kernel needs to call a helper for matrices of these sizes (n, m, k): its address, then its routines."""
    n, m, k = sizes
    large = n * m * k >= SMALLEST_FOR_LIBRARIES**3 if name == "product" else n >= SMALLEST_FOR_LIBRARIES
    if in_lanes and not large and f"{name}_lanes" in ROUTINES:
        name = f"{name}_lanes"
    routines = [routine_address(routine) if large and not loops_only else 0 for routine in ROUTINES[name]]
    if 0 in routines:
        routines = [0] * len(routines)
    return np.array([helper(name).address, *routines], np.int64)
