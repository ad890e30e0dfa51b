"""Computing with what is known: operators, string building and the builtins that names and loops are made of."""

from __future__ import annotations

import operator
import re
import string
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .values import UNKNOWN, Hole, Indices, Items, Known, Text, Value, Zipped, joined, parts_of, tainted

LONGEST = 64  # a sequence of more elements is not taken apart

_BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
}
_UNARY: dict[str, Callable[[Any], Any]] = {"-": operator.neg, "+": operator.pos, "not": operator.not_}
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "is": operator.is_,
    "is not": operator.is_not,
    "in": lambda item, items: item in items,
    "not in": lambda item, items: item not in items,
}
_PURE: tuple[Callable[..., Any], ...] = (str, int, float, bool, len, min, max, sum, abs, sorted)
_SCALARS = (str, int, float, bool, type(None))


def binary(op: str, left: Value, right: Value) -> Value:
    """`left op right`."""
    match left, right:
        case Known(a), Known(b) if op in _BINARY:
            return _computed(_BINARY[op], a, b)
        case (Text(), Known(str()) | Text()) | (Known(str()), Text()) if op == "+":
            return joined(parts_of(left), parts_of(right))
        case Known(str() as template), _ if op == "%":
            return _percent(template, right)
        case Items(a), Items(b) if op == "+":
            return Items((*a, *b))
        case (Hole(), Known(int())) | (Known(int()), Hole()) if op in ("+", "-"):
            return left if isinstance(left, Hole) else right
    return tainted(left, right)


def unary(op: str, operand: Value) -> Value:
    """`op operand`."""
    if isinstance(operand, Known) and op in _UNARY:
        return _computed(_UNARY[op], operand.value)
    return tainted(operand)


def compare(op: str, left: Value, right: Value) -> Value:
    """`left op right` for comparisons."""
    if isinstance(left, Known) and isinstance(right, Known):
        return _computed(_COMPARE[op], left.value, right.value)
    return tainted(left, right)


def index(value: Value, items: Sequence[Value]) -> Value:
    """`value[items]`."""
    match value, list(items):
        case Items(elements), [Known(int() as at)] if -len(elements) <= at < len(elements):
            return elements[at]
        case Known(known), [Known(at)] if isinstance(known, str | tuple | list | dict):
            return _computed(operator.getitem, known, at)
    return tainted(value, *items)


def elements(value: Value) -> list[Value] | None:
    """The elements that a loop over `value` meets; None if they are not known, or too many."""
    match value:
        case Items(items):
            return list(items)
        case Known(known) if isinstance(known, str | tuple | list | dict | range) and len(known) <= LONGEST:
            return [Known(one) for one in known]
        case Zipped(iterables):
            columns = [elements(one) for one in iterables]
            known_columns = [column for column in columns if column is not None]
            if len(known_columns) == len(columns):
                return [Items(row) for row in zip(*known_columns, strict=False)]
    return None


def element(value: Value, loop: int) -> Value:
    """What one round of the loop number `loop` over `value` gets."""
    match value:
        case Indices():
            return Hole(loop)
        case Known(range()):
            return Hole(loop)
        case Zipped(iterables):
            return Items(tuple(element(one, loop) for one in iterables))
        case _:
            return tainted(value)


def builtin(function: Any, args: Sequence[Value], keywords: Mapping[str, Value]) -> Value | None:
    """A call of a builtin that matters for names and loops; None if it does not."""
    given = list(args)
    match given:
        case _ if function is range and given and not keywords:
            return _computed(range, *_plain(given)) if _all_known(given) else Indices()
        case [iterable] if function is enumerate:
            items = elements(iterable)
            return Zipped((Indices() if items is None else Items(tuple(Known(k) for k in range(len(items)))), iterable))
        case [*iterables] if function is zip:
            return Zipped(tuple(iterables))
        case [Items(items)] if function in (list, tuple):
            return Items(items)
        case [Items(items)] if function is len:
            return Known(len(items))
        case [one] if function in (list, tuple) and (items := elements(one)) is not None:
            return Items(tuple(items))
        case [one] if function is reversed and (items := elements(one)) is not None:
            return Items(tuple(reversed(items)))
        case [Hole() | Text() as one] if function in (str, int):
            return joined(parts_of(one)) if function is str else one
    if any(function is pure for pure in _PURE) and _all_known(given) and not keywords:
        return _computed(function, *_plain(given))
    return None


def method(owner: Value, name: str, args: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
    """A method call on a value that is not an object of the language."""
    if isinstance(owner, Known) and isinstance(owner.value, str):
        if name == "format":
            return _formatted(owner.value, args, keywords)
        if _all_known(args) and not keywords and hasattr(str, name):
            return _computed(getattr(owner.value, name), *_plain(args))
    if isinstance(owner, Known) and isinstance(owner.value, dict) and name in ("keys", "values", "items") and not args:
        return Known(list(getattr(owner.value, name)()))
    return tainted(owner, *args, *keywords.values())


def _formatted(template: str, args: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
    pieces: list[tuple[str | Any, ...] | None] = []
    counter = 0
    try:
        for text, field_name, spec, _ in string.Formatter().parse(template):
            pieces.append((text,) if text else ())
            if field_name is None:
                continue
            if field_name == "":
                field_name, counter = str(counter), counter + 1
            value = args[int(field_name)] if field_name.isdigit() else keywords.get(field_name, UNKNOWN)
            pieces.append(parts_of(value, spec or ""))
    except (ValueError, IndexError):
        return UNKNOWN
    return joined(*pieces)


def _percent(template: str, right: Value) -> Value:
    values = list(right.items) if isinstance(right, Items) else [right]
    if _all_known(values):
        return _computed(operator.mod, template, tuple(_plain(values)))
    pieces: list[tuple[str | Any, ...] | None] = []
    for text in re.split(r"(%[-+ #0]*\d*(?:\.\d+)?[a-z%])", template):
        if not text.startswith("%"):
            pieces.append((text,) if text else ())
        elif text == "%%":
            pieces.append(("%",))
        elif values:
            pieces.append(parts_of(values.pop(0)))
    return joined(*pieces)


def _all_known(values: Sequence[Value]) -> bool:
    return all(isinstance(value, Known) for value in values)


def _plain(values: Sequence[Value]) -> list[Any]:
    return [value.value for value in values if isinstance(value, Known)]


def _computed(function: Callable[..., Any], *operands: Any) -> Value:
    """The result on known values; Unknown where Python itself would fail, or for anything large."""
    for operand in operands:
        if isinstance(operand, str | tuple | list) and len(operand) > 10_000:
            return UNKNOWN
        if not isinstance(operand, (*_SCALARS, tuple, list, dict, range)):
            return UNKNOWN
    try:
        return Known(function(*operands))
    except Exception:  # a fault in the user's own expression: it is met again, with its place, when it is lowered
        return UNKNOWN
