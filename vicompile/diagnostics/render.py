"""Diagnostics as text: the message, a window on the source with carets, then notes and help."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from .diagnostic import Diagnostic
from .record import Record
from .sources import display_name, source_line
from .span import Span

_TAB = 4


class _Style(Record):
    error: str = ""
    strong: str = ""
    frame: str = ""
    plain: str = ""


_PLAIN = _Style()
_COLOUR = _Style(error="\033[1;31m", strong="\033[1m", frame="\033[1;34m", plain="\033[0m")


def render(diagnostic: Diagnostic, *, colour: bool = False) -> str:
    """One diagnostic as text, without a final newline.

    diagnostic: what to show.
    colour: with terminal escapes; plain text by default.
    """
    return "\n".join(_lines(diagnostic, _COLOUR if colour else _PLAIN))


def render_all(diagnostics: Sequence[Diagnostic], *, colour: bool = False) -> str:
    """Several diagnostics, an empty line between two."""
    return "\n\n".join(render(diagnostic, colour=colour) for diagnostic in diagnostics)


def _lines(diagnostic: Diagnostic, style: _Style) -> Iterator[str]:
    head = f"{style.error}error[{diagnostic.code}]{style.plain}"
    yield f"{head}{style.strong}: {diagnostic.text('message')}{style.plain}"
    spans = [span for span in (diagnostic.span, *(label.span for label in diagnostic.secondary)) if span]
    gutter = max((len(str(span.line)) for span in spans), default=1)
    if diagnostic.span:
        yield from _window(diagnostic.span, "^", diagnostic.text("label"), gutter, style.error, style)
    for label in diagnostic.secondary:
        yield from _window(label.span, "-", label.text, gutter, style.frame, style)
    for part in ("note", "help"):
        for line in diagnostic.text(part).splitlines():
            yield f"{' ' * gutter} {style.frame}={style.plain} {style.strong}{part}:{style.plain} {line}"


def _window(span: Span, mark: str, label: str, gutter: int, paint: str, style: _Style) -> Iterator[str]:
    blank = " " * gutter
    yield f"{blank}{style.frame}-->{style.plain} {display_name(span.file)}:{span.line}:{span.column}"
    line = source_line(span.file, span.line)
    if not line:
        if label:
            yield f"{blank} {style.frame}={style.plain} {label}"
        return
    start = min(span.column, len(line) + 1) - 1
    # A stretch over several lines is marked on its first line only, up to the end of the text there.
    end = span.end_column - 1 if span.end_line == span.line else len(line.split("#")[0].rstrip() or line)
    width = max(1, _width(line[start:end], _width(line[:start])))
    carets = " " * _width(line[:start]) + paint + mark * width + (f" {label}" if label else "") + style.plain
    bar = f"{style.frame}|{style.plain}"
    yield f"{blank} {bar}"
    yield f"{style.frame}{span.line:>{gutter}}{style.plain} {bar} {_expand(line)}"
    yield f"{blank} {bar} {carets}"


def _expand(line: str) -> str:
    out: list[str] = []
    at = 0
    for character in line:
        step = _columns(character, at)
        out.append(" " * step if character == "\t" else character)
        at += step
    return "".join(out)


def _width(text: str, start: int = 0) -> int:
    """How many terminal columns `text` takes when it begins in column `start`."""
    if text.isascii() and "\t" not in text:
        return len(text)
    at = start
    for character in text:
        at += _columns(character, at)
    return at - start


def _columns(character: str, at: int) -> int:
    if character == "\t":
        return _TAB - at % _TAB
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
