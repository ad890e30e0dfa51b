"""What is known about a value before any data exists, and names built from such values.

Known(value)        a Python value: literal, captured constant
Text(parts)         a string with open places, filled in by loop variables
Hole(loop)          an index that a loop counts
Items(items)        a tuple or list of which each element is known in this sense
Indices, Zipped     iterables whose length is not known
Distribution(kind)  an instance of a distribution class
Plate(plate)        a plate object, not yet entered
Plates(plates)      a stack of them
Function(...)       a local function of the user
Handled(...)        a function under handlers
Resolved(value)     a class, module, function of a library, or an object of the language
Maybe               None, or something that is not known
Runtime             depends on a draw or on a parameter: never known at compile time
Unknown             everything else, such as an argument: perhaps known when the arguments are bound
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ..diagnostics import Record
from ..frontend import Lambda, Program
from ..language.messages import Handler
from .declarations import PlateDecl

OPEN = "{}"


class Value(Record):
    """Base of the kinds."""


class Known(Value, eq=False):
    """A Python value."""

    value: Any


class Hole(Value):
    """An index that the loop number `loop` counts."""

    loop: int


class Open(Value):
    """A place in a name that is filled in when the arguments are bound."""


class Text(Value):
    """A string with open places."""

    parts: tuple[str | Hole | Open, ...]


class Items(Value):
    """A tuple or list."""

    items: tuple[Value, ...]


class Distribution(Value, eq=False):
    """An instance of the distribution class `kind`.

    support: a constraint, None where it is not known yet. instance: the distribution, where all arguments are known.
    """

    kind: type
    support: Any = None
    instance: Any = None


class Plate(Value, eq=False):
    """A plate object."""

    plate: PlateDecl


class Plates(Value, eq=False):
    """Plates that are entered together."""

    plates: tuple[PlateDecl, ...]


class Indices(Value):
    """An iterable that counts: `range(n)`, a plate."""


class Zipped(Value):
    """An iterable of tuples: `zip`, `enumerate`."""

    iterables: tuple[Value, ...]


class Function(Value, eq=False):
    """A local function or lambda, with the frame that its free names are looked up in."""

    body: Program | Lambda
    frame: Frame


class Handled(Value, eq=False):
    """A function under handlers, outermost first; `function` is None in a `with` statement."""

    handlers: tuple[Handler, ...]
    function: Value | None


class Resolved(Value, eq=False):
    """A class, function or module from outside, or an object of the language."""

    value: Any


class Runtime(Value):
    """Depends on a draw or on a parameter."""


class Unknown(Value):
    """Nothing is known."""


@dataclass(eq=False)
class Frame:
    """The variables of one call.

    owner: the program whose captures the names refer to.
    outer: the frame around it, for local functions.
    """

    owner: Program
    variables: dict[str, Value]
    outer: Frame | None = None
    returned: list[Value] = field(default_factory=list)

    def look_up(self, name: str) -> Value:
        """The value of a variable; Unknown if it has none yet."""
        frame: Frame | None = self
        while frame is not None:
            if name in frame.variables:
                return frame.variables[name]
            frame = frame.outer
        return UNKNOWN


class Maybe(Value):
    """None, or something else that is not known: an argument whose default is None."""


RUNTIME, UNKNOWN, MAYBE = Runtime(), Unknown(), Maybe()


def merge(first: Value | None, second: Value | None) -> Value:
    """What is known of a variable after two ways to it."""
    if first is second and first is not None:
        return first
    match first, second:
        case Known(a), Known(b) if type(a) is type(b) and isinstance(a, str | int | float | bool | None) and a == b:
            return Known(a)
        case Distribution(a), Distribution(b) if a is b:
            return Distribution(a, first.support if first.support == second.support else None)
        case (Known(None) | Maybe(), _) | (_, Known(None) | Maybe()):
            return MAYBE
    return RUNTIME if Runtime in (type(first), type(second)) else UNKNOWN


def tainted(*values: Value) -> Value:
    """The result of an operation of which nothing else is known."""
    pending = list(values)
    while pending:
        value = pending.pop()
        if isinstance(value, Runtime):
            return RUNTIME
        if isinstance(value, Items):
            pending.extend(value.items)
        if isinstance(value, Zipped):
            pending.extend(value.iterables)
    return UNKNOWN


def parts_of(value: Value, spec: str = "") -> tuple[str | Hole | Open, ...] | None:
    """`value` as pieces of a string; None if it is never known at compile time."""
    match value:
        case Known(known):
            try:
                return (format(known, spec),)
            except (TypeError, ValueError):
                return (Open(),)
        case Hole():
            return (value,)
        case Text(parts):
            return parts
        case Runtime():
            return None
        case _:
            return (Open(),)


def joined(*pieces: tuple[str | Hole | Open, ...] | None) -> Value:
    """The string made of these pieces."""
    parts: list[str | Hole | Open] = []
    for piece in pieces:
        if piece is None:
            return RUNTIME
        parts.extend(piece)
    if all(isinstance(part, str) for part in parts):
        return Known("".join(str(part) for part in parts))
    return Text(tuple(parts))


class SiteName(Record):
    """The name of a site, or of a family of sites with open places."""

    parts: tuple[str | Hole | Open, ...]

    def __str__(self) -> str:
        return "".join(part if isinstance(part, str) else OPEN for part in self.parts)

    @property
    def is_concrete(self) -> bool:
        """Whether it is a plain string."""
        return all(isinstance(part, str) for part in self.parts)

    @property
    def is_open(self) -> bool:
        """Whether part of it waits for the arguments."""
        return any(isinstance(part, Open) for part in self.parts)

    @property
    def loops(self) -> frozenset[int]:
        """The loops whose variable is in the name."""
        return frozenset(part.loop for part in self.parts if isinstance(part, Hole))

    def may_equal(self, other: SiteName) -> bool:
        """Whether both can name the same site."""
        if str(self) == str(other):
            return True
        return self._matches(other) or other._matches(self) or (self.is_open and other.is_open)

    def _matches(self, other: SiteName) -> bool:
        if self.is_concrete:
            return False
        if not other.is_concrete and not self.is_open:
            return False
        pattern = "".join(re.escape(part) if isinstance(part, str) else ".*" for part in self.parts)
        return re.fullmatch(pattern, str(other), re.DOTALL) is not None
