"""The handler reparam: sites written differently, with the same joint distribution."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..language.messages import Handler, Message, Road, Strategy


class reparam(Handler):
    """The latent sites that `config` names are written by its strategies: an auxiliary site, and a deterministic.

    fn: the model. config: strategies by site name, such as {"x": LocScaleReparam(centered=0.0)}. The guide then
        describes the auxiliary site (`x_decentered`), not `x`. A strategy may be named for an auxiliary site too.

    Errors: TypeError for a `config` that is no dict of strategies; ValueError, naming the site, for a distribution that
        the strategy does not know, or an observed site.
    """

    must_apply = True

    def __init__(self, fn: Callable[..., Any] | None = None, config: Mapping[str, Strategy] | None = None) -> None:
        super().__init__(fn)
        if not isinstance(config, Mapping) or not all(isinstance(one, Strategy) for one in config.values()):
            raise TypeError("reparam: `config` must be a dict of strategies by site name, such as LocScaleReparam()")
        self.config = dict(config)

    def process(self, message: Message, road: Road) -> None:
        """Let the strategy of the site write it."""
        strategy = self.config.get(message.name) if message.kind == "sample" else None
        if strategy is None:
            return
        if message.value is not None:
            raise ValueError(f"site `{message.name}`: {strategy.word} is for latent sites, and this one has a value")
        strategy.rewrite(message, road)

    def chosen(self) -> frozenset[str]:
        """The sites of `config`."""
        return frozenset(self.config)
