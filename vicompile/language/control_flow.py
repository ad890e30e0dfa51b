"""Recurrences written as a function of one step, and sequences whose order matters."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import numpy as np

from .marks import primitive
from .messages import Steps

T = TypeVar("T")


@primitive("scan")
def scan(
    f: Callable[[Any, Any], tuple[Any, Any]],
    init: Any,
    xs: Any = None,
    length: int | None = None,
    reverse: bool = False,
    history: int = 1,
) -> tuple[Any, Any]:
    """Carry a value through a sequence: `carry, y = f(carry, x)` for every x of `xs`, as in NumPyro.

    init: the first carry: a number, an array, or tuples, lists and dicts of them. f keeps its structure and shapes.
    xs: an array, or a structure of arrays, that is taken apart along its first axis; None to give only a `length`.
    reverse: from the last x to the first. history: accepted for NumPyro's sake; nothing here depends on it.
    Sites inside keep one name, and get a leading axis for the steps.

    Returns the last carry, and the y of all steps, stacked along a new first axis (None if f gives None).
    Errors: ValueError where the lengths of `xs` differ, or neither `xs` nor `length` is given.
    """
    lengths = {len(x) for x in _leaves(xs)} | (set() if length is None else {length})
    if len(lengths) != 1:
        found = ", ".join(map(str, sorted(lengths))) or "none"
        raise ValueError(f"scan needs one length, from `xs` or `length`; found {found}")
    count = lengths.pop()
    carry, ys = init, []
    with Steps(reverse):
        for t in reversed(range(count)) if reverse else range(count):
            carry, y = f(carry, mapped(lambda x, t=t: x[t], xs))
            ys.append(y)
    return carry, stacked(ys[::-1] if reverse else ys)


@primitive("markov")
def markov(iterable: Iterable[T], history: int = 1, keep: bool = False) -> Iterable[T]:
    """The same sequence: marks a loop whose rounds depend on the rounds before, as in Pyro. All loops here may.

    history, keep: accepted for Pyro's sake; nothing here depends on them.
    """
    return iterable


def _leaves(value: Any) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, dict):
        return [one for part in value.values() for one in _leaves(part)]
    if isinstance(value, tuple | list):
        return [one for part in value for one in _leaves(part)]
    return [np.asarray(value)]


def mapped(function: Callable[..., Any], *values: Any) -> Any:
    """`function` of the arrays in structures that are alike."""
    first = values[0]
    if first is None:
        return None
    if isinstance(first, dict):
        return {key: mapped(function, *(v[key] for v in values)) for key in first}
    if isinstance(first, tuple | list):
        parts = [mapped(function, *one) for one in zip(*values, strict=True)]
        return type(first)._make(parts) if hasattr(first, "_make") else type(first)(parts)
    return function(*map(np.asarray, values))


def stacked(ys: list[Any]) -> Any:
    """Structures that are alike as one, with a new first axis; None for none of them."""
    return mapped(lambda *rows: np.stack(rows), *ys) if ys else None
