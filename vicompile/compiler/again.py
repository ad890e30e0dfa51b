"""Another call of the same kind: its arguments, without taking model, guide and call apart a second time.

What a call passes is looked at in full, leaf by leaf. What is saved is to find out again which leaves there are.
Whatever is not plainly the same kind of call is left to `gather_arguments`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from types import FunctionType
from typing import Any

import numpy as np

from ..frontend import Missing, Program
from ..specialise import Arguments, Leaf, is_array, is_numeric
from ..specialise.leaves import leaf
from .compiled import Compiled

Call = tuple[Program, Sequence[Any], Mapping[str, Any]]
# Of these types a value is one leaf, and which kind of leaf is in its Spec.
_NUMBERS = (np.ndarray, float, int, np.float64)
_PLAIN = (bool, str, bytes, type(None))


class CallShape:
    """How one call of a program is bound: which parameters it gave by place, which by name, which not at all."""

    def __init__(self, program: Program, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        function: Any = program.function
        self._function = function
        self._count, self._keywords = len(args), tuple(kwargs)
        self._positional = [p.name for p in program.parameters if p.kind != "keyword_only"][: len(args)]
        self._defaults, self._keyword_defaults = function.__defaults__, dict(function.__kwdefaults__ or {})
        bound = inspect.signature(function).bind(*args, **kwargs)
        given = set(bound.arguments)
        bound.apply_defaults()
        self._left = [(name, value) for name, value in bound.arguments.items() if name not in given]

    def values(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> list[tuple[str, Any]] | None:
        """Every parameter with its value; None for a call of another shape."""
        if len(args) != self._count or (tuple(kwargs) != self._keywords) or not self._has_same_defaults():
            return None
        given = list(zip(self._positional, args))
        if kwargs:
            given.extend(kwargs.items())
        return given + self._left if self._left else given

    def _has_same_defaults(self) -> bool:
        """By identity: a default may be an array, and somebody may have set others on the function."""
        before, now = self._keyword_defaults, self._function.__kwdefaults__ or {}
        return self._function.__defaults__ is self._defaults and (
            not (before or now)
            or (before.keys() == now.keys() and all(now[name] is value for name, value in before.items()))
        )


class Recipe:
    """What one call was made of, and the kernels for its kind."""

    def __init__(self, shapes: list[CallShape], arguments: Arguments, kernels: list[Compiled]) -> None:
        self.kernels = kernels
        self._shapes, self._arguments = shapes, arguments
        self._helpers = {id(helper): helper for found in arguments.helpers for helper, _ in found.values()}.values()
        self._outside: list[tuple[str, Callable[[], Any]]] = []

    @classmethod
    def of(cls, calls: Sequence[Call], arguments: Arguments, kernels: list[Compiled]) -> Recipe | None:
        """The recipe of a call that has just been bound; None where it is not a simple one."""
        if arguments.containers or not all(_is_plain(program.function) for program, _, _ in calls):
            return None
        recipe = cls([CallShape(*call) for call in calls], arguments, kernels)
        named = [(name, call[0]) for call, tree in zip(calls, arguments.trees) for name in tree]
        if any(tree[name] != name for tree in arguments.trees for name in tree):
            return None
        recipe._outside = [(name, program.captures[name].get) for name, program in named if name in program.captures]
        for found in arguments.helpers:
            for helper, tree in found.values():
                if any(tree[name] != f"{helper.name}:{name}" for name in tree):
                    return None
                recipe._outside += [(f"{helper.name}:{name}", helper.captures[name].get) for name in tree]
        return recipe

    def arguments(self, calls: Sequence[Call]) -> Arguments | None:
        """The arguments of another call of the same programs, which are current; None if it may be of another kind."""
        values: dict[str, Any] = {}
        for shape, (_, args, kwargs) in zip(self._shapes, calls):
            given = shape.values(args, kwargs)
            if given is None:
                return None
            for name, value in given:
                if values.setdefault(name, value) is not value:
                    return None
        for name, get in self._outside:
            try:
                value = get()
            except Missing:
                return None
            if values.setdefault(name, value) is not value:
                return None
        before = self._arguments
        if values.keys() != before.leaves.keys() or not all(helper.is_current() for helper in self._helpers):
            return None
        leaves: dict[str, Leaf] = {}
        for name, old in before.leaves.items():
            fresh = _refilled(old, values[name])
            if fresh is None:
                return None
            leaves[name] = fresh
        return Arguments(leaves, before.trees, before.helpers, reads=before.reads)


def _is_plain(function: Any) -> bool:
    return type(function) is FunctionType and not {"__wrapped__", "__signature__"} & vars(function).keys()


def _refilled(old: Leaf, value: Any) -> Leaf | None:
    kind = type(value)
    if kind in _NUMBERS or (old.array is not None and kind is type(old.value) and _is_one_array(value)):
        fresh = leaf(old.name, value, old.span)
        return fresh if fresh.spec == old.spec else None
    return old if kind in _PLAIN and kind is type(old.value) and value == old.value else None


def _is_one_array(value: Any) -> bool:
    if isinstance(value, (list, tuple)):
        return is_numeric(value)
    return isinstance(value, range) or is_array(value)
