"""Recurrences of data alone, compiled: their values are found once, when data is bound.

The interpreter runs a recurrence in Python, step after step, about 10 us for each; what needs one is computed by a
kernel of its own instead, made on the same road as the kernel of the loss. Running sums and the like are a call of
NumPy and need none.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..diagnostics import Record
from ..emit import SIGNATURE, draft, readable
from ..ir import ops
from ..ir.dims import Size, evaluate, product
from ..ir.interpret import running_function
from ..ir.nodes import Input, Node, Scan, const
from ..ir.walk import topological
from ..jit import NativeFunction, native
from ..schedule import schedule
from ..schedule.kernel import Kernel
from ..svi.workspace import address
from .tables import data_arrays, sizes_table

if TYPE_CHECKING:
    import numpy.typing as npt

    from .pipeline import Unit

_TYPES = {"float64": np.float64, "int64": np.int64, "bool": np.bool_}


class DataKernel(Record, eq=False):
    """A kernel that writes the values of `inputs` one after the other behind a number that does not matter."""

    inputs: tuple[Input, ...]
    kernel: Kernel
    native: NativeFunction

    def values(self, known: Mapping[Node, Any], sizes: Mapping[str, int]) -> dict[Node, Any]:
        """The value of each input. known: those of the data. sizes: those of every size symbol."""
        shapes = [tuple(evaluate(size, sizes) for size in one.shape) for one in self.inputs]
        counts = [int(np.prod(shape, dtype=np.int64)) for shape in shapes]
        out: npt.NDArray[np.float64] = np.empty(1 + sum(counts))
        work = np.empty(max(1, evaluate(self.kernel.work, sizes)))
        arrays = data_arrays(self.kernel, known, sizes)
        table = sizes_table(self.kernel, sizes)
        places = np.array([address(a) for a in arrays], np.int64)
        nothing = np.empty(1)
        self.native.call(nothing, nothing, places, table, work, out)
        ends = np.cumsum([1, *counts])
        return {
            one: out[start:end].reshape(shape, order="F").astype(_TYPES[one.dtype], copy=False)
            for one, shape, start, end in zip(self.inputs, shapes, ends, ends[1:])
        }


def data_kernel(unit: Unit) -> DataKernel | None:
    """The kernel of all definitions that need a recurrence; None if none of them does."""
    inputs = tuple(one for one, node in unit.definitions.items() if needs_steps(node))
    if not inputs:
        return None
    outputs: list[tuple[Node, Size]] = []
    offset: Size = 0
    with unit.provenance.active():
        for one in inputs:
            outputs.append((ops.to_float(unit.definitions[one]), offset))
            offset = offset + product(one.shape)
        name = f"the data of {unit.name}"
        kernel = schedule(
            name, const(0.0), outputs, params={}, draws={}, particles=None, origins=unit.provenance.origins
        )
    made = draft(kernel)
    code = native(made.code, "kernel", SIGNATURE, label="data", readable=lambda: readable(made), is_kernel=True)
    return DataKernel(inputs, kernel, code)


def needs_steps(node: Node) -> bool:
    """Whether a recurrence is below a node that NumPy has no function for."""
    return any(isinstance(n, Scan) and running_function(n) is None for n in topological([node]))
