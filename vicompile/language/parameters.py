"""The statement `param`: a learnable number or array, kept in the param store."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from ..distributions.constraints import Constraint, real
from ..distributions.noise import current_generator
from .eager import perform
from .marks import primitive
from .messages import Message
from .plates import subsample


@primitive("param")
def param(
    name: str,
    init: Any | Callable[..., Any] | None = None,
    constraint: Constraint = real,
    event_dim: int | None = None,
    *,
    init_value: Any | Callable[..., Any] | None = None,
    init_tensor: Any | Callable[..., Any] | None = None,
) -> Any:
    """The constrained value of a learnable parameter: a copy, a number for a single one.

    init: a number, an array, or a callable that makes one, of no argument or of an int key (to seed a draw with). It
        counts only if the name is not known yet. Without it the learned value is read.
    constraint: the set the value stays in.
    event_dim: as in Pyro, how many of the last axes belong to one event: at least as many as the constraint has. Inside
        subsampled plates the value is then that of the elements that are in.
    init_value, init_tensor: NumPyro's and Pyro's names for `init`.

    Errors: KeyError for an unknown name without `init`, with the nearest known name; ValueError, naming place and
    value, for
        an initial value outside the constraint; TypeError for what is no number or no constraint, or for two initial
        values.
    """
    if not isinstance(name, str):
        raise TypeError(f"param: the first argument is the name, a string; got {name!r}")
    if not isinstance(constraint, Constraint):
        raise TypeError(f"param `{name}`: expected a constraint such as constraints.positive, got {constraint!r}")
    if event_dim is not None and (not isinstance(event_dim, int) or event_dim < constraint.event_dim):
        raise ValueError(
            f"param `{name}`: event_dim is {event_dim!r}; expected a whole number, from {constraint.event_dim} "
            f"for {constraint!r}"
        )
    starts = [start for start in (init, init_value, init_tensor) if start is not None]
    if len(starts) > 1:
        raise TypeError(
            f"param `{name}`: `init`, `init_value` and `init_tensor` are one argument under three names; give one"
        )
    value = perform(Message("param", name, init=starts[0] if starts else None, constraint=constraint))
    return value if event_dim is None else subsample(value, event_dim)[()]


def initial_value(init: Any) -> Any:
    """What `init` stands for: itself, or what the callable makes."""
    if not callable(init):
        return init
    try:
        wants_key = any(
            p.default is p.empty and p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
            for p in inspect.signature(init).parameters.values()
        )
    except ValueError:
        wants_key = False
    return init(int(current_generator().integers(1 << 63))) if wants_key else init()
