"""Binds the arguments of calls, and keeps the last bound fit for as long as nothing has changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..compiler import BoundFit, Pair
from ..frontend import Program
from .remembered import Remembered, RememberedCall


class _Kept:
    """A bound fit, and all that it was made of."""

    def __init__(self, pair: Pair, fit: BoundFit, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        self.fit = fit
        reads = fit.arguments.reads
        self._call = RememberedCall(args, kwargs, reads)
        self._programs = pair.programs
        # What helpers take from outside is part of the data as well.
        self._sources = dict.fromkeys(
            [*self._programs, *(helper for found in fit.arguments.helpers for helper, _ in found.values())]
        )
        self._captures = [
            (capture.get, Remembered(capture.get(), reads)) for p in self._sources for capture in p.captures.values()
        ]
        self._bound = [(value, Remembered(value, reads)) for p in self._programs for value in p.bound.values()]

    def serves(
        self, programs: tuple[Program, ...], args: Sequence[Any], kwargs: Mapping[str, Any], particles: int
    ) -> bool:
        """Whether the fit is certainly what a new binding would give."""
        return (
            particles == self.fit.particles
            and programs == self._programs
            and self._call.holds(args, kwargs)
            and all(known.holds(get()) for get, known in self._captures)
            and all(known.holds(value) for value, known in self._bound)
            and all(getattr(kind, name, None) is function for kind, name, function in self.fit.arguments.methods)
            and all(program.is_current() for program in self._sources)
        )


class Bindings:
    """`pair.bind` with a memory of one call."""

    def __init__(self, pair: Pair) -> None:
        self._pair = pair
        # One reference, replaced as a whole: threads see the old one or the new one.
        self._last: _Kept | None = None

    def bind(self, args: Sequence[Any], kwargs: Mapping[str, Any], particles: int) -> BoundFit:
        """The kernel bound to these arguments, which all functions get. Raises CompileError and DataError."""
        pair, last = self._pair, self._last
        if last is not None and last.serves(pair.programs, args, kwargs, particles):
            return last.fit
        fit = pair.bind(args, args, kwargs, kwargs, particles)
        self._last = _Kept(pair, fit, args, kwargs)
        return fit
