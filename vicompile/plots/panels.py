"""What the pictures share: axes to draw on, and the single numbers of sites that get a panel each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..diagnostics import nearest, optional

if TYPE_CHECKING:
    from numpy.typing import NDArray

POSTERIOR, PRIOR, DATA = "C0", "0.6", "C1"


def pyplot() -> Any:
    """matplotlib.pyplot. ImportError, which says what to install, without it."""
    return optional("matplotlib.pyplot", "a plot")


def axes(ax: Any) -> Any:
    """The given axes, or those of a new figure."""
    return pyplot().subplots(layout="constrained")[1] if ax is None else ax


def numbers(draws: Mapping[str, NDArray[Any]], names: Sequence[str] | None, most: int) -> dict[str, NDArray[Any]]:
    """The draws of single numbers by label, such as `mu` or `theta[2]`.

    names: of sites, all of whose numbers are taken, or of single ones; by default all. Errors: ValueError for a name
    that is neither, TypeError for one name in place of a list, ValueError for more than `most` numbers.
    """
    if isinstance(names, str):
        raise TypeError(f'names is a list of names, such as ["{names}"]')
    every = {name: _numbers_of(name, array) for name, array in draws.items()}
    single = {label: one for numbers in every.values() for label, one in numbers.items()}
    found: dict[str, NDArray[Any]] = {}
    for name in every if names is None else names:
        if name in every:
            found.update(every[name])
        elif name in single:
            found[name] = single[name]
        else:
            near = nearest(name, [*every, *single])
            hint = f"did you mean `{near}`?" if near else f"there are {', '.join(every)}"
            raise ValueError(f"there is no site or number `{name}`; {hint}")
    if len(found) > most:
        raise ValueError(f"these are {len(found)} numbers, and a figure has room for {most}: choose some by `names`")
    return found


def _numbers_of(name: str, array: NDArray[Any]) -> dict[str, NDArray[Any]]:
    return {
        f"{name}[{', '.join(map(str, place))}]" if place else name: array[(slice(None), *place)]
        for place in np.ndindex(array.shape[1:])
    }
