"""Handlers for models that are simply called: trace, which records, and seed, which makes draws reproducible."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any

import numpy as np

from ..language.eager import log_density
from ..language.messages import Handler, Message, Road, Steps
from ..language.randomness import seed as seeded


class Trace(dict[str, dict[str, Any]]):
    """What one call did: a dict for each statement by name, in their order.

    Its keys: "type" ("sample", "param", "deterministic" or "factor"), "name", "fn", "value", "is_observed", "infer" and
    "log_prob", the log density at the value (None where there is none), which counts as it does in a fit: with "scale"
    and "mask", those of the handlers and subsampled plates around (None where there are none). In the steps of a scan
    values and densities have a leading axis for the steps, and "fn" is that of the last one that was run.
    """

    @property
    def nodes(self) -> dict[str, dict[str, Any]]:
        """The same dict, under Pyro's name."""
        return self

    @property
    def stochastic_nodes(self) -> list[str]:
        """The names of the latent sites."""
        return [name for name, site in self.items() if site["type"] == "sample" and not site["is_observed"]]

    @property
    def observation_nodes(self) -> list[str]:
        """The names of the observed sites, factors among them."""
        return [name for name, site in self.items() if site["is_observed"]]

    @property
    def param_nodes(self) -> list[str]:
        """The names of the parameters."""
        return [name for name, site in self.items() if site["type"] == "param"]

    def compute_log_prob(self) -> None:
        """Nothing is left to do: every site has its "log_prob". Here for Pyro's sake."""

    def log_prob_sum(self, site_filter: Callable[[str, dict[str, Any]], Any] | None = None) -> float:
        """The sum of all log densities, factors included. site_filter: whether a site counts, of (name, site)."""
        return float(
            sum(
                np.sum(site["log_prob"])
                for name, site in self.items()
                if site["log_prob"] is not None and (site_filter is None or site_filter(name, site))
            )
        )

    def format_shapes(self) -> str:
        """A table of the statements: name, kind, batch and event shape of the distribution, shape of the value."""
        rows = [("name", "type", "batch", "event", "value")]
        for name, site in self.items():
            fn = site["fn"]
            batch, event = ("", "") if fn is None else (str(fn.batch_shape), str(fn.event_shape))
            rows.append((name, site["type"], batch, event, str(np.shape(site["value"]))))
        widths = [max(len(row[k]) for row in rows) for k in range(5)]
        return "\n".join("  ".join(text.ljust(w) for text, w in zip(row, widths)).rstrip() for row in rows)


class trace(Handler):
    """Records the statements of a call: `trace(model).get_trace(*args)`, or `with trace() as recorded: ...`.

    fn: the model. In a fit it does nothing.
    """

    def __init__(self, fn: Callable[..., Any] | None = None) -> None:
        super().__init__(fn)
        self.trace = Trace()

    def get_trace(self, *args: Any, **kwargs: Any) -> Trace:
        """Call the function and give the record of this call."""
        self(*args, **kwargs)
        return self.trace

    def __enter__(self) -> Trace:
        self.trace = Trace()
        super().__enter__()
        return self.trace

    def process(self, message: Message, road: Road) -> None:
        """Ask to be told how the statement ends."""
        message.witnesses.append((self, message.name))

    def record(self, name: str, message: Message) -> None:
        """Keep one finished statement. ValueError for a name that was used before."""
        if message.kind in ("plate", "value"):
            return
        known = self.trace.get(name)
        in_steps = known is not None and message.steps is not None
        if known is not None and not in_steps and not (known["type"] == message.kind == "param"):
            raise ValueError(f"site `{name}` is there twice; a site is known by its name, so each needs its own")
        value, log_prob = message.value, log_density(message)
        if message.steps is not None and message.kind != "param":
            value, log_prob = (
                _with_step(message.steps, known and known[key], one)
                for key, one in (("value", value), ("log_prob", log_prob))
            )
        self.trace[name] = {
            "type": message.kind,
            "name": name,
            "fn": message.fn if message.kind == "sample" else None,
            "value": value,
            "is_observed": message.is_observed,
            "infer": dict(message.infer or {}),
            "scale": message.scale,
            "mask": message.mask,
            "log_prob": log_prob,
        }


def _with_step(steps: Steps, known: Any, value: Any) -> Any:
    """One more step of a scan, along the leading axis; `known` are those before."""
    if value is None:
        return None
    rows = [np.asarray(value)[None]]
    if known is not None:
        rows.insert(len(rows) if steps.is_backwards else 0, known)
    return np.concatenate(rows)


class seed(Handler):
    """The draws inside are a function of the number alone; those outside go on as before.

    fn: the model. rng_seed: a whole number from 0. In a fit it does nothing: `SVI.run` has a `seed` of its own.

    Errors: ValueError for another seed.
    """

    def __init__(self, fn: Callable[..., Any] | None = None, rng_seed: Any = None) -> None:
        super().__init__(fn)
        seeded(rng_seed)  # tells what is wrong with it
        self.rng_seed = rng_seed
        self._seeded: list[seeded] = []

    def __enter__(self) -> Any:
        entered = seeded(self.rng_seed)
        entered.__enter__()
        self._seeded.append(entered)
        return super().__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        self._seeded.pop().__exit__(kind, error, trace)
