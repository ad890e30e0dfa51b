"""What is kept of a fit: parameters, optimizer state, losses and the guide's draws, without model, guide and data."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..compiler import Sampler
from ..compiler.serialise import read_sampler, read_slots, write_sampler, write_slots
from ..diagnostics import Record
from ..svi.state import make_state
from .archive import invalid, read_archive, write_archive
from .state import FitState

if TYPE_CHECKING:
    import numpy.typing as npt


class KeptFit(Record, eq=False):
    """The content of a fit's file.

    kind: which class of results it becomes. state: parameters, optimizer rows, step and seed. losses: float64, one for
    each step. params: constrained, by name. sampler: the guide's draws. facts: whatever else the kind needs, as JSON
    has it.
    """

    kind: str
    state: FitState
    losses: npt.NDArray[np.float64]
    params: dict[str, Any]
    sampler: Sampler
    facts: Mapping[str, Any]


class Keeper:
    """Writes one fit, perhaps again and again with other states; what stays the same is prepared once.

    slots: the parameters as they are written. TypeError, naming the parameter, for a constraint of the user's own.
    """

    def __init__(self, kind: str, sampler: Sampler) -> None:
        graph, self._data = write_sampler(sampler)
        self.slots = write_slots(sampler.slots)
        self._facts = {"kind": kind, "slots": self.slots, "sampler": graph}

    def write(
        self, path: Path, state: FitState, losses: npt.NDArray[np.float64], params: Mapping[str, Any],
        facts: Mapping[str, Any],
    ) -> None:  # fmt: skip
        """Write the file, whole or not at all."""
        inner = state.inner
        arrays = {"unconstrained": inner.params, "optimizer_state": inner.optimizer_state, "losses": losses}
        arrays.update((f"param.{name}", np.asarray(value)) for name, value in params.items())
        here = {"step": inner.step, "seed": inner.seed, "facts": dict(facts)}
        write_archive(path, {**self._facts, **here}, {**arrays, **self._data})


def write_fit(path: str | os.PathLike[str], fit: KeptFit) -> None:
    """Write a fit to one file. OSError where that cannot be."""
    Keeper(fit.kind, fit.sampler).write(Path(path), fit.state, fit.losses, fit.params, fit.facts)


def read_fit(path: str | os.PathLike[str]) -> KeptFit:
    """Read a fit again. DataError for a file that is none or damaged; OSError where there is none."""
    where = Path(path)
    facts, arrays = read_archive(where)
    try:
        slots = read_slots(facts["slots"])
        inner = make_state(arrays["unconstrained"], arrays["optimizer_state"], facts["step"], facts["seed"])
        sampler = read_sampler(facts["sampler"], arrays, slots)
        params = {slot.name: arrays[f"param.{slot.name}"][()] for slot in slots}
        return KeptFit(facts["kind"], FitState(inner, slots), arrays["losses"], params, sampler, facts["facts"])
    # The content is what was written, and yet this version does not understand it.
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        advice = "read it with the version of vicompile that wrote it, or a later one"
        raise invalid(where, f"this version does not understand it ({error})", advice) from None
