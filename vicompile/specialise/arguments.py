"""All the arguments of a call of model and guide, flattened: one leaf for each array, number or plain value.

What a program takes from outside (globals, closures, also those of its helpers) is an argument like any other, so that
a change between two calls is seen.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..diagnostics import CompileError, DataError, Span
from ..frontend import Capture, Missing, Program, UnknownName
from ..ir.dims import Shape, Size, symbol
from ..ir.nodes import Input, make
from .attributes import AttributeTree, attributes_of
from .errors import NotNumeric, WrongCall
from .helpers import helpers
from .leaves import Leaf, Spec, leaf
from .overrides import Overrides

# The variable that holds the helpers of a program: each function's Program and its outside values.
HELPERS = "<helpers>"
_DEEPEST = 12


def is_length(size_symbol: str) -> bool:
    """Whether a size symbol is the length of an array's axis, and not a whole number that was passed."""
    return re.search(r"\.\d+$", size_symbol) is not None


@dataclass(frozen=True)
class Branch:
    """A container of arguments: `build` makes one like it from the values of its `children`."""

    kind: str
    children: Mapping[Any, Any]

    def build(self, values: Mapping[Any, Any], original: type[Any]) -> Any:
        """A container of the original type."""
        if self.kind == "record":
            return AttributeTree(original.__name__, dict(values))
        if self.kind == "dict":
            return dict(values)
        if hasattr(original, "_make"):
            return original._make(values.values())
        return list(values.values()) if issubclass(original, list) else tuple(values.values())


@dataclass
class Arguments:
    """The leaves by name, and for each program its variables as trees of leaf names."""

    leaves: dict[str, Leaf] = field(default_factory=dict)
    trees: list[dict[str, Any]] = field(default_factory=list)
    helpers: list[dict[Any, tuple[Program, dict[str, Any]]]] = field(default_factory=list)
    containers: dict[str, Spec] = field(default_factory=dict)

    @property
    def key(self) -> tuple[tuple[str, Spec], ...]:
        """All that decides which code is needed, apart from overrides."""
        functions = tuple(tuple(found) for found in self.helpers)
        specs = ((name, one.spec) for name, one in self.leaves.items())
        return (*specs, *self.containers.items(), (HELPERS, Spec("helpers", value=functions)))

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
        found = {name: self._value(tree, overrides) for name, tree in self.trees[program].items()}
        found[HELPERS] = {
            function: (helper, {name: self._value(tree, overrides) for name, tree in captures.items()})
            for function, (helper, captures) in self.helpers[program].items()
        }
        return found

    def _value(self, tree: Any, overrides: Overrides) -> Any:
        if isinstance(tree, str):
            return _symbolic(self.leaves[tree], overrides)
        branch, original = tree
        return branch.build({key: self._value(child, overrides) for key, child in branch.children.items()}, original)


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

    Raises DataError for a call that does not fit the signature or for a value that is no data, CompileError for an
    outside name that has lost its value.
    """
    return _Gathering().gather(calls)


class _Gathering:
    def __init__(self) -> None:
        self.arguments = Arguments()
        self.owners: dict[str, Any] = {}
        self.depth = 0

    def gather(self, calls: Sequence[tuple[Program, Sequence[Any], Mapping[str, Any]]]) -> Arguments:
        for program, args, kwargs in calls:
            spans = {p.name: p.span for p in program.parameters}
            given = _bound(program, args, kwargs)
            given.update((name, _current(capture, program)) for name, capture in program.captures.items())
            tree = {
                name: self.flatten(self.own(name, program.name, value), value, spans.get(name))
                for name, value in given.items()
            }
            self.arguments.trees.append(tree)
            passed = [one.value for one in self.arguments.leaves.values() if one.spec.kind == "static"]
            found = helpers(program, passed)
            self.arguments.helpers.append(
                {function: (helper, self._captures(helper)) for function, helper in found.items()}
            )
        return self.arguments

    def _captures(self, helper: Program) -> dict[str, Any]:
        values = {name: _current(capture, helper) for name, capture in helper.captures.items()}
        return {
            name: self.flatten(self.own(f"{helper.name}:{name}", helper.name, value), value, None)
            for name, value in values.items()
        }

    def own(self, name: str, program: str, value: Any) -> str:
        """A name for this value that no other value has."""
        while self.owners.setdefault(name, value) is not value:
            name = f"{program}:{name}"
        return name

    def flatten(self, name: str, value: Any, span: Span | None) -> Any:
        """A leaf's name, or a branch with its original type."""
        children = _children(name, value)
        if children is None:
            if name not in self.arguments.leaves:
                self.arguments.leaves[name] = leaf(name, value, span)
            return name
        kind, parts = children
        if self.depth > _DEEPEST:
            raise DataError(NotNumeric(span, name, "nested too deeply", "pass arrays, or shallow containers of them"))
        self.arguments.containers[name] = Spec("container", value=(type(value), tuple(parts)))
        self.depth += 1
        try:
            branches = self._branches(kind, parts, span)
        finally:
            self.depth -= 1
        return Branch(kind, branches), type(value)

    def _branches(self, kind: str, parts: dict[Any, tuple[str, Any]], span: Span | None) -> dict[Any, Any]:
        branches = {}
        for key, (child_name, child) in parts.items():
            try:
                branches[key] = self.flatten(child_name, child, span)
            except DataError:
                # An object may have attributes that the model does not read; a container has only what was put there.
                if kind != "record":
                    raise
        return branches


def _children(name: str, value: Any) -> tuple[str, dict[Any, tuple[str, Any]]] | None:
    """The kind of a container and its parts by key, each with its name."""
    if isinstance(value, dict):
        return "dict", {key: (_part(name, key), child) for key, child in value.items()}
    if isinstance(value, (tuple, list)):
        if hasattr(type(value), "_make") or not _is_numeric(value):
            return "sequence", {k: (f"{name}[{k}]", child) for k, child in enumerate(value)}
        return None
    attributes = attributes_of(value)
    if attributes is None:
        return None
    return "record", {key: (_part(name, key), child) for key, child in attributes.items()}


def _part(name: str, key: Any) -> str:
    return f"{name}.{key}" if isinstance(key, str) and key.isidentifier() else f"{name}[{key!r}]"


def _current(capture: Capture, program: Program) -> Any:
    try:
        return capture.get()
    except Missing:
        advice = "it had a value when the function was read; give it one again"
        raise CompileError(UnknownName(program.span, capture.name, advice)) from None


def _bound(program: Program, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    assert program.function is not None
    signature = inspect.signature(program.function)
    try:
        bound = signature.bind(*args, **kwargs)
    except TypeError as error:
        raise DataError(WrongCall(program.span, program.name, str(error), str(signature))) from None
    bound.apply_defaults()
    return dict(bound.arguments)


def _is_numeric(value: Sequence[Any]) -> bool:
    """A sequence of numbers (or of rows of numbers) is one array; anything else is a tuple of arguments."""
    if not len(value):
        return True
    first = value[0]
    if isinstance(first, (tuple, list)):
        return all(isinstance(v, (tuple, list)) and len(v) == len(first) and _is_numeric(v) for v in value)
    return all(isinstance(v, (bool, int, float, np.number, np.bool_)) or _is_single(v) for v in value)


def _is_single(value: Any) -> bool:
    return getattr(value, "shape", None) == () and getattr(getattr(value, "dtype", None), "kind", "") in "biuf"
