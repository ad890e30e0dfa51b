"""The exceptions that carry diagnostics to the user, and the one for faults of our own."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from .diagnostic import Diagnostic
from .render import render_all
from .span import Span

_NOWHERE = Span("", 0, 0, 0, 0)


class CompileError(Exception):
    """A model or guide is wrong; `str(error)` is the report, `error.diagnostics` the same as data.

    diagnostics: one or more; kept sorted by position, at most one for each span.
    """

    diagnostics: tuple[Diagnostic, ...]

    def __init__(self, diagnostics: Diagnostic | Iterable[Diagnostic]) -> None:
        given = (diagnostics,) if isinstance(diagnostics, Diagnostic) else tuple(diagnostics)
        if not given:
            raise InternalError("diagnostics", "an error report without a diagnostic")
        self.diagnostics = _one_per_span(given)
        super().__init__(self.diagnostics)

    def render(self, *, colour: bool | None = None) -> str:
        """The report; coloured if asked, or by default where stderr is a terminal and NO_COLOR is not set."""
        if colour is None:
            colour = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
        return render_all(self.diagnostics, colour=colour)

    def __str__(self) -> str:
        return self.render(colour=False)

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows: the report, which names file and line itself, in place of a traceback."""
        return [f"{type(self).__name__}:", *self.render(colour=False).splitlines()]


class DataError(CompileError):
    """The arguments of a call do not fit the model: found when they are bound, shown like any other diagnostic."""


class InternalError(Exception):
    """A fault of vicompile itself, never of the user's program.

    stage: the name of the stage that failed.
    what: what was found.
    text: the last good stage as text, if there is any.
    """

    def __init__(self, stage: str, what: str, text: str = "") -> None:
        self.stage, self.what, self.text = stage, what, text
        super().__init__(stage, what, text)

    def __str__(self) -> str:
        report = (
            f"internal error in stage `{self.stage}`: {self.what}\n"
            "  = note: this is a fault of vicompile, not of your program\n"
            "  = help: please report it at the project's issue tracker, with the model and this text"
        )
        return f"{report}\n\n{self.text}" if self.text else report


def _one_per_span(diagnostics: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    kept: list[Diagnostic] = []
    seen: set[Span] = set()
    for diagnostic in sorted(diagnostics, key=lambda one: one.span or _NOWHERE):
        if diagnostic.span is not None and diagnostic.span in seen:
            continue
        if diagnostic.span is not None:
            seen.add(diagnostic.span)
        kept.append(diagnostic)
    return tuple(kept)
