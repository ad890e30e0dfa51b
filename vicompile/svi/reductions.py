"""What the passes of a rule exchange between elements: stretches of its native update that reduce a row of scratch.

Each replaces a row by what it is reduced to, for every element. `layout` says where the parameters lie: their number of
elements, how many they are, then for each its first element, its number of elements, its number of axes and these.
"""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import indent
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

SPARE_ROWS = 2  # that `cover` works in

_WHOLE = """
found = {start}
for i in range({row} * n, {row} * n + layout[0]):
    value = scratch[i]
    found = {found}
for i in range({row} * n, {row} * n + n):
    scratch[i] = found
"""

_EACH = """
place = 2
for parameter in range(layout[1]):
    begin = {row} * n + layout[place]
    found = {start}
    for i in range(begin, begin + layout[place + 1]):
        value = scratch[i]
        found = {found}
    for i in range(begin, begin + layout[place + 1]):
        scratch[i] = found
    place += 3 + layout[place + 2]
"""

_COVER = """
place = 2
for parameter in range(layout[1]):
    begin, size, axes = {row} * n + layout[place], layout[place + 1], layout[place + 2]
    before = 1
    for axis in range(axes if axes > 1 else 0):
        width = layout[place + 3 + axis]
        for j in range({spare} * n + n, {spare} * n + n + width):
            scratch[j] = -inf
        for i in range(size):
            j = {spare} * n + n + (i // before) % width
            value = scratch[begin + i]
            if value > scratch[j] or value != value:
                scratch[j] = value
        for i in range(size):
            value = scratch[{spare} * n + n + (i // before) % width]
            if axis == 0 or value < scratch[{spare} * n + i]:
                scratch[{spare} * n + i] = value
        before *= width
    for i in range(size if axes > 1 else 0):
        scratch[begin + i] = scratch[{spare} * n + i]
    place += 3 + axes
"""

_TOTAL = {"start": "0.0", "found": "found + value"}
# NaN stays, once it is there.
_LARGEST = {"start": "-inf", "found": "value if value > found or value != value else found"}

_TEXTS = {
    "total": (_WHOLE, _TOTAL),
    "largest": (_WHOLE, _LARGEST),
    "parameter_total": (_EACH, _TOTAL),
    "parameter_largest": (_EACH, _LARGEST),
    "cover": (_COVER, {}),
}


def reduction_text(name: str, row: int, spare: int) -> str:
    """The statements that reduce `row`; from the row `spare` on there are SPARE_ROWS to work in."""
    text, parts = _TEXTS[name]
    return indent(text.format(row=row, spare=spare, **parts).lstrip(), "    ")


def layout_table(shapes: Sequence[tuple[int, ...]]) -> NDArray[np.int64]:
    """The table `layout` of parameters of these shapes, one after the other, each with its first axis contiguous."""
    table: list[int] = []
    first = 0
    for shape in shapes:
        size = int(np.prod(shape, dtype=np.int64))
        table += [first, size, len(shape), *shape]
        first += size
    return np.array([first, len(shapes), *table], dtype=np.int64)
