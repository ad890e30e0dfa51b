"""The text of a kernel: one module that numba can compile and a person can read."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Sequence

from ..ir.dims import Size
from ..schedule.kernel import DataArgument, GroupsArgument, HelperArgument
from .draft import Draft, Line

SIGNATURE = "int64(f8*, f8*, i8*, i8*, f8*, f8*)"
_COMMENT_COLUMN = 72


def readable(draft: Draft) -> str:
    """The module that defines `kernel(params, noise, data, sizes, work, out)`."""
    kernel = draft.kernel
    head = [f"# {kernel.name}: the loss in out[0], its gradient in out[1:]"]
    head += [f"#   data[{k}]  {_described(d)}" for k, d in enumerate(kernel.data)]
    if draft.called:
        head += [f"from vicompile.jit.mathlib import {', '.join(draft.called)}", "", ""]
    body = [_line(line) for line in draft.lines]
    return "\n".join([*head, "def kernel(params, noise, data, sizes, work, out):", *body, "    return 0", ""])


def _described(d: DataArgument | GroupsArgument | HelperArgument) -> str:
    if isinstance(d, HelperArgument):
        return f"{d.helper}: the address of a native helper, and of the routines that it calls"
    if isinstance(d, GroupsArgument):
        return f"the {d.part} of the groups in {_one_line(d.order.key.name)}: int64"
    order = f", in the order of {_one_line(d.order.key.name)}" if d.order is not None else ""
    layout = order + ", packed" * d.packed + ", by rows" * d.by_rows
    return f"{_one_line(d.input.name)}: {d.input.dtype}[{_shape(d.input.shape)}]{layout}"


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
