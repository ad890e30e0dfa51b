"""Sites of a loop under two names: one array `x_{}` for all rounds, or an array `x_0`, `x_1`, ... for each.

A loop is written out where its length is fixed, for instance by a distribution that is written for one size; else its
sites are one family. The same model may so have either, and what one call gives must fit what the next one asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def members(template: str, names: Iterable[str]) -> dict[tuple[int, ...], str]:
    """The names of the members of a family by their numbers, in order."""
    if "{}" not in template:
        return {}
    pattern = re.compile("(-?[0-9]+)".join(map(re.escape, template.split("{}"))))
    found = {tuple(map(int, match.groups())): name for name in names if (match := pattern.fullmatch(name))}
    return dict(sorted(found.items()))


def renamed(draws: Mapping[str, NDArray[Any]], names: Iterable[str]) -> dict[str, NDArray[Any]]:
    """The same draws with families taken apart or put together, so that they have these names; others stay.

    draws: arrays with the draws as first axis, which is followed by those of the rounds.
    """
    wanted = list(dict.fromkeys(names))
    missing = [name for name in wanted if name not in draws]
    found = dict(draws)
    for name in missing:
        parts = members(name, draws)
        if parts and (whole := _whole(parts, draws)) is not None:
            found[name] = whole
            for part in parts.values():
                found.pop(part, None)
    for template in [name for name in draws if name not in wanted]:
        parts = members(template, missing)
        orders = _orders(parts)
        if tuple(map(len, orders)) != draws[template].shape[1 : 1 + len(orders)]:
            continue  # some of the members only: where the numbers begin is not known
        for key, part in parts.items():
            place: tuple[Any, ...] = tuple(order.index(number) for order, number in zip(orders, key))
            found[part] = draws[template][(slice(None), *place)]
        if parts:
            found.pop(template, None)
    return found


def _whole(parts: Mapping[tuple[int, ...], str], draws: Mapping[str, NDArray[Any]]) -> NDArray[Any] | None:
    """The members as one array; None where some are missing."""
    orders = _orders(parts)
    if len(parts) != np.prod([len(order) for order in orders]):
        return None
    arrays = [draws[name] for name in parts.values()]
    if len({array.shape for array in arrays}) != 1:
        return None
    stacked = np.stack(arrays, axis=1)
    return stacked.reshape((stacked.shape[0], *map(len, orders), *stacked.shape[2:]))


def _orders(parts: Mapping[tuple[int, ...], str]) -> list[list[int]]:
    """For each axis of the rounds the numbers along it."""
    return [sorted(set(numbers)) for numbers in zip(*parts)]
