"""Which attributes and which texts a program names: of an object or a table only these are arguments.

An attribute that no program reads may be anything, and may change without a new kernel.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from ..frontend import Apply, Attribute, ExpressionStatement, Literal, LocalFunction, Program, Static
from ..frontend.program import Node, Parameter

_known: WeakKeyDictionary[Program, Reads] = WeakKeyDictionary()


class Reads(NamedTuple):
    """The names after a dot, and the texts that may be keys of a table."""

    attributes: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()

    def joined(self, others: Iterable[Reads]) -> Reads:
        """Everything that one of them reads."""
        every = [self, *others]
        return Reads(*(frozenset[Any]().union(*column) for column in zip(*every)))

    def names(self, name: Any) -> bool:
        """Whether a column or variable of this name may be read."""
        return name in self.texts or name in self.attributes


def reads_of(program: Program) -> Reads:
    """What one program names, without its helpers."""
    found = _known.get(program)
    if found is None:
        found = _known[program] = _collected(program)
    return found


def texts_in(value: Any) -> Iterable[str]:
    """The texts in a default value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (tuple, list)):
        for one in value:
            yield from texts_in(one)


def _collected(program: Program) -> Reads:
    attributes: set[str] = set()
    texts: set[str] = set()
    pending: list[Any] = [program.body, program.parameters]
    while pending:
        node = pending.pop()
        match node:
            case tuple():
                pending.extend(node)
                continue
            case LocalFunction(inner):
                pending.extend((inner.body, inner.parameters))
                continue
            case Attribute(_, name):
                attributes.add(name)
            case Literal(str() as text):
                texts.add(text)
            case ExpressionStatement(Literal(str())):
                continue  # a docstring
            case Apply(Static(word), (Literal(str()), *rest), keywords) if hasattr(word, "__vicompile_primitive__"):
                # The name of a site is no key of a table.
                pending.extend((tuple(rest), keywords))
                continue
            case Parameter(default=default):
                texts.update(texts_in(default))
            case _:
                pass
        if isinstance(node, Node):
            pending.extend(getattr(node, name) for name in node._fields)
    return Reads(frozenset(attributes), frozenset(texts))
