"""Handlers in the check room: declarations are shown to those around them, as statements are when a model runs.

Names may have open places here; then a handler that is about single names cannot be asked, and the name stays open.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ..diagnostics import Report, Span, nearest
from ..distributions import Distribution as RealDistribution
from ..language.messages import Handler, Message, Road, pass_through
from .declarations import Place
from .errors import HandlerWithoutSite
from .values import UNKNOWN, Distribution, Hole, Open, SiteName, Value

# Stand for the open places of a name while it is a string: of Unicode's private use, so that no user's name has them.
_FIRST = 0xE000
_PLACE = re.compile("[\ue000-\uf8ff]")
_UNKNOWN = "\uf8ff"


class Opaque(Handler):
    """A handler of which too little is known: what it does to a statement cannot be told before the arguments."""

    def process(self, message: Message, road: Road) -> None:
        """The name is not known from here on."""
        message.name = _UNKNOWN


class Effects:
    """The handlers around what is being declared, and which of their names have been met."""

    def __init__(self, handlers: Sequence[Handler] = ()) -> None:
        self.handlers = tuple(handlers)
        self._met: set[tuple[Handler, str]] = set()
        self._names: set[str] = set()
        self._is_open = False

    @contextmanager
    def under(self, handlers: Sequence[Handler], span: Span, around: str, report: Report) -> Iterator[None]:
        """Inside, these handlers see every statement first; names in them that no statement has are reported."""
        outer, was_open = self.handlers, self._is_open
        self.handlers, self._is_open = (*outer, *handlers), False
        known = set(self._names)
        yield
        self.check_names(handlers, span, around, report, self._names - known)
        self.handlers, self._is_open = outer, self._is_open or was_open

    def mark_open(self) -> None:
        """There may be statements here of which nothing is known."""
        self._is_open = True

    def apply(self, message: Message, name: SiteName, road: Callable[[Sequence[Handler], Message], Road]) -> SiteName:
        """Show the message of a declaration to the handlers: what it is called afterwards."""
        parts = [part for part in name.parts if not isinstance(part, str)]
        message.name = _as_text(name)
        opened: list[Handler] = []

        def before(handler: Handler, message: Message) -> None:
            if message.kind in handler.kinds:
                self._met.add((handler, message.name))
            if not _PLACE.search(message.name):
                return
            shown = _as_name(message.name, parts)
            members = [one for one in handler.chosen() if shown.may_equal(SiteName((one,)))]
            self._met.update((handler, one) for one in members)
            if members or handler.asks_function:
                opened.append(handler)

        pass_through(message, self.handlers, road, before)
        found = SiteName((Open(),)) if opened else _as_name(message.name, parts)
        self._is_open = self._is_open or found.is_open
        self._names.add(str(found))
        return found

    def check_names(
        self, handlers: Sequence[Handler], span: Span, around: str, report: Report, known: set[str] | None = None
    ) -> None:
        """Report names in `handlers` that no statement under them has.

        around: what they are around, for the message. known: the names of the statements; by default all there are.
        """
        if self._is_open:
            return
        for handler in handlers:
            for name in sorted(handler.chosen()) if handler.must_apply else ():
                if (handler, name) not in self._met:
                    near = nearest(name, self._names if known is None else known) or ""
                    report.add(HandlerWithoutSite(span, handler.word, name, around, near))


def _as_text(name: SiteName) -> str:
    text, count = "", 0
    for part in name.parts:
        text += part if isinstance(part, str) else chr(_FIRST + count)
        count += not isinstance(part, str)
    return text


def _as_name(text: str, parts: Sequence[Hole | Open]) -> SiteName:
    pieces: list[str | Hole | Open] = []
    end = 0
    for found in _PLACE.finditer(text):
        pieces.append(text[end : found.start()])
        number = ord(found[0]) - _FIRST
        pieces.append(parts[number] if number < len(parts) else Open())
        end = found.end()
    pieces.append(text[end:])
    return SiteName(tuple(piece for piece in pieces if piece != "") or ("",))


class AbstractRoad:
    """Declarations that a handler adds."""

    is_abstract = True

    def __init__(
        self, effects: Effects, handlers: Sequence[Handler], parts: Any, declare: Callable[..., Value], place: Place
    ) -> None:
        self._effects, self._handlers, self._parts = effects, tuple(handlers), parts
        self._declare, self._place = declare, place

    def sample(self, name: str, fn: Any) -> Value:
        """One more site."""
        return self._declared(Message("sample", name, fn=fn))

    def param(self, name: str, init: Any, constraint: Any) -> Value:
        """One more parameter."""
        return self._declared(Message("param", name, init=init, constraint=constraint))

    def factor(self, value: Any) -> Any:
        """Nothing is known of numbers."""
        return value

    def condition(self, value: Any) -> Any:
        """Nor of conditions."""
        return value

    def _declared(self, message: Message) -> Value:
        outer, self._effects.handlers = self._effects.handlers, self._handlers
        try:
            return self._declare(message, _as_name(message.name, self._parts), self._place)
        finally:
            self._effects.handlers = outer


def distribution_value(fn: Any) -> Value:
    """What is known of a distribution, real or of this room."""
    if isinstance(fn, RealDistribution):
        return Distribution(type(fn), fn.support, fn)
    return fn if isinstance(fn, Value) else UNKNOWN
