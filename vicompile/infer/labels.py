"""Names and labels of the axes of sites: plates, and the indices of the tables that the data came in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..ir.dims import evaluate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..compiler import Simulation
    from ..lower import SiteRecord


class Labels:
    """What axes are called.

    dims: by site and deterministic value the name of each axis. batch_dims: by site those of the batch alone, without
    the axes of a draw. coords: by name of an axis the labels along it.

    The axis of a plate has the plate's name, `NAME_plate` if a site has it; any other one is called `SITE_dim_0` and so
    on. Labels are those of the index of a pandas or xarray argument whose length only this plate has.
    """

    def __init__(self, simulation: Simulation, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        self._simulation = simulation
        plates = _Plates(simulation)
        self.dims = {name: plates.of_site(name, site) for name, site in simulation.sites.items()}
        self.batch_dims = {name: self.dims[name][: _batch_rank(site)] for name, site in simulation.sites.items()}
        for name, node in simulation.named.items():
            self.dims[name] = plates.of_value(name, simulation.shape(node))
        self.coords = _indices(plates.lengths, [*args, *kwargs.values()])


class _Plates:
    """The plates of a model that have one length everywhere. lengths: by the name of their axis."""

    def __init__(self, simulation: Simulation) -> None:
        self._shape = simulation.shape
        taken = {*simulation.sites, *simulation.named}
        records = simulation.trace.plates.values()
        found = {record.name: evaluate(record.length, simulation.sizes) for record in records}
        self._axis = {name: f"{name}_plate" if name in taken else name for name in found}
        self.lengths = {self._axis[name]: length for name, length in found.items()}

    def of_site(self, name: str, site: SiteRecord) -> list[str]:
        """The names of a site's axes."""
        shape = self._shape(site.value)
        names = _unnamed(name, len(shape))
        for plate, dim in zip(site.plates, site.dims):
            axis = _batch_rank(site) + dim
            known = self._axis.get(plate)
            if known is not None and 0 <= axis < len(shape) and shape[axis] == self.lengths[known]:
                names[axis] = known
        return names

    def of_value(self, name: str, shape: Sequence[int]) -> list[str]:
        """The names of the axes of a named value: an axis of a length that one plate alone has is that plate's."""
        names = _unnamed(name, len(shape))
        for axis, size in enumerate(shape):
            plates = [plate for plate, length in self.lengths.items() if length == size]
            if len(plates) == 1 and list(shape).count(size) == 1 and size > 1:
                names[axis] = plates[0]
        return names


def _batch_rank(site: SiteRecord) -> int:
    assert site.distribution is not None
    return len(site.distribution.batch_shape)


def _unnamed(name: str, rank: int) -> list[str]:
    return [f"{name}_dim_{axis}" for axis in range(rank)]


def _indices(lengths: Mapping[str, int], values: Iterable[Any]) -> dict[str, NDArray[Any]]:
    """The labels along the axes of plates."""
    known: dict[int, list[NDArray[Any]]] = {}
    for value in values:
        for index in _indices_of(value):
            known.setdefault(len(index), []).append(index)
    found = {}
    for name, length in lengths.items():
        indices = known.get(length, [])
        is_alone = list(lengths.values()).count(length) == 1
        if is_alone and indices and all(np.array_equal(one, indices[0]) for one in indices):
            found[name] = indices[0]
    return found


def _indices_of(value: Any) -> Iterator[NDArray[Any]]:
    """The labels that a table or labelled array of another library has along its axes."""
    root = type(value).__module__.partition(".")[0]
    if isinstance(value, Mapping) and root != "xarray":
        for part in value.values():
            yield from _indices_of(part)
    elif root == "pandas" and hasattr(value, "index"):
        index = value.index
        is_plain = type(index).__name__ in ("RangeIndex", "MultiIndex")
        if not is_plain and index.is_unique:
            yield np.asarray(index)
    elif root == "xarray" and hasattr(value, "coords"):
        for dim in value.dims:
            if dim in value.coords and value.coords[dim].ndim == 1:
                yield np.asarray(value.coords[dim])
