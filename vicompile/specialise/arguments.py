"""All the arguments of a call of model and guide, flattened: one leaf for each array, number or plain value."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..diagnostics import DataError, Span
from ..frontend.program import Program
from ..ir.dims import Shape, Size, symbol
from ..ir.nodes import Input, make
from .errors import WrongCall
from .leaves import Leaf, Spec, leaf
from .overrides import Overrides


@dataclass
class Arguments:
    """The leaves by name, and for each program its variables as trees of leaf names."""

    leaves: dict[str, Leaf] = field(default_factory=dict)
    trees: list[dict[str, Any]] = field(default_factory=list)

    @property
    def key(self) -> tuple[tuple[str, Spec], ...]:
        """All that decides which code is needed, apart from overrides."""
        return tuple((name, one.spec) for name, one in self.leaves.items())

    def sizes(self) -> dict[str, int]:
        """The value of every size symbol."""
        found: dict[str, int] = {}
        for name, one in self.leaves.items():
            if one.spec.kind == "whole":
                found[name] = one.value
            elif one.array is not None:
                for axis, length in enumerate(one.array.shape):
                    found[f"{name}.{axis}"] = length
        return found

    def variables(self, program: int, overrides: Overrides) -> dict[str, Any]:
        """The variables of a program as the compiler sees them: nodes, sizes and static values."""
        return {name: self._value(tree, overrides) for name, tree in self.trees[program].items()}

    def _value(self, tree: Any, overrides: Overrides) -> Any:
        if isinstance(tree, str):
            return _symbolic(self.leaves[tree], overrides)
        if isinstance(tree, dict):
            return {key: self._value(child, overrides) for key, child in tree.items()}
        return type(tree)(self._value(child, overrides) for child in tree)


def _symbolic(one: Leaf, overrides: Overrides) -> Any:
    if one.spec.kind == "static":
        return one.value
    if one.spec.kind == "whole":
        return overrides.replacements.get(one.name, symbol(one.name))
    shape: Shape = tuple(_size(f"{one.name}.{axis}", overrides) for axis in range(one.spec.rank))
    return make(Input, one.spec.kind, shape, name=one.name, role="data")


def _size(name: str, overrides: Overrides) -> Size:
    return overrides.replacements.get(name, symbol(name))


def gather_arguments(calls: Sequence[tuple[Program, Sequence[Any], Mapping[str, Any]]]) -> Arguments:
    """The arguments of each (program, args, kwargs). Values that two programs share by name and identity are one leaf.

    Raises DataError for a call that does not fit the signature or for a value that is no data.
    """
    arguments = Arguments()
    owners: dict[str, Any] = {}
    for program, args, kwargs in calls:
        given = _bound(program, args, kwargs)
        given.update((name, capture.get()) for name, capture in program.captures.items())
        spans = {p.name: p.span for p in program.parameters}
        tree: dict[str, Any] = {}
        for name, value in given.items():
            prefix = name if owners.setdefault(name, value) is value else f"{program.name}.{name}"
            tree[name] = _flatten(prefix, value, spans.get(name), arguments)
        arguments.trees.append(tree)
    return arguments


def _bound(program: Program, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    assert program.function is not None
    signature = inspect.signature(program.function)
    try:
        bound = signature.bind(*args, **kwargs)
    except TypeError as error:
        raise DataError(WrongCall(program.span, program.name, str(error), str(signature))) from None
    bound.apply_defaults()
    return dict(bound.arguments)


def _flatten(name: str, value: Any, span: Span | None, arguments: Arguments) -> Any:
    if isinstance(value, dict):
        return {key: _flatten(f"{name}.{key}", child, span, arguments) for key, child in value.items()}
    if isinstance(value, (tuple, list)) and not _is_numeric(value):
        return type(value)([_flatten(f"{name}.{k}", child, span, arguments) for k, child in enumerate(value)])
    if name not in arguments.leaves:
        arguments.leaves[name] = leaf(name, value, span)
    return name


def _is_numeric(value: Sequence[Any]) -> bool:
    """A sequence of numbers (or of rows of numbers) is one array; anything else is a tuple of arguments."""
    if not len(value):
        return True
    first = value[0]
    if isinstance(first, (tuple, list)):
        return all(isinstance(v, (tuple, list)) and len(v) == len(first) and _is_numeric(v) for v in value)
    return all(isinstance(v, (bool, int, float, np.number, np.bool_)) or (getattr(v, "shape", None) == () and not isinstance(v, str))
               for v in value)  # fmt: skip
