"""Where a result comes from: the functions and arguments of its fit, and what is lowered of them when it is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from ..compiler import BoundFit, Pair, PosteriorDraws
from .simulating import Simulated


class Origin:
    """The functions and arguments of a fit. guide: None where the fit has none.

    Nothing is compiled to machine code for what follows a fit, and nothing is lowered before it is needed.
    """

    def __init__(
        self, model: Callable[..., Any], guide: Any, args: tuple[Any, ...] = (), kwargs: Mapping[str, Any] | None = None
    ) -> None:
        self.model, self.guide = model, guide
        self.args, self.kwargs = args, dict(kwargs or {})

    @cached_property
    def simulated(self) -> Simulated:
        """The model, with its observations."""
        return Simulated(self.model)

    @cached_property
    def bound(self) -> BoundFit:
        """Model and guide with their arguments, without a kernel."""
        pair = Pair(self.model, self.guide, last="objective")
        return pair.bind(self.args, self.args, self.kwargs, self.kwargs)

    @cached_property
    def draws(self) -> PosteriorDraws:
        """Draws of the guide."""
        return PosteriorDraws(self.bound)
