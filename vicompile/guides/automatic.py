"""What every automatic guide is to the compiler."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..diagnostics import Record
from ..frontend import Program
from ..ir.nodes import Provenance
from ..lower import Trace
from .build import Builder, Slopes
from .latents import Latent, latents_of


class Automatic:
    """A guide that is made of the model's trace. A kind of guide is a subclass that declares its sites.

    prefix: stands in the names of its parameters.
    """

    prefix = "auto"

    @property
    def functions(self) -> tuple[Callable[..., Any], ...]:
        """Parts of it that were written, as functions of the language."""
        return ()

    @property
    def name(self) -> str:
        """What texts call it."""
        return type(self).__name__

    def takes(self, site: str) -> bool:
        """Whether a latent site of the model is this guide's."""
        return True

    def check_model(self, model: Callable[..., Any]) -> None:
        """Raise ValueError for a model that the guide was not made for."""

    def start(self, fit: Any, seed: int) -> dict[str, Any]:
        """The initial values of parameters that are not as declared, constrained, by name. fit: what is bound."""
        return {}

    def declare(self, build: Builder, latents: list[Latent]) -> None:
        """Declare parameters and sites for these latent sites of the model, in this order."""
        raise NotImplementedError

    def trace(
        self,
        model: Trace,
        provenance: Provenance,
        *,
        written: Sequence[Trace] = (),
        whole: bool = False,
        slopes: Slopes | None = None,
    ) -> Trace:
        """The guide's trace for a model with this one.

        written: those of the parts that were written. whole: with all elements of subsampled plates in, and each
        density counting once: for questions about the fitted guide. slopes: the gradient of the model's log density.

        Raises CompileError for a latent site that such a guide cannot have; NeedEqual, NeedFixed and SizeMustBeKnown
        where sizes matter.
        """
        build = Builder(model, self.prefix, provenance, written, slopes)
        with provenance.active():
            self.declare(build, latents_of(model, self.takes, whole))
        return build.trace


class Made(Record, eq=False):
    """An automatic guide on the road. written: its parts that were written, as they were read."""

    automatic: Automatic
    written: tuple[Program, ...] = ()

    @property
    def name(self) -> str:
        """What texts call it."""
        return self.automatic.name
