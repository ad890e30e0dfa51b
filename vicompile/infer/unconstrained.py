"""Latent sites and parameters of a bound log density: from constrained values to the flat vector, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ..compiler import BoundFit, ParamSlot
from ..compiler.checks import at
from ..diagnostics import DataError, Diagnostic, float_array
from ..distributions.constraints.base import shown
from ..ir.interpret import interpret
from ..ir.nodes import Node
from ..objective import Latent

if TYPE_CHECKING:
    from numpy.typing import NDArray

Known = dict[Node, Any]


class SiteValueInvalid(Diagnostic):
    """A value of a latent site that it cannot have."""

    site: str
    position: str
    value: str
    expected: str

    code: ClassVar[str] = "site-value-invalid"
    message: ClassVar[str] = "the value{position} of the latent site `{site}` is {value}, which is not {expected}"
    label: ClassVar[str] = "the site"
    help: ClassVar[str] = "give values inside the support, away from its bounds"


def unconstrained_vector(fit: BoundFit, params: Mapping[str, Any]) -> NDArray[np.float64]:
    """The flat vector: latent sites from `params`, parameters from there or at their initial values.

    Raises ValueError for a missing or unknown name or a wrong shape, DataError for a value outside the support.
    """
    records = fit.compiled.unit.params
    if not isinstance(params, Mapping):
        raise TypeError(f"`params` must be a dict of values by name, got a value of type {type(params).__name__}")
    names = [slot.name for slot in fit.slots]
    for name in params:
        if name not in names:
            raise ValueError(f"there is no latent site or parameter `{name}`; there are {', '.join(names) or 'none'}")
    flat = np.empty(fit.parameter_count)
    known: Known = dict(fit.values)
    for slot, record in zip(fit.slots, records):
        inverse = (
            _of_latent(slot, record, params, known, fit.sizes)
            if isinstance(record, Latent)
            else fit.initial_value(slot, record, params)
        )
        known[record.unconstrained] = inverse
        slot.write(flat, inverse)
    return flat


def _of_latent(
    slot: ParamSlot, latent: Latent, params: Mapping[str, Any], known: Known, sizes: Mapping[str, int]
) -> NDArray[np.float64]:
    """The unconstrained value of a site; `known` are those before it, and gets its constrained value."""
    if slot.name not in params:
        raise ValueError(f"`params` has no value for the latent site `{slot.name}`")
    value = float_array(f"the value of the latent site `{slot.name}`", params[slot.name])
    if value.shape != slot.shape:
        raise ValueError(f"the latent site `{slot.name}` has shape {slot.shape}, the given value {value.shape}")
    known[latent.given] = value
    inverse = np.asarray(interpret([latent.inverse], known, sizes)[0])
    _check_value(latent, value, inverse, known, sizes)
    return inverse


def constrained_values(fit: BoundFit, flat: NDArray[np.float64]) -> dict[str, Any]:
    """Every parameter and latent site by name, in its shape, inside its support; a number for a single one."""
    known: Known = dict(fit.values)
    records = fit.compiled.unit.params
    for slot, record in zip(fit.slots, records):
        known[record.unconstrained] = slot.read(flat)
    nodes = [r.value if isinstance(r, Latent) else r.constraint.transform(r.unconstrained) for r in records]
    found = interpret(nodes, known, fit.sizes)
    return {record.name: np.array(value, order="C")[()] for record, value in zip(records, found)}


def _check_value(
    latent: Latent, value: NDArray[np.float64], inverse: NDArray[np.float64], known: Known, sizes: Mapping[str, int]
) -> None:
    support = latent.constraint.with_params(
        lambda _, bound: interpret([bound], known, sizes)[0] if isinstance(bound, Node) else bound
    )
    found = support.outside(value)
    if found is None:
        if np.isfinite(inverse).all():
            return
        found = support.on_boundary(value, inverse)
    place, member, expected = found
    raise DataError(SiteValueInvalid(latent.span, latent.name, at(place), shown(member), f"inside {expected}"))
