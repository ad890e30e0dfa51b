"""Handlers around a function: which ones, and how the values in them are reached as values from outside."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import Any

from ..diagnostics import Record
from ..language.messages import Handler
from .captures import Capture, Missing


class Effect(Record, eq=False):
    """One handler. captures: where its values are among the outside values of the program, by their keys in
    `Handler.outside`.
    """

    handler: Handler
    captures: Mapping[str, str]

    def bound(self, values: Mapping[str, Any]) -> Handler:
        """The handler with the values that the compiler has for its own."""
        if not self.captures:
            return self.handler
        return self.handler.with_outside({key: values[name] for key, name in self.captures.items()})


def effects_of(
    handlers: Sequence[Handler], captures: MutableMapping[str, Capture], prefix: str = ""
) -> tuple[Effect, ...]:
    """The effects of `handlers`, outermost first; their values join `captures`, under `prefix` and the handler's word.

    No name of Python has brackets, so none of the names given here is taken.
    """
    found: list[Effect] = []
    counts: dict[str, int] = {}
    for handler in handlers:
        counts[handler.word] = counts.get(handler.word, 0) + 1
        word = handler.word if counts[handler.word] == 1 else f"{handler.word}_{counts[handler.word]}"
        names = {key: f"{prefix}{word}{key}" for key in handler.outside()}
        for key, name in names.items():
            captures[name] = Capture(name, "handler", _getter(handler, key), None)
        found.append(Effect(handler, names))
    return tuple(found)


def _getter(handler: Handler, key: str) -> Callable[[], Any]:
    def get() -> Any:
        try:
            return handler.outside()[key]
        except KeyError as error:
            raise Missing(key) from error

    return get
