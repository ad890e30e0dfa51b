"""Where a result comes from: the functions and arguments of its fit, and what is lowered of them when it is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from ..compiler import BoundFit, GuideDraws, PosteriorDraws
from .known_pairs import known_pair
from .simulating import Simulated


class Origin:
    """The functions and arguments of a fit. guide: None where the fit has none.

    Nothing is lowered or compiled before it is needed.
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
        """Model and guide with their arguments, for one particle."""
        pair = known_pair(self.model, self.guide)
        return pair.bind(self.args, self.args, self.kwargs, self.kwargs)

    @cached_property
    def guide_draws(self) -> GuideDraws:
        """Draws of the guide with these arguments; no kernel is needed."""
        pair = known_pair(self.model, self.guide, last="objective")
        return pair.bind(self.args, self.args, self.kwargs, self.kwargs).guide_draws

    @cached_property
    def draws(self) -> PosteriorDraws:
        """Draws of the guide with their importance weights."""
        return PosteriorDraws(self.bound)
