"""From positions in a syntax tree to spans in the user's file."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from ..diagnostics import Span


class Locator:
    """Knows the file and by how many lines the parsed text is shifted.

    lines: the lines that were parsed, first line 1 of the tree.
    shift: what to add to a tree's line number to get the file's.
    """

    def __init__(self, file: str, lines: Sequence[str], shift: int) -> None:
        self.file, self._lines, self._shift = file, lines, shift

    def column(self, line: int, byte: int) -> int:
        """The column in characters, from 1; a syntax tree counts UTF-8 bytes from 0."""
        text = self._lines[line - 1]
        if text.isascii():
            return byte + 1
        return len(text.encode()[:byte].decode(errors="replace")) + 1

    def span(self, node: ast.expr | ast.stmt | ast.arg | ast.keyword) -> Span:
        """The whole of `node`."""
        end_line = node.end_lineno or node.lineno
        end = node.end_col_offset if node.end_col_offset is not None else node.col_offset
        return Span(
            self.file,
            node.lineno + self._shift,
            self.column(node.lineno, node.col_offset),
            end_line + self._shift,
            self.column(end_line, end),
        )

    def head(self, node: ast.stmt) -> Span:
        """The first word or words of a statement: `while`, `def name`."""
        text = self._lines[node.lineno - 1]
        start = self.column(node.lineno, node.col_offset)
        rest = text[start - 1 :]
        words = rest.split("(")[0] if isinstance(node, ast.FunctionDef) else rest.split(" ")[0]
        words = words.rstrip().rstrip(":")
        line = node.lineno + self._shift
        return Span(self.file, line, start, line, start + max(1, len(words)))
