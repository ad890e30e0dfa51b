"""The base of all diagnostics: an error is a small immutable record declared beside the check that raises it."""

from __future__ import annotations

import string
from collections.abc import Iterator
from dataclasses import field
from typing import Any, ClassVar

from .record import Record
from .span import Label, Span


class _Fields(dict[str, Any]):
    """Lets a template name any attribute of the diagnostic, properties too."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__()
        self._diagnostic = diagnostic

    def __missing__(self, name: str) -> Any:
        return getattr(self._diagnostic, name)


_formatter = string.Formatter()


class Diagnostic(Record):
    """One fault in the user's program.

    Subclasses set the class variables: `code` (kebab-case name), `message` (stands alone), `label` (beside the caret),
    `note` and `help` (further lines; empty ones are left out). All but `code` are templates over the fields.

    span: the primary place, or None where there is no source to show.
    secondary: further places, each with its own label.
    """

    code: ClassVar[str] = ""
    message: ClassVar[str] = ""
    label: ClassVar[str] = ""
    note: ClassVar[str] = ""
    help: ClassVar[str] = ""

    span: Span | None
    secondary: tuple[Label, ...] = field(default=(), kw_only=True)

    def text(self, part: str) -> str:
        """The template `part` ("message", "label", "note" or "help") with the fields filled in."""
        return _formatter.vformat(getattr(type(self), part), (), _Fields(self))

    def __str__(self) -> str:
        from .render import render

        return render(self)


def all_diagnostics() -> list[type[Diagnostic]]:
    """Every diagnostic class that is loaded, by code."""

    def below(kind: type[Diagnostic]) -> Iterator[type[Diagnostic]]:
        for child in kind.__subclasses__():
            if child.code:
                yield child
            yield from below(child)

    return sorted(set(below(Diagnostic)), key=lambda kind: kind.code)
