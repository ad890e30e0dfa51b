"""Names of sites made from texts and loop variables: f-strings, `%`, `.format`, `+`.

A loop variable of a data-sized loop leaves its {} in the name: the result is the name of a family of sites.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..frontend import program as p
from ..ir.nodes import Const, Gather, Index, Map, Node
from .context import Context, fail, static_size
from .errors import NotSupported
from .text import describe
from .values import FamilyName


def loop_index(value: Any) -> Index | None:
    """The loop variable that a value is, up to a constant: names made from it are as distinct as it is."""
    while isinstance(value, Map):
        if value.primitive == "copy" and isinstance(value.operands[0], Gather):
            value = value.operands[0].index[0]  # one of the given indices of a plate
        elif value.primitive == "random_position" or (
            value.primitive in ("add", "sub") and isinstance(value.operands[1], Const)
        ):
            value = value.operands[0]  # the element of a subsampled plate, another one in each round; a sum
        else:
            return None
    return value if isinstance(value, Index) else None


def family(value: Any) -> FamilyName:
    """The text of a loop variable."""
    index = loop_index(value)
    assert index is not None
    return FamilyName("{}", (index,))


def join(a: Any, b: Any) -> Any:
    """Two texts, of which either may depend on loop variables. TypeError for anything but texts."""
    if isinstance(a, str) and isinstance(b, str):
        return a + b
    left, right = _as_family(a), _as_family(b)
    return FamilyName(left.template + right.template, left.indices + right.indices)


def _as_family(text: Any) -> FamilyName:
    if isinstance(text, FamilyName):
        return text
    if not isinstance(text, str):
        raise TypeError(f"a text and {describe(text)} cannot be joined; use an f-string")
    return FamilyName(text.replace("{", "{{").replace("}", "}}"), ())


def fstring(pieces: Sequence[Any]) -> Any:
    """The text of an f-string's pieces."""
    text: Any = ""
    for piece in pieces:
        text = join(text, piece)
    return text


def formatted(part: p.Formatted, value: Any) -> Any:
    """The text of one value in an f-string."""
    if isinstance(value, FamilyName) and not part.spec:
        return value
    if loop_index(value):
        if part.spec not in ("", "d") or part.conversion:
            fail(
                NotSupported(part.span, "a format of a loop variable in a name", "write the plain variable, as in {i}")
            )
        return family(value)
    if isinstance(value, Node):
        what = "a name made from a value that is known only at run time"
        fail(NotSupported(part.span, what, "use the loop variable itself"))
    value = static_size(value, part.span)
    conversions: dict[str, Callable[[Any], str]] = {"s": str, "r": repr, "a": ascii}
    return format(conversions[part.conversion](value) if part.conversion else value, part.spec)


def percent(context: Context, template: str, values: Any, e: p.Expression) -> Any:
    """template % values"""
    values = values if isinstance(values, tuple) else (values,)
    if not any(map(loop_index, values)):
        return template % tuple(static_size(v, e.span) for v in values)
    for code in ("%d", "%i", "%s"):
        template = template.replace(code, "{}")
    return format_family(template, values, e)


def format_family(template: str, values: tuple[Any, ...], e: p.Expression) -> Any:
    """template.format(*values), where a loop variable leaves its {}."""
    if template.count("{}") != len(values) or template.count("{") != len(values):
        advice = 'use one plain {} for each value, as in "obs_{}".format(i)'
        fail(NotSupported(e.span, "this format of a site name", advice))
    pieces = template.split("{}")
    text: Any = pieces[0]
    for value, piece in zip(values, pieces[1:], strict=True):
        if loop_index(value):
            middle: Any = family(value)
        elif isinstance(value, Node):
            fail(NotSupported(e.span, f"a site name made from {describe(value)}", "use the loop variable itself"))
        else:
            middle = str(static_size(value, e.span))
        text = join(join(text, middle), piece)
    return text
