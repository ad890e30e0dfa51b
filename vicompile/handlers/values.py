"""Handlers that give or take the values of sites: condition, do, substitute, replay, uncondition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Self

from ..language.messages import Handler, Message, Road


class Given(Handler):
    """Base of the handlers that hold values by site name; None stands for no value."""

    def __init__(self, fn: Callable[..., Any] | None = None, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(fn)
        if not isinstance(data, Mapping) or not all(isinstance(name, str) for name in data):
            raise TypeError(f"{self.word}: `data` must be a dict of values with site names as keys")
        self.data = {name: value for name, value in data.items() if value is not None}

    def gives(self, message: Message) -> bool:
        """Whether there is a value for this sample. ValueError for one in the steps of a scan."""
        found = message.kind == "sample" and message.name in self.data
        if found and message.steps is not None:
            raise ValueError(
                f"site `{message.name}`: `{self.word}` cannot give a value to each step of a scan; pass the values as "
                "`xs`, and observe the site there"
            )
        return found

    def chosen(self) -> frozenset[str]:
        """The names of `data`."""
        return frozenset(self.data)

    def outside(self) -> Mapping[str, Any]:
        """The values of `data`."""
        return {f"[{name!r}]": value for name, value in self.data.items()}

    def with_outside(self, values: Mapping[str, Any]) -> Self:
        """With other values in `data`."""
        other = self.around(self.fn)
        other.data = {name: values[f"[{name!r}]"] for name in self.data}
        return other


class condition(Given):
    """The sites that `data` names are observed, with its values, as if each had `obs=value`.

    fn: the model. data: values by site name; they have the shape of their sites, as observations have. Of nested
        conditions on one site the outermost one counts.

    Errors: TypeError for a `data` that is no dict; ValueError, naming the site, for a value that does not fit.
    """

    must_apply = True

    def process(self, message: Message, road: Road) -> None:
        """Observe the site."""
        if self.gives(message):
            message.value, message.is_observed, message.fixed_by = self.data[message.name], True, self.word


class do(Given):
    """The sites that `data` names vanish: their names give its values, and no density counts for them (Pearl's `do`).

    fn: the model. data: values by site name.

    A site that is set in this way is not there for handlers further out.
    """

    must_apply = True

    def process(self, message: Message, road: Road) -> None:
        """Leave the value of the site alone."""
        if self.gives(message):
            message.kind, message.value = "value", self.data[message.name]


class substitute(Given):
    """The parameters and latent sites that `data` names have its values.

    A parameter is then a constant, given by its constrained value, and not learned. The density of a site counts at the
    value. Names that the model does not have are ignored, so that all the values of a fit can be given.

    fn: the model. data: values by name.
    """

    def process(self, message: Message, road: Road) -> None:
        """Give the value to the site or parameter."""
        is_param = message.kind == "param" and message.name in self.data
        if is_param or (not message.is_observed and self.gives(message)):
            message.value, message.fixed_by = self.data[message.name], self.word


class replay(Given):
    """The latent sites have the values that they have in `trace`; sites that it lacks are drawn.

    fn: the model. trace: what `handlers.trace(...).get_trace(...)` gives.
    """

    def __init__(self, fn: Callable[..., Any] | None = None, trace: Mapping[str, Any] | None = None) -> None:
        if not isinstance(trace, Mapping):
            raise TypeError(f"replay: `trace` must be the result of get_trace, got {type(trace).__name__}")
        drawn = {n: s["value"] for n, s in trace.items() if s["type"] == "sample" and not s["is_observed"]}
        super().__init__(fn, drawn)
        self.trace = trace

    def process(self, message: Message, road: Road) -> None:
        """Give the value to the latent site."""
        if not message.is_observed and self.gives(message):
            message.value, message.fixed_by = self.data[message.name], self.word


class uncondition(Handler):
    """Observed sites are latent again: their observations are forgotten, and they are drawn.

    fn: the model. To draw data from a model that was written with its observations.
    """

    def process(self, message: Message, road: Road) -> None:
        """Forget the observation."""
        if message.kind == "sample" and message.is_observed:
            message.value, message.is_observed, message.fixed_by = None, False, ""
