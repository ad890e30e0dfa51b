"""A model with its guide, or alone: parsed and checked at once, specialised as arguments come."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..check import check
from ..diagnostics import collect
from ..frontend import Program, parse
from ..guides import Automatic, Made
from ..language.messages import peeled
from ..objective import LOG_WEIGHTS, Question, negative_elbo
from ..specialise import Arguments, Reads, Spec, gather_arguments
from ..specialise.gather import Call
from .again import Recipe
from .binding import BoundFit
from .compiled import Compiled, Guards, check_dtype, compiled_from, run_stages
from .pipeline import Unit


class Pair:
    """Keeps one kernel for every kind of arguments seen.

    guide: a function, or an automatic guide; None for a question about the model alone. question: what the kernel
    computes, a function of `objective`.
    dtype: "float64", or "float32" for what comes from rows of data: see `schedule.precision`. loss: a function of log
    weights that the question is about. last: the last stage of the road, "objective" where no kernel is wanted; by
    default all.

    Raises CompileError, when it is made, with everything that is wrong with the functions; TypeError for a handler
    around an automatic guide.
    """

    def __init__(
        self,
        model: Callable[..., Any],
        guide: Callable[..., Any] | Automatic | None,
        *,
        question: Question = negative_elbo,
        dtype: str = "float64",
        loss: Callable[..., Any] | None = None,
        last: str | None = None,
    ) -> None:
        self.dtype = check_dtype(dtype)
        self._last = last
        self._model, self._guide, self._loss = model, guide, loss
        if isinstance(guide, Automatic):
            guide.check_model(model)
        elif isinstance(automatic := peeled(guide)[1], Automatic):
            raise TypeError(
                f"handlers go around the model that an automatic guide is made of, not around the guide: "
                f"{type(automatic).__name__}(block(model, hide=[...]))"
            )
        self._question = question
        self._lock = threading.Lock()
        self._compiled: dict[tuple[tuple[str, Spec], ...], list[Compiled]] = {}
        # Of the last call that was taken apart in full.
        self._recipe: Recipe | None = None
        # What the programs and their helpers read of objects and tables.
        self._reads: Reads | None = None
        self._parse()

    def _parse(self) -> None:
        """Read the functions. model, guide, custom: they as they were read, the last one the loss of the user's own."""
        guide = self._guide
        parts = guide.functions if isinstance(guide, Automatic) else () if guide is None else (guide,)
        functions = [self._model, *parts, *(() if self._loss is None else (self._loss,))]
        programs: list[Program] = []
        with collect() as report:
            for function in functions:
                with report.catching():
                    programs.append(parse(function))
        self.programs = tuple(programs)
        self.model, self._parts = programs[0], tuple(programs[1 : 1 + len(parts)])
        self.custom = programs[-1] if self._loss is not None else None
        self.guide: Program | Made | None
        if isinstance(guide, Automatic):
            self.guide = Made(guide, self._parts)
            for program in (self.model, *self._parts):
                check(program, None)
        else:
            self.guide = self._parts[0] if self._parts else None
            check(self.model, self.guide)

    def stages(self, arguments: Arguments, observer: Any = None) -> tuple[Unit, Guards]:
        """All stages for these arguments, without machine code; see `run_stages`."""
        return run_stages(
            self.model,
            self.guide,
            arguments,
            observer,
            question=self._question,
            dtype=self.dtype,
            custom=self.custom,
            last=self._last,
        )

    def calls(
        self,
        model_args: Sequence[Any],
        guide_args: Sequence[Any],
        model_kwargs: Mapping[str, Any],
        guide_kwargs: Mapping[str, Any],
    ) -> list[Call]:
        """Each program with its arguments. Those of a loss of log weights come from the particles."""
        calls: list[Call] = [(self.model, model_args, model_kwargs)]
        calls += [(program, guide_args, guide_kwargs) for program in self._parts]
        if self.custom is not None:
            calls.append((self.custom, (), dict.fromkeys(self._log_weights)))
        return calls

    @property
    def _log_weights(self) -> list[str]:
        parameters = self.custom.parameters if self.custom is not None else ()
        return [one.name for one in parameters if one.name in LOG_WEIGHTS]

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
            calls = self.calls(model_args, guide_args, model_kwargs, guide_kwargs)
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
        known.append(compiled_from(*self.stages(arguments)))
        return BoundFit(known[-1], arguments, particles)
