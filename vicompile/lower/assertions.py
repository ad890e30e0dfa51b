"""`assert` in a program: about its structure it is decided here, about sizes when data is bound."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..frontend import program as p
from ..ir.dims import Dim, Size
from .context import Context, equate, fail
from .errors import InvalidOperation
from .evaluate import evaluate
from .operators import compare, truth
from .trace import Check

# a op b for whole numbers: a + the number <= b; the two are swapped where the second is True.
_ORDER = {"<": (1, False), "<=": (0, False), ">": (1, True), ">=": (0, True)}


def hold(context: Context, test: p.Expression, message: str) -> None:
    """Let `test` hold: CompileError if it does not, a check of the data if only its lengths tell.

    Equal sizes are from here on known to be equal, as where arrays of these sizes meet.
    """
    if isinstance(test, p.BoolOp) and test.op == "and":
        for one in test.values:
            hold(context, one, message)
        return
    if isinstance(test, p.Compare):
        left, right = evaluate(context, test.left), evaluate(context, test.right)
        if test.op == "==" and (pairs := _sizes(left, right)) is not None:
            for ours, theirs in pairs:
                if ours != theirs:
                    equate(ours, theirs, test.span)
            return
        if (
            test.op in _ORDER
            and _is_size(left)
            and _is_size(right)
            and (isinstance(left, Dim) or isinstance(right, Dim))
        ):
            more, swapped = _ORDER[test.op]
            low, high = (right, left) if swapped else (left, right)
            context.trace.checks.append(Check("length", "", test.span, needed=low + more, size=high))
            return
        value = compare(context, test.op, left, right, test)
    else:
        value = evaluate(context, test)
    if not truth(context, value, test, "assert"):
        fail(InvalidOperation(test.span, f"the assertion does not hold: {message}" if message else "it does not hold"))


def _sizes(left: Any, right: Any) -> Iterator[tuple[Size, Size]] | None:
    """The pairs of sizes of two shapes of one length, or of two single sizes."""
    if _is_size(left) and _is_size(right):
        return iter([(left, right)])
    if not (isinstance(left, (tuple, list)) and isinstance(right, (tuple, list)) and len(left) == len(right)):
        return None
    return zip(left, right, strict=True) if all(map(_is_size, (*left, *right))) else None


def _is_size(value: Any) -> bool:
    return isinstance(value, (int, Dim)) and not isinstance(value, bool)
