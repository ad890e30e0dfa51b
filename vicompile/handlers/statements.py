"""Handlers of whole statements, their names and kinds: block, scope, lift, infer_config."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self

import numpy as np

from ..distributions import Distribution
from ..language.messages import Handler, Message, Road

_SEEN = frozenset(("sample", "param", "deterministic", "factor"))


class block(Handler):
    """Hides statements from the handlers further out, and from inference.

    fn: the model. Which statements, by one of: hide, names to hide; expose, names to leave, all others are hidden;
        hide_fn, a function of the statement (a dict with "name", "type", "is_observed") that tells whether to hide it;
        expose_types and hide_types, kinds among "sample", "param", "deterministic", "factor". By default all of them.

    In a fit a hidden latent site is drawn from its own distribution and its density does not count; a hidden observed
    site or factor does not count; a hidden parameter keeps its initial value.

    Errors: ValueError for more than one way to choose; TypeError for names that are no strings.
    """

    must_apply = True
    kinds = _SEEN

    def __init__(
        self,
        fn: Callable[..., Any] | None = None,
        hide_fn: Callable[[dict[str, Any]], Any] | None = None,
        hide: Iterable[str] | None = None,
        expose_types: Iterable[str] | None = None,
        expose: Iterable[str] | None = None,
        hide_types: Iterable[str] | None = None,
    ) -> None:
        super().__init__(fn)
        given = [n for n, v in locals().items() if n in _WAYS and v is not None]
        if len(given) > 1:
            raise ValueError(f"block: {' and '.join(given)} are given; choose one way to tell what is hidden")
        if hide_fn is not None and not callable(hide_fn):
            raise TypeError(f"block: `hide_fn` must be a function, got {type(hide_fn).__name__}")
        self.hide_fn = hide_fn
        self.hide, self.expose = _names("hide", hide), _names("expose", expose)
        self.hide_types, self.expose_types = _names("hide_types", hide_types), _names("expose_types", expose_types)
        self.asks_function = hide_fn is not None  # type: ignore[misc]

    def process(self, message: Message, road: Road) -> None:
        """Hide the statement if it is one of those."""
        if message.kind not in _SEEN:
            return
        if self._hides(message):
            message.is_hidden = message.is_stopped = True

    def _hides(self, message: Message) -> bool:
        if self.hide_fn is not None:
            return bool(self.hide_fn(_shown(message)))
        if self.hide is not None:
            return message.name in self.hide
        if self.expose is not None:
            return message.name not in self.expose
        if self.hide_types is not None:
            return message.kind in self.hide_types
        return self.expose_types is None or message.kind not in self.expose_types

    def chosen(self) -> frozenset[str]:
        """The names that were given."""
        return self.hide or self.expose or frozenset()


_WAYS = ("hide_fn", "hide", "expose_types", "expose", "hide_types")


def _names(argument: str, names: Iterable[str] | None) -> frozenset[str] | None:
    if names is None:
        return None
    found = frozenset((names,) if isinstance(names, str) else names)
    if not all(isinstance(name, str) for name in found):
        raise TypeError(f"block: `{argument}` must be a list of strings")
    return found


def _shown(message: Message) -> dict[str, Any]:
    """A statement as functions of the user's see it."""
    return {"name": message.name, "type": message.kind, "is_observed": message.is_observed}


class scope(Handler):
    """Every name gets a prefix: sites, parameters, deterministics, factors and plates.

    fn: the model. prefix: what stands before each name. divider: what stands between the two.
    hide_types: kinds of statements whose names stay, among "sample", "param", "deterministic", "factor", "plate".

    Errors: TypeError for a prefix that is no string; ValueError for one with braces.
    """

    def __init__(
        self,
        fn: Callable[..., Any] | None = None,
        prefix: str = "",
        divider: str = "/",
        *,
        hide_types: Iterable[str] | None = None,
    ) -> None:
        super().__init__(fn)
        for argument, value in (("prefix", prefix), ("divider", divider)):
            if not isinstance(value, str):
                raise TypeError(f"scope: `{argument}` must be a string")
            if "{" in value or "}" in value:
                raise ValueError(f"scope: `{argument}` must not hold braces, got {value!r}")
        self.prefix, self.divider = prefix, divider
        self.hide_types = frozenset(hide_types or ())

    def process(self, message: Message, road: Road) -> None:
        """Put the prefix before the name."""
        if message.kind not in self.hide_types and self.prefix:
            message.name = f"{self.prefix}{self.divider}{message.name}"


class lift(Handler):
    """Parameters become sites: each has a prior instead of an initial value.

    fn: the model. prior: a distribution for all parameters, or a dict of them by parameter name. A prior is expanded to
        the shape of the parameter's initial value. The constraint of a lifted parameter does not count: choose a prior
        with the support that is meant.

    Errors: TypeError for a prior that is no distribution.
    """

    must_apply = True
    kinds = frozenset(("param",))

    def __init__(
        self, fn: Callable[..., Any] | None = None, prior: Distribution | Mapping[str, Distribution] | None = None
    ) -> None:
        super().__init__(fn)
        priors = prior.values() if isinstance(prior, Mapping) else [prior]
        for one in priors:
            if not isinstance(one, Distribution):
                raise TypeError("lift: `prior` must be a distribution, or a dict of them by parameter name")
        self.prior: Any = dict(prior) if isinstance(prior, Mapping) else prior

    def process(self, message: Message, road: Road) -> None:
        """Make the parameter a site."""
        prior = self.prior.get(message.name) if isinstance(self.prior, dict) else self.prior
        if message.kind == "param" and message.value is None and prior is not None:
            if message.steps is not None:
                raise ValueError(f"param `{message.name}`: `lift` cannot make a site of a parameter inside a scan")
            message.kind, message.fn, message.is_lifted = "sample", prior, True

    def chosen(self) -> frozenset[str]:
        """The names that were given."""
        return frozenset(self.prior) if isinstance(self.prior, dict) else frozenset()

    def _priors(self) -> dict[str, Distribution]:
        return {f"[{n!r}]": p for n, p in self.prior.items()} if isinstance(self.prior, dict) else {"": self.prior}

    def outside(self) -> Mapping[str, Any]:
        """Arrays in the priors. Single numbers stay what they are: a support may be made of them."""
        found: dict[str, Any] = {}
        for key, prior in self._priors().items():
            arrays = [(name, v) for name, v in prior.numbers().items() if isinstance(v, np.ndarray) and v.ndim]
            found |= {f"{key}.{name}": value for name, value in arrays}
        return found

    def with_outside(self, values: Mapping[str, Any]) -> Self:
        """With other arrays in the priors."""

        def filled(key: str, prior: Distribution) -> Distribution:
            return prior.with_params(lambda name, value: values.get(f"{key}.{name}", value))

        other = self.around(self.fn)
        if isinstance(self.prior, dict):
            other.prior = {name: filled(f"[{name!r}]", prior) for name, prior in self.prior.items()}
        else:
            other.prior = filled("", self.prior)
        return other


class infer_config(Handler):
    """Adds to the `infer` options of sites.

    fn: the model. config_fn: a function of the site (a dict with "name", "type", "is_observed") that gives a dict.
    """

    asks_function = True

    def __init__(
        self,
        fn: Callable[..., Any] | None = None,
        config_fn: Callable[[dict[str, Any]], Mapping[str, Any] | None] | None = None,
    ) -> None:
        super().__init__(fn)
        if not callable(config_fn):
            raise TypeError(f"infer_config: `config_fn` must be a function, got {type(config_fn).__name__}")
        self.config_fn = config_fn

    def process(self, message: Message, road: Road) -> None:
        """Add the options."""
        if message.kind == "sample":
            message.infer = {**(message.infer or {}), **(self.config_fn(_shown(message)) or {})}
