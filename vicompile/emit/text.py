"""The text of a kernel: one module that numba can compile and a person can read."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Sequence

from ..ir.dims import Size
from .draft import Draft, Line

SIGNATURE = "int64(f8*, f8*, i8*, i8*, f8*, f8*)"
_COMMENT_COLUMN = 72


def readable(draft: Draft) -> str:
    """The module that defines `kernel(params, noise, data, sizes, work, out)`."""
    kernel = draft.kernel
    head = [f"# {kernel.name}: the loss in out[0], its gradient in out[1:]"]
    for k, d in enumerate(kernel.data):
        kind = f"{d.input.dtype}[{_shape(d.input.shape)}]{', packed' * d.packed}{', by rows' * d.by_rows}"
        head.append(f"#   data[{k}]  {_one_line(d.input.name)}: {kind}")
    if draft.called:
        head += [f"from vicompile.jit.mathlib import {', '.join(draft.called)}", "", ""]
    body = [_line(line) for line in draft.lines]
    return "\n".join([*head, "def kernel(params, noise, data, sizes, work, out):", *body, "    return 0", ""])


def _shape(shape: Sequence[Size]) -> str:
    return ", ".join(map(str, shape))


def _line(line: Line) -> str:
    code = line.code if line.code.endswith(":") else _printed(line.code)
    text = "    " * line.level + code
    return text if line.origin is None else f"{text:<{_COMMENT_COLUMN}}  # {_one_line(str(line.origin))}"


def _one_line(text: str) -> str:
    """A name as a comment can hold it: the user's names may have line breaks in them."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def _printed(code: str) -> str:
    """The statement without superfluous parentheses."""
    with warnings.catch_warnings():
        # astor touches deprecated names of `ast` when it is imported on newer Pythons.
        warnings.simplefilter("ignore", DeprecationWarning)
        import astor

    text: str = astor.to_source(ast.parse(code), pretty_source="".join)
    return text.rstrip("\n")
