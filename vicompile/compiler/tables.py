"""What a kernel is called with besides numbers that change: its data in its layout, and its table of sizes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from ..ir.dims import evaluate, symbol
from ..ir.nodes import Node
from ..jit.linalg import helper_table
from ..schedule.kernel import DataArgument, GroupsArgument, HelperArgument, Kernel, Order
from .grouping import Grouping

if TYPE_CHECKING:
    import numpy.typing as npt


def data_arrays(kernel: Kernel, known: Mapping[Node, Any], sizes: Mapping[str, int]) -> list[npt.NDArray[Any]]:
    """The arrays behind the entries of the kernel's data table. known: the value of every input that it reads."""
    groupings: dict[Order, Grouping] = {}
    return [_array(entry, kernel.block, known, sizes, groupings) for entry in kernel.data]


def sizes_table(kernel: Kernel, values: Mapping[str, int]) -> npt.NDArray[np.int64]:
    """The run-time sizes and offsets, as the kernel reads them; "@8" is the number 8 that stands in the program."""
    return np.array(
        [int(s[1:]) if s[0] == "@" and s[1:].isdigit() else evaluate(symbol(s), values) for s in kernel.symbols],
        np.int64,
    )


def _array(
    entry: DataArgument | GroupsArgument | HelperArgument,
    block: int,
    known: Mapping[Node, Any],
    sizes: Mapping[str, int],
    groupings: dict[Order, Grouping],
) -> npt.NDArray[Any]:
    """The array behind one entry: leading axis contiguous, in rows, or in blocks of rows. One copy, or none."""
    if isinstance(entry, HelperArgument):
        return helper_table(entry.helper, [evaluate(s, sizes) for s in entry.sizes], entry.in_lanes)
    by = entry.order
    if by is not None and by not in groupings:
        keys = np.asarray(known[by.key], np.int64)
        groupings[by] = Grouping(keys[: evaluate(by.rows, sizes)], block)
    if isinstance(entry, GroupsArgument):
        return groupings[entry.order].owners if entry.part == "owners" else groupings[entry.order].rounds
    array = np.asarray(known[entry.input])
    if by is not None:
        array = np.take(array, groupings[by].order, axis=entry.axis)
    dtype = np.int64 if entry.input.dtype == "int64" else np.float64
    if not entry.packed:
        return np.ascontiguousarray(array, dtype) if entry.by_rows else np.asfortranarray(array, dtype)
    starts = groupings[by].starts if by is not None else [*range(0, len(array), block), len(array)]
    return _packed(array, starts, dtype)


def _packed(array: npt.NDArray[Any], starts: Iterable[int], dtype: Any) -> npt.NDArray[Any]:
    """The array in blocks of rows, each with its leading axis contiguous; `starts` of the blocks, and the end."""
    packed = np.empty(array.size, dtype)
    width = array.size // len(array) if len(array) else 0
    for first, stop in pairwise(starts):
        packed[first * width : stop * width] = array[first:stop].ravel(order="F")
    return packed
