"""The values that fits are made of, as JSON and named arrays, and back.

A closed set: numbers, texts, arrays, lists, tuples, dictionaries by text, constraints, graphs of draws and sites, and
the records listed here. Whatever has a kind is written as a dictionary that tells it; reading runs no code but the
constructors of this list.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import numpy as np

from ..compiler import GuideDraws, ParamSlot
from ..compiler.serialise import GRAPHS, read_graph, write_graph
from ..diagnostics import Record
from ..distributions.constraints import Constraint
from ..distributions.constraints.serialise import read_constraint, write_constraint
from ..svi.state import SVIState
from .fitting.diagonal import Diagonal
from .fitting.gaussian import Gaussian
from .fitting.low_rank import LowRank
from .state import FitState

if TYPE_CHECKING:
    import numpy.typing as npt

Arrays = dict[str, "npt.NDArray[Any]"]
RECORDS: dict[str, type[Any]] = {
    kind.__name__: kind for kind in (FitState, GuideDraws, ParamSlot, SVIState, Gaussian, Diagonal, LowRank)
}
_GRAPHS = tuple(GRAPHS.values())


def pack(value: Any, name: str, arrays: Arrays) -> Any:
    """A value as JSON has it; its arrays go into `arrays`, under names that begin with `name`.

    Raises TypeError for what is not in the set, with its name.
    """
    match value:
        case None | bool() | int() | str():
            return value
        case np.generic():
            return {"number": _put(np.asarray(value), name, arrays)}
        case float():
            return value if math.isfinite(value) else {"float": repr(value)}
        case np.ndarray():
            return {"array": _put(value, name, arrays)}
        case list():
            return [pack(one, f"{name}.{number}", arrays) for number, one in enumerate(value)]
        case tuple():
            return {"tuple": [pack(one, f"{name}.{number}", arrays) for number, one in enumerate(value)]}
        case Mapping() if all(isinstance(key, str) for key in value):
            return {"dict": [[key, pack(one, f"{name}.{key}", arrays)] for key, one in value.items()]}
        case Constraint():
            return {"constraint": write_constraint(value)}
        case _ if isinstance(value, _GRAPHS):
            facts, known = write_graph(value)
            slots = pack(value.slots, f"{name}.slots", arrays)
            return {"graph": facts, "slots": slots, "data": pack(known, f"{name}.data", arrays)}
        case _ if RECORDS.get(type(value).__name__) is type(value):
            return {"record": type(value).__name__, "fields": _packed_fields(value, name, arrays)}
    raise TypeError(f"`{name}` is a {type(value).__name__}, which cannot be kept")


def unpack(written: Any, arrays: Mapping[str, Any]) -> Any:
    """The value again.

    Raises ValueError, KeyError, TypeError, IndexError or AttributeError for what this version does not know.
    """
    if isinstance(written, list):
        return [unpack(one, arrays) for one in written]
    if not isinstance(written, dict):
        return written
    match written:
        case {"number": name}:
            return arrays[name][()]
        case {"float": text}:
            return float(text)
        case {"array": name}:
            return arrays[name]
        case {"tuple": parts}:
            return tuple(unpack(one, arrays) for one in parts)
        case {"dict": items}:
            return {key: unpack(one, arrays) for key, one in items}
        case {"constraint": constraint}:
            return read_constraint(constraint)
        case {"graph": facts, "slots": slots, "data": data}:
            return read_graph(facts, unpack(data, arrays), unpack(slots, arrays))
        case {"record": name, "fields": values}:
            return _record(RECORDS[name], {field: unpack(one, arrays) for field, one in values.items()})
    raise ValueError(f"a value of the unknown kind {sorted(written)}")


def _put(array: npt.NDArray[Any], name: str, arrays: Arrays) -> str:
    if array.dtype.hasobject:
        raise TypeError(f"`{name}` is an array of objects, which cannot be kept")
    while name in arrays:  # of `a.b` in `c`, and `b` in `c.a`
        name += "'"
    arrays[name] = array
    return name


def _packed_fields(value: Any, name: str, arrays: Arrays) -> dict[str, Any]:
    names = value._fields if isinstance(value, Record) else [field.name for field in fields(value)]
    try:
        return {field: pack(getattr(value, field), f"{name}.{field}", arrays) for field in names}
    except TypeError as error:
        if isinstance(value, ParamSlot):
            raise TypeError(f"parameter `{value.name}`: {error}") from None
        raise


def _record(kind: type[Any], values: dict[str, Any]) -> Any:
    if kind is SVIState:
        for value in values.values():
            if isinstance(value, np.ndarray):
                value.setflags(write=False)
    return kind(**values)
