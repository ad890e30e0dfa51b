"""The Graph's meaning on NumPy arrays: the reference that every later stage is compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from . import combine, together
from .calls import calls
from .dims import evaluate
from .nodes import Axis, Call, Const, Draw, Gather, History, Input, Iota, Map, Node, Scan, Scatter, Site, Slot
from .nodes import Size as SizeNode
from .primitives import primitives
from .walk import topological

_RUNNING = {"add": np.add, "mul": np.multiply, "larger": np.maximum, "smaller": np.minimum}
_DTYPES = {"float64": np.float64, "int64": np.int64, "bool": np.bool_}


def interpret(nodes: Sequence[Node], values: Mapping[Node, Any], sizes: Mapping[str, int]) -> list[Any]:
    """The values of `nodes`, given those of inputs, draws and sites, and the sizes.

    Overflow gives infinities, without warnings. Raises KeyError for an input, draw or site without a value.
    """
    known: dict[Node, Any] = dict(values)
    extend(known, topological(nodes), sizes)
    return [known[node] for node in nodes]


def extend(known: dict[Node, Any], order: Sequence[Node], sizes: Mapping[str, int]) -> None:
    """Put the value of every node of `order`, arguments first, into `known`; what is there already stays."""
    with np.errstate(all="ignore"):
        for node in order:
            if node not in known:
                known[node] = value_of(node, known, sizes)


def value_of(node: Node, known: Mapping[Node, Any], sizes: Mapping[str, int]) -> Any:
    """The value of one node, those of its arguments being known. Overflow may warn."""
    match node:
        case Const():
            return _DTYPES[node.dtype](node.value)
        case SizeNode():
            return np.int64(evaluate(node.dim, sizes))
        case Iota():
            return np.arange(evaluate(node.shape[0], sizes))
        case Map():
            return primitives()[node.primitive].evaluate(*(known[a] for a in node.operands))
        case Call():
            return calls()[node.function].evaluate(*(known[a] for a in node.operands))
        case Gather():
            shape = tuple(evaluate(s, sizes) for s in node.shape)
            return (
                known[node.source][_positions(node, shape, known, sizes)]
                if node.index
                else np.broadcast_to(known[node.source], shape)
            )
        case Scatter():
            return _scattered(node, known, sizes)
        case Scan():
            return _histories(node, known, sizes)
        case History():
            return known[node.scan][node.number]
        case Input() | Draw() | Site() | Slot():
            raise KeyError(f"no value for {type(node).__name__} {getattr(node, 'name', getattr(node, 'site', ''))}")
    raise AssertionError(f"unknown kind {type(node).__name__}")


def _positions(
    node: Gather | Scatter, space: tuple[int, ...], known: Mapping[Node, Any], sizes: Mapping[str, int]
) -> tuple[Any, ...]:
    """For each indexed axis the positions over the whole iteration space."""
    entries: list[Any] = []
    for entry in node.index:
        if isinstance(entry, Axis):
            line = np.arange(space[entry.axis]) + evaluate(entry.start, sizes)
            entries.append(
                np.broadcast_to(line.reshape([-1 if k == entry.axis else 1 for k in range(len(space))]), space)
            )
        elif isinstance(entry, Node):
            entries.append(known[entry])
        else:
            entries.append(np.broadcast_to(evaluate(entry, sizes), space))
    return tuple(entries)


def _scattered(node: Scatter, known: Mapping[Node, Any], sizes: Mapping[str, int]) -> Any:
    source = np.asarray(known[node.source])
    function, start = combine.function(node.combine), combine.start(node.combine, node.dtype)
    if not node.index:
        return function.reduce(source, axis=tuple(range(source.ndim)), initial=start)
    shape = tuple(evaluate(s, sizes) for s in node.shape)
    kept = [e.axis for e in node.index if isinstance(e, Axis) and e.start == 0]
    is_sum = len(kept) == len(node.index) and kept == sorted(set(kept))
    if is_sum and tuple(source.shape[k] for k in kept) == shape:
        return function.reduce(source, axis=tuple(k for k in range(source.ndim) if k not in kept), initial=start)
    out: npt.NDArray[Any] = np.full(shape, start, _DTYPES[node.dtype])
    function.at(out, _positions(node, source.shape, known, sizes), source)
    return out


def running_function(scan: Scan) -> np.ufunc | None:
    """The function of a running sum, product, maximum or minimum of numbers; None for any other recurrence."""
    if scan.backwards or len(scan.slots) != 2 or len(scan.steps) != 1:
        return None
    (body,) = scan.body
    is_plain = isinstance(body, Map) and set(body.operands) == set(scan.slots) and not body.shape
    is_plain = is_plain and scan.init[0].dtype == scan.steps[0].dtype == body.dtype
    return _RUNNING.get(body.primitive) if is_plain and isinstance(body, Map) else None


def _histories(scan: Scan, known: Mapping[Node, Any], sizes: Mapping[str, int]) -> list[Any]:
    """The history of each carried variable."""
    running = running_function(scan)
    if running is not None:
        start, steps = (np.asarray(known[a]) for a in scan.args)
        line = np.concatenate([start[..., None], steps], axis=-1)
        return [running.accumulate(line, axis=-1)]
    batch = tuple(evaluate(s, sizes) for s in scan.shape)
    args = [np.asarray(known[a]) for a in scan.args]
    return together.histories(scan, args, batch, evaluate(scan.length, sizes), sizes, extend)
