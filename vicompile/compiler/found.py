"""What is found in data when it is bound: places, distinct values, an order, and the sizes that they give."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..diagnostics import DataError, Record
from ..ir.interpret import interpret
from ..ir.nodes import Input, Node
from ..lower.found import Definition
from ..specialise import Arguments
from .errors import NotFindable


class BoundData(Record, eq=False):
    """The arrays of one call by their nodes, those that are found among them, and the value of every size symbol."""

    values: dict[Node, Any]
    sizes: dict[str, int]


def arrays_of(arguments: Arguments, inputs: Mapping[str, list[Input]]) -> dict[Node, Any]:
    """The array behind each data input that comes from an argument."""
    return {
        node: leaf.array
        for name, leaf in arguments.leaves.items()
        if leaf.array is not None
        for node in inputs.get(name, ())
    }


def find(definition: Definition, data: BoundData) -> None:
    """Add what one definition gives. Raises DataError where it cannot be computed of this data."""
    try:
        known: dict[Node, Any] = dict(data.values)
        for constant, array in definition.constants.items():
            known[constant] = array
        operands = map(np.asarray, interpret(definition.operands, known, data.sizes))
        arrays = _FUNCTIONS[definition.kind](*operands, *definition.options)
    except (IndexError, ValueError) as error:
        raise DataError(NotFindable(definition.span, str(error))) from None
    data.values.update(zip(definition.outputs, arrays))
    data.sizes[definition.symbol] = int(np.size(arrays[0]))


def _places(condition: Any) -> tuple[Any, ...]:
    return np.nonzero(condition)


def _unique(x: Any) -> tuple[Any, ...]:
    values, first, inverse, counts = np.unique(x, return_index=True, return_inverse=True, return_counts=True)
    return values, first, inverse.reshape(x.shape), counts


def _repeat(counts: Any) -> tuple[Any, ...]:
    return (np.repeat(np.arange(len(counts)), counts),)


def _single(function: Callable[..., Any]) -> Callable[..., tuple[Any, ...]]:
    return lambda *args: (function(*args),)


_FUNCTIONS: dict[str, Callable[..., tuple[Any, ...]]] = {
    "places": _places,
    "unique": _unique,
    "repeat": _repeat,
    "sort": _single(np.sort),
    "argsort": _single(lambda x, axis: np.argsort(x, axis, kind="stable")),
    "median": _single(np.median),
    "digitize": _single(np.digitize),
    "bincount": _single(lambda x: np.bincount(x)),
}
