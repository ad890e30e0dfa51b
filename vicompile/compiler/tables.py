"""What a kernel is called with besides numbers that change: its data in its layout, and its table of sizes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..ir.dims import evaluate, symbol
from ..ir.nodes import Node
from ..jit.linalg import helper_table
from ..schedule.kernel import DataArgument, HelperArgument, Kernel

if TYPE_CHECKING:
    import numpy.typing as npt


def data_arrays(kernel: Kernel, known: Mapping[Node, Any], sizes: Mapping[str, int]) -> list[npt.NDArray[Any]]:
    """The arrays behind the entries of the kernel's data table. known: the value of every input that it reads."""
    return [
        helper_table(d.helper, [evaluate(size, sizes) for size in d.sizes], d.in_lanes)
        if isinstance(d, HelperArgument)
        else _laid_out(np.asarray(known[d.input]), d, kernel.block if d.packed else None)
        for d in kernel.data
    ]


def sizes_table(kernel: Kernel, values: Mapping[str, int]) -> npt.NDArray[np.int64]:
    """The run-time sizes and offsets, as the kernel reads them; "@8" is the number 8 that stands in the program."""
    return np.array(
        [int(s[1:]) if s[0] == "@" and s[1:].isdigit() else evaluate(symbol(s), values) for s in kernel.symbols],
        np.int64,
    )


def _laid_out(array: npt.NDArray[Any], argument: DataArgument, block: int | None) -> npt.NDArray[Any]:
    """The array as its kernel reads it: leading axis contiguous, in rows, or in blocks of rows. One copy, or none."""
    dtype = np.int64 if argument.input.dtype == "int64" else np.float64
    if argument.by_rows:
        return np.ascontiguousarray(array, dtype)
    if block is None:
        return np.asfortranarray(array, dtype)
    packed = np.empty(array.size, dtype)
    width = array.size // len(array) if len(array) else 0
    for k in range(0, len(array), block):
        rows = array[k : k + block]
        packed[k * width : k * width + rows.size] = rows.ravel(order="F")
    return packed
