"""All the arguments of a call of model and guide, flattened: one leaf for each array, number or plain value.

What a program takes from outside (globals, closures, also those of its helpers) is an argument like any other, so that
a change between two calls is seen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ..frontend import Program
from ..ir.dims import Shape, Size, symbol
from ..ir.nodes import Input, make
from .branches import Branch
from .errors import Unread
from .leaves import Leaf, Spec
from .overrides import Overrides
from .reads import Reads

# The variable that holds the helpers of a program: each function's Program and its outside values.
HELPERS = "<helpers>"
# A leaf's name, or a container with the trees of its parts.
Tree: TypeAlias = "str | Unread | tuple[Branch, Mapping[Any, Tree]]"


def is_length(size_symbol: str) -> bool:
    """Whether a size symbol is the length of an array's axis, and not a whole number that was passed."""
    return re.search(r"\.\d+$", size_symbol) is not None


@dataclass
class Arguments:
    """The leaves by name, and for each program its variables as trees of leaf names.

    lengths: the numbers of rows of tables. reads: the attributes and texts that the programs name. methods: (class,
    name, function) of the methods that they may call.
    """

    leaves: dict[str, Leaf] = field(default_factory=dict)
    trees: list[dict[str, Tree]] = field(default_factory=list)
    helpers: list[dict[Any, tuple[Program, dict[str, Tree]]]] = field(default_factory=list)
    containers: dict[str, Spec] = field(default_factory=dict)
    lengths: dict[str, int] = field(default_factory=dict)
    reads: Reads = field(default_factory=Reads)
    methods: list[tuple[type[Any], str, Any]] = field(default_factory=list)

    @property
    def key(self) -> tuple[tuple[str, Spec], ...]:
        """All that decides which code is needed, apart from overrides."""
        functions = tuple(tuple(found) for found in self.helpers)
        specs = ((name, one.spec) for name, one in self.leaves.items())
        return (*specs, *self.containers.items(), (HELPERS, Spec("helpers", value=functions)))

    def sizes(self) -> dict[str, int]:
        """The value of every size symbol."""
        found = dict(self.lengths)
        for name, one in self.leaves.items():
            if one.spec.kind == "whole":
                found[name] = one.value
            elif one.array is not None:
                for axis, length in enumerate(one.array.shape):
                    found[one.axis(axis)] = length
        return found

    @property
    def conditions(self) -> frozenset[str]:
        """The names of the leaves that are arrays of booleans."""
        return frozenset(name for name, one in self.leaves.items() if one.spec.is_condition)

    def variables(self, program: int, overrides: Overrides) -> dict[str, Any]:
        """The variables of a program as the compiler sees them: nodes, sizes and static values."""
        found = {name: self._value(tree, overrides) for name, tree in self.trees[program].items()}
        found[HELPERS] = {
            function: (helper, {name: self._value(tree, overrides) for name, tree in captures.items()})
            for function, (helper, captures) in self.helpers[program].items()
        }
        return found

    def _value(self, tree: Tree, overrides: Overrides) -> Any:
        if isinstance(tree, str):
            return _symbolic(self.leaves[tree], overrides)
        if isinstance(tree, Unread):
            return tree
        branch, parts = tree
        length = _size(branch.rows[0], overrides) if branch.rows else None
        return branch.build({key: self._value(child, overrides) for key, child in parts.items()}, length)


def _symbolic(one: Leaf, overrides: Overrides) -> Any:
    if one.spec.kind == "static":
        return one.value
    if one.spec.kind == "whole":
        return overrides.replacements.get(one.name, symbol(one.name))
    shape: Shape = tuple(_size(one.axis(axis), overrides) for axis in range(one.spec.rank))
    return make(Input, one.spec.kind, shape, name=one.name, role="data")


def _size(name: str, overrides: Overrides) -> Size:
    return overrides.replacements.get(name, symbol(name))
