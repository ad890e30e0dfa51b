"""Where each result lives: the number of loops it shares with everyone who reads it, and whether it needs memory.

A result whose home is as deep as its rank is one variable; otherwise it is an array over its remaining axes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..ir.nodes import Call, Node, Scatter
from .dependence import Operation, Read, complete_at
from .fuse import Item, Nest
from .groups import Groups


@dataclass
class Places:
    """`path`: the nests around an operation. `home`: see above. `uses`: who reads it. `run`: its straight-line
    stretch of code.
    """

    path: dict[Operation, tuple[Nest, ...]] = field(default_factory=dict)
    run: dict[Operation, int] = field(default_factory=dict)
    home: dict[Operation, int] = field(default_factory=dict)
    uses: dict[Operation, list[Read]] = field(default_factory=dict)


def place(tree: Sequence[Item], reads: dict[Operation, list[Read]], outputs: Iterable[Node]) -> Places:
    """Place every operation of the tree. Outputs live outside of all loops."""
    places = Places()
    counter = [0]
    _walk(tree, (), places, counter)
    for op in places.path:
        places.uses.setdefault(op, [])
        for read in reads[op]:
            places.uses.setdefault(read.producer, []).append(read)
    kept = set(outputs)
    for op, path in places.path.items():
        home = 0 if op in kept else complete_at(op)
        for read in places.uses[op]:
            home = min(home, _common(path, places.path[read.consumer]))
        places.home[op] = home
    return places


def _walk(items: Sequence[Item], path: tuple[Nest, ...], places: Places, counter: list[int]) -> None:
    counter[0] += 1
    for item in items:
        if isinstance(item, Nest):
            _walk(item.items, (*path, item), places, counter)
            counter[0] += 1
        else:
            alone = stands_alone(item, next((nest.groups for nest in path if nest.groups), None))
            if alone:
                counter[0] += 1
            places.path[item] = path
            places.run[item] = counter[0]
            if alone:
                counter[0] += 1


def stands_alone(op: Operation, groups: Groups | None) -> bool:
    """A helper is called, or is added to positions that only the data tells: such a loop cannot be vectorised, and
    would keep others from it. Sums by group of a loop over `groups` have a lane of their own for each row.
    """
    if isinstance(op, Scatter) and any(isinstance(e, Node) for e in op.index):
        return groups is None or op not in groups.sums
    return isinstance(op, Call)


def _common(left: tuple[Nest, ...], right: tuple[Nest, ...]) -> int:
    depth = 0
    for a, b in zip(left, right):
        if a is not b:
            break
        depth += 1
    return depth
