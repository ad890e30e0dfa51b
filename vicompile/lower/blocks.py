"""`with` statements and loops: what is open inside of them, plates and handlers, and closed at their end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..frontend.program import Expression
from ..language.messages import Handler
from .context import Context, fail
from .effects import as_handled
from .errors import NotSupported
from .plates import open_plate
from .subsampling import weight
from .text import describe
from .values import Handled, Plate, PlateStack


def enter(context: Context, value: Any, e: Expression) -> Any:
    """Open what a `with` statement names; what it gives to the name after `as`."""
    match value:
        case Plate():
            return open_plate(context, value, e.span).indices
        case PlateStack():
            for plate in value.plates:
                open_plate(context, plate, e.span)
        case Handled() | Handler():
            context.effects = (*context.effects, *as_handled(context, value, e).handlers)
        case _:
            fail(NotSupported(e.span, f"`with` on {describe(value)}", "use `with plate(name, size):`"))
    return None


@contextmanager
def block(context: Context) -> Iterator[None]:
    """What is opened inside is closed at the end."""
    plates, weights, handlers = len(context.plates), len(context.loop_weights), context.effects
    try:
        yield
    finally:
        del context.plates[plates:], context.loop_weights[weights:]
        context.effects = handlers


@contextmanager
def in_loop(context: Context, items: Any) -> Iterator[None]:
    """Within a loop over a plate, whose elements count for those that are not in."""
    with block(context):
        factor = weight(items) if isinstance(items, Plate) else None
        if factor is not None:
            context.loop_weights.append(factor)
        yield
