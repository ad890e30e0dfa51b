"""The fit behind `SVI.step`: between two steps its parameters live in the param store, open to everybody."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np

from ..distributions.noise import current_generator
from ..language import ParamStore, get_param_store
from ..svi.outcome import RunOutcome, why_stopped
from ..svi.state import SEED_LIMIT, SVIState
from ..svi.workspace import Workspace, acquire, address, release
from .nonfinite import stop_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from ..compiler import BoundFit, ParamSlot
    from ..svi.optimizers import BoundOptimizer
    from .optimizing import Optimizing


class StoredSteps:
    """What all steps on the values of the store share: where the stream of random numbers is."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._step = 0
        self._evaluations = 0
        self._seed = 0
        self._generator: np.random.Generator | None = None

    def parameters(self, fit: BoundFit) -> npt.NDArray[np.float64]:
        """The flat unconstrained parameters that the next step would start from."""
        return stored_params(fit, get_param_store(), self._seed)

    def next_evaluation(self) -> tuple[int, int]:
        """Seed and step of the next evaluation: a stream of its own, so that steps stay as they are; the step is the
        next one, as schedules have it.
        """
        with self._lock:
            self._follow_seed()
            self._evaluations += 1
            return (self._seed + self._evaluations * 0x9E3779B97F4A7C15) % SEED_LIMIT, self._step

    def _follow_seed(self) -> None:
        """Begin a new stream of random numbers where `set_rng_seed` has been called since the last look."""
        generator = current_generator()
        if generator is self._generator:
            return
        seed = getattr(generator.bit_generator.seed_seq, "entropy", None)
        if isinstance(seed, int) and seed < SEED_LIMIT:  # a generator that nobody seeded has 128 random bits here
            self._generator, self._seed, self._step, self._evaluations = generator, seed, 0, 0
            self._begin_stream(seed)

    def _begin_stream(self, seed: int) -> None:
        """Told of a new stream."""


class StoredFit(StoredSteps):
    """Native steps. Optimizer state is kept here, by parameter.

    It starts anew for a parameter whose value somebody else has set or cleared, or whose shape has changed.
    """

    def __init__(self, optimizing: Optimizing) -> None:
        super().__init__()
        self._optimizing = optimizing
        self._fit: BoundFit | None = None
        self._space: Workspace | None = None
        self._slots: list[ParamSlot] = []
        self._views: list[npt.NDArray[np.float64]] = []
        self._versions: dict[str, int] = {}
        self._store_version = -1
        self._loss = np.empty(1)
        self._loss_address = address(self._loss)

    def step(self, fit: BoundFit) -> float:
        """One step: its loss. The store then holds the new values. Raises NonFiniteLossError before a failing one."""
        with self._lock:
            store = get_param_store()
            self._follow_seed()
            if fit is not self._fit or store.version() != self._store_version:
                self._load(fit, store)
            space = self._space
            assert space is not None
            done = space.advance(1, self._loss_address)
            self._step = space.step
            self._write(store)
            if not done:
                reached = space.snapshot(self._seed)
                raise stop_error(fit, RunOutcome(reached, np.empty(0), why_stopped(space)))
            return float(self._loss[0])

    def _begin_stream(self, seed: int) -> None:
        if self._space is not None:
            self._space.start(0, seed)

    def _load(self, fit: BoundFit, store: ParamStore) -> None:
        optimizer = self._optimizing.bind(fit.slots)
        before, space = self._space, self._space
        untouched = before is not None and store.version() == self._store_version and fit.slots == self._slots
        state = None if untouched else self._state(fit, store, optimizer)
        if fit is not self._fit:
            space = acquire(fit.problem, optimizer)
        assert space is not None
        if state is not None:
            space.load(state)
        elif before is not None and space is not before:
            space.carry_on(before)
            space.start(self._step, self._seed)
        if before is not None and self._fit is not None and space is not before:
            release(self._fit.problem, before)
        self._space, self._fit, self._slots = space, fit, fit.slots
        self._views = [slot.read(space.params) for slot in fit.slots]

    def _state(self, fit: BoundFit, store: ParamStore, optimizer: BoundOptimizer) -> SVIState:
        """Parameters as the store has them; optimizer state for those that nobody else has touched."""
        params = stored_params(fit, store, self._seed)
        rows = optimizer.initial_rows(params)
        before = {slot.name: slot for slot in self._slots} if self._space is not None else {}
        for slot in fit.slots:
            known = before.get(slot.name)
            if (
                known is not None
                and known.shape == slot.shape
                and self._versions[slot.name] == store.version(slot.name)
            ):
                assert self._space is not None
                rows[:, slot.start : slot.start + slot.count] = self._space.rows[
                    :, known.start : known.start + known.count
                ]
        return SVIState(params, rows, self._step, self._seed)

    def _write(self, store: ParamStore) -> None:
        for slot, view in zip(self._slots, self._views):
            store.set_unconstrained(slot.name, view, slot.constraint)
            self._versions[slot.name] = store.version(slot.name)
        self._store_version = store.version()


def stored_params(fit: BoundFit, store: ParamStore, seed: int = 0) -> npt.NDArray[np.float64]:
    """The flat parameters: from the store where it knows them, else at their initial values, where a seed may count.

    Raises ValueError for a stored value of another shape, DataError for one outside the constraint.
    """
    known = {slot.name: store[slot.name] for slot in fit.slots if slot.name in store}
    same = {slot.name for slot in fit.slots if slot.name in known and store.constraint(slot.name) == slot.constraint}
    for slot in fit.slots:
        shape = np.shape(known[slot.name]) if slot.name in known else slot.shape
        if shape != slot.shape:
            raise ValueError(
                f"parameter `{slot.name}` has shape {shape} in the param store, and {slot.shape} in this call; "
                "clear the store, or give the parameter another name"
            )
    # A value stored under the same constraint is taken bit by bit; there and back would lose the last ones.
    flat = fit.initial_params(known, seed) if len(same) < len(fit.slots) else np.empty(fit.parameter_count)
    for slot in fit.slots:
        if slot.name in same:
            slot.write(flat, store.unconstrained(slot.name))
    return flat


def write_params(store: ParamStore, slots: Sequence[ParamSlot], flat: npt.NDArray[np.float64]) -> None:
    """Put the parameters of a fit into the store."""
    for slot in slots:
        store.set_unconstrained(slot.name, slot.read(flat), slot.constraint)
