"""Draws of sites as users hand them over and get them back: dicts of arrays, the draws along the first axes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..diagnostics import Record, nearest, whole_number
from ..diagnostics.arguments import shown
from .families import renamed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..compiler import Simulation


class Draws(Record, eq=False):
    """Values by name, each (count, *shape of the site). lead: the axes that users see in place of the first one."""

    values: Mapping[str, NDArray[Any]]
    lead: tuple[int, ...]

    @property
    def count(self) -> int:
        """How many draws there are."""
        return math.prod(self.lead)

    @classmethod
    def of(cls, samples: Mapping[str, Any], batch_ndims: int) -> Draws:
        """Those of a dict whose arrays all have `batch_ndims` equal axes in front.

        Errors: TypeError for what is no dict; ValueError for no value at all, or other leading axes.
        """
        if not isinstance(samples, Mapping):
            hint = "; `Predictive` takes a guide as `guide=`" if callable(samples) else ""
            hint = hint or (": its draws are one, those of `sample()`" if hasattr(samples, "sample") else "")
            raise TypeError(f"the samples must be a dict of arrays by site name, got {type(samples).__name__}{hint}")
        arrays = {name: _numbers(name, value) for name, value in samples.items()}
        if not arrays:
            raise ValueError("there are no samples: the dict is empty")
        whole_number("batch_ndims", batch_ndims)
        first = next(iter(arrays))
        lead = arrays[first].shape[:batch_ndims]
        for name, array in arrays.items():
            if array.shape[:batch_ndims] != lead or array.ndim < batch_ndims:
                raise ValueError(
                    f"the samples of `{name}` have shape {array.shape}; its first {_axes(batch_ndims)} must be the "
                    f"draws, {lead} as for `{first}`"
                )
        count = math.prod(lead)
        return cls({name: array.reshape((count, *array.shape[batch_ndims:])) for name, array in arrays.items()}, lead)

    def shown(self, values: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Values of as many draws, with the axes that users see."""
        return {name: value.reshape((*self.lead, *value.shape[1:])) for name, value in values.items()}

    def fitting(self, simulation: Simulation, *, others: bool = False) -> dict[str, NDArray[Any]]:
        """The values of the sites and parameters of a bound model, in their types; deterministic ones are left out.

        others: whether there may be names that the model does not have.

        Errors: ValueError for a wrong shape, for an unknown name, for values that are no whole numbers, and for
            those of a site of which only a random batch is there.
        """
        found = {}
        values = renamed(self.values, [*simulation.sites, *simulation.named, *simulation.slots])
        for name, value in values.items():
            if name in simulation.slots:
                found[name] = _fitted(name, value.astype(float), simulation.slots[name].shape, "parameter")
            elif name in simulation.sites:
                site = simulation.sites[name]
                simulation.check_whole(site)
                value = _whole(name, value) if site.value.dtype == "int64" else value.astype(float)
                found[name] = _fitted(name, value, simulation.shape(site.value), "site")
            elif name not in simulation.named and not others:
                known = [*simulation.sites, *simulation.named, *simulation.slots]
                near = nearest(name, known)
                hint = f"did you mean `{near}`?" if near else f"there are {', '.join(known) or 'none'}"
                raise ValueError(f"the model has no site `{name}`; {hint}")
        return found


def _fitted(name: str, value: NDArray[Any], shape: tuple[int, ...], what: str) -> NDArray[Any]:
    if value.shape[1:] != shape:
        raise ValueError(
            f"the {what} `{name}` has shape {shape} for these arguments, and each of its samples {value.shape[1:]}; "
            "leave out what belongs to other data, to have it drawn from its prior"
        )
    return value


def _whole(name: str, value: NDArray[Any]) -> NDArray[np.int64]:
    whole = value.astype(np.int64)
    if not np.array_equal(whole, value):
        raise ValueError(f"the site `{name}` takes whole numbers, and some of its samples are none")
    return whole


def _numbers(name: str, value: Any) -> NDArray[Any]:
    """In their own type: whole numbers may be too large for float64."""
    try:
        array = np.asarray(value)
    except ValueError:  # lists of different lengths
        array = np.empty(0, object)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"the samples of `{name}` must be an array of numbers, got {shown(value)}")
    return array


def _axes(count: int) -> str:
    return "axis" if count == 1 else f"{count} axes"
