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
        self._call = RememberedCall(args, kwargs)
        self._programs = (pair.model, pair.guide)
        helpers = {id(helper): helper for found in fit.arguments.helpers for helper, _ in found.values()}
        # What a helper takes from outside was bound too.
        self._read = (*self._programs, *helpers.values())
        self._captures = [(one.get, Remembered(one.get())) for p in self._read for one in p.captures.values()]

    def serves(
        self, programs: tuple[Program, Program], args: Sequence[Any], kwargs: Mapping[str, Any], particles: int
    ) -> bool:
        """Whether the fit is certainly what a new binding would give."""
        return (
            particles == self.fit.particles
            and programs == self._programs
            and self._call.holds(args, kwargs)
            and all(known.holds(get()) for get, known in self._captures)
            and all(program.is_current() for program in self._read)
        )


class Bindings:
    """`pair.bind` with a memory of one call."""

    def __init__(self, pair: Pair) -> None:
        self._pair = pair
        # One reference, replaced as a whole: threads see the old one or the new one.
        self._last: _Kept | None = None

    def bind(self, args: Sequence[Any], kwargs: Mapping[str, Any], particles: int) -> BoundFit:
        """The kernel bound to these arguments, which model and guide both get. Raises CompileError and DataError."""
        pair, last = self._pair, self._last
        if last is not None and last.serves((pair.model, pair.guide), args, kwargs, particles):
            return last.fit
        fit = pair.bind(args, args, kwargs, kwargs, particles)
        self._last = _Kept(pair, fit, args, kwargs)
        return fit
