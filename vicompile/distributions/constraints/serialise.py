"""Constraints as numbers, texts and lists, as JSON holds them, and back."""

from __future__ import annotations

from typing import Any

import numpy as np

from ...ir.serialise import read_number, write_number
from . import combined, line, matrices, vectors, whole
from .base import Constraint

# Told by their fields. The others, sets of vectors and matrices that a condition tells, go by their name.
_KINDS: dict[str, type[Constraint]] = {
    kind.__name__: kind
    for kind in (
        line.Real, line.Anything, line.GreaterThan, line.SoftplusPositive, line.LessThan, line.Interval,
        combined.Independent, combined.Cat, combined.Stack, combined.Dependent, vectors.ZeroSum, vectors.Counts,
        whole.Whole,
    )
}  # fmt: skip


def write_constraint(constraint: Constraint) -> Any:
    """A constraint: its name, or its kind with its fields. TypeError for one that is none of this package."""
    if isinstance(constraint, vectors.VectorSet):
        if _named(constraint.name) == constraint:
            return constraint.name
    elif _KINDS.get(type(constraint).__name__) is type(constraint):
        fields = {name: _written(value) for name, value in vars(constraint).items() if name != "_map"}
        return {"kind": type(constraint).__name__, "fields": fields}
    raise TypeError(f"the constraint {constraint!r} is none of vicompile's own, so its map cannot be stored")


def read_constraint(written: Any) -> Constraint:
    """The constraint again, equal to what was written.

    Raises ValueError, KeyError or TypeError for what is no written constraint of this version.
    """
    if isinstance(written, str):
        found = _named(written)
        if found is None:
            raise ValueError(f"the unknown constraint `{written}`")
        return found
    kind = _KINDS.get(written["kind"])
    if kind is None:
        raise ValueError(f"the unknown constraint `{written['kind']}`")
    made = kind.__new__(kind)
    Constraint.__init__(made, **{name: _read(value) for name, value in written["fields"].items()})
    return made


def _named(name: str) -> Constraint | None:
    found = getattr(matrices, name, None) or getattr(vectors, name, None)
    return found if isinstance(found, vectors.VectorSet) else None


def _written(value: Any) -> Any:
    if isinstance(value, Constraint):
        return {"constraint": write_constraint(value)}
    if isinstance(value, (tuple, list)):
        return [_written(one) for one in value]
    if isinstance(value, np.ndarray):
        return {"array": [write_number(one) for one in value.ravel().tolist()], "shape": list(value.shape)}
    if isinstance(value, np.generic):
        value = value.item()
    # A text would be read as a number.
    return {"text": value} if isinstance(value, str) else write_number(value)


def _read(written: Any) -> Any:
    if isinstance(written, list):
        return tuple(_read(one) for one in written)
    if not isinstance(written, dict):
        return read_number(written)
    if "constraint" in written:
        return read_constraint(written["constraint"])
    if "array" in written:
        return np.array([read_number(one) for one in written["array"]]).reshape(written["shape"])
    return written["text"]
