"""A model with its guide, or alone: parsed and checked at once, specialised as arguments come."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..check import check
from ..diagnostics import collect
from ..frontend import Program, parse
from ..guides import Automatic, Made
from ..objective import Question, negative_elbo
from ..specialise import Arguments, Reads, Spec, gather_arguments
from .again import Call, Recipe
from .binding import BoundFit
from .compiled import Compiled, check_dtype, compile_pair


class Pair:
    """Keeps one kernel for every kind of arguments seen.

    guide: a function, or an automatic guide; None for a question about the model alone. question: what the kernel
    computes, a function of `objective`.
    dtype: "float64", or "float32" for what comes from rows of data: see `schedule.precision`.
    last: the last stage of the road, "objective" where no kernel is wanted; by default all.

    Raises CompileError, when it is made, with everything that is wrong with the functions.
    """

    def __init__(
        self,
        model: Callable[..., Any],
        guide: Callable[..., Any] | Automatic | None,
        *,
        question: Question = negative_elbo,
        dtype: str = "float64",
        last: str | None = None,
    ) -> None:
        self.dtype = check_dtype(dtype)
        self._last = last
        self._automatic = guide if isinstance(guide, Automatic) else None
        if isinstance(guide, Automatic):
            guide.check_model(model)
            self._functions = [model, *guide.functions]
        else:
            self._functions = [model] if guide is None else [model, guide]
        self._question = question
        self._lock = threading.Lock()
        self._compiled: dict[tuple[tuple[str, Spec], ...], list[Compiled]] = {}
        # Of the last call that was taken apart in full.
        self._recipe: Recipe | None = None
        # What the programs and their helpers read of objects and tables.
        self._reads: Reads | None = None
        self._parse()

    def _parse(self) -> None:
        programs: list[Program] = []
        with collect() as report:
            for function in self._functions:
                with report.catching():
                    programs.append(parse(function))
        self.programs = tuple(programs)
        self.guide = self._guide_of(programs[1:])

    def _guide_of(self, programs: Sequence[Program]) -> Program | Made | None:
        """The guide as it was read, or what makes it, if there is one."""
        if self._automatic is None:
            guide = programs[0] if programs else None
            check(self.model, guide)
            return guide
        check(self.model, None)
        for part in programs:
            check(part, None)
        return Made(self._automatic, tuple(programs))

    @property
    def model(self) -> Program:
        """The model as it was read."""
        return self.programs[0]

    def bind(
        self,
        model_args: Sequence[Any],
        guide_args: Sequence[Any],
        model_kwargs: Mapping[str, Any],
        guide_kwargs: Mapping[str, Any],
        particles: int = 1,
    ) -> BoundFit:
        """The kernel for these arguments, compiled if it is the first time, and bound to them.

        The arguments of the guide are not looked at where none was written.
        """
        with self._lock:
            if not all(program.is_current() for program in self.programs):
                self._parse()
                self._compiled.clear()
                self._recipe = self._reads = None
            calls: list[Call] = [(self.model, model_args, model_kwargs)]
            calls += [(program, guide_args, guide_kwargs) for program in self.programs[1:]]
            arguments = self._recipe.arguments(calls) if self._recipe is not None else None
            if arguments is not None and self._recipe is not None:
                return self._bound(self._recipe.kernels, arguments, particles)
            arguments = gather_arguments(calls, self._reads)
            self._reads = arguments.reads
            kernels = self._compiled.setdefault(arguments.key, [])
            fit = self._bound(kernels, arguments, particles)
            self._recipe = Recipe.of(calls, arguments, kernels)
            return fit

    def _bound(self, known: list[Compiled], arguments: Arguments, particles: int) -> BoundFit:
        for compiled in known:
            data = compiled.data(arguments)
            if data is not None:
                return BoundFit(compiled, arguments, particles, data)
        known.append(
            compile_pair(self.model, self.guide, arguments, question=self._question, dtype=self.dtype, last=self._last)
        )
        return BoundFit(known[-1], arguments, particles)
