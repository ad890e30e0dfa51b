"""Statements carried out on NumPy, after the active handlers have seen them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..distributions.arguments import validate
from ..distributions.constraints import Constraint
from .messages import Handler, Message, active, only, pass_through


class EagerRoad:
    """Statements that a handler adds to a model that is simply called."""

    is_abstract = False

    def __init__(self, handlers: Sequence[Handler], message: Message) -> None:
        self._handlers, self._message = handlers, message

    def sample(self, name: str, fn: Any) -> Any:
        """One more site."""
        with only(self._handlers):
            return perform(Message("sample", name, fn=fn, scale=self._message.scale, mask=self._message.mask))

    def param(self, name: str, init: Any, constraint: Constraint) -> Any:
        """One more parameter."""
        from .parameters import param

        with only(self._handlers):
            return param(name, init, constraint)

    def factor(self, value: Any) -> Any:
        """An array of positive numbers. ValueError for others."""
        found = np.asarray(value, float)
        if not np.all(found > 0.0):
            raise ValueError(f"the scale must be positive, got {value!r}")
        return found

    def condition(self, value: Any) -> Any:
        """An array of truth values. TypeError for anything else."""
        found = np.asarray(value)
        if found.dtype != bool:
            raise TypeError(f"the mask must be True, False or an array of them, got {value!r}")
        return found


def log_density(message: Message) -> Any:
    """The log density of a finished statement, as often as it counts and where it does; None if it has none.

    ValueError, naming the site, for a scale or mask that does not broadcast to the batch.
    """
    if message.kind == "sample":
        fn = message.fn if message.mask is None else message.fn.mask(_of_batch(message, "mask", message.fn.batch_shape))
        density, batch = fn.log_prob(message.value), fn.batch_shape
    elif message.kind == "factor":
        density = np.asarray(message.value, float)
        batch = density.shape
        if message.mask is not None:
            density = np.where(_of_batch(message, "mask", batch), density, 0.0)
    else:
        return None
    return density[()] if message.scale is None else density * _of_batch(message, "scale", batch)


def _of_batch(message: Message, what: str, batch: Any) -> Any:
    given = getattr(message, what)
    try:
        return np.broadcast_to(given, batch)
    except ValueError:
        shapes = f"has shape {np.shape(given)}, the site's batch has shape {batch}"
        raise ValueError(f"site `{message.name}`: the {what} around it {shapes}") from None


def perform(message: Message) -> Any:
    """The value of a statement: what a handler gives, or what the statement itself makes.

    Errors: ValueError, naming the site, for a given value whose shape or range does not fit.
    """
    pass_through(message, active(), EagerRoad)
    if message.kind == "sample":
        _sample(message)
    elif message.kind == "value":
        message.value = _shaped(message)
    elif message.kind == "param":
        _param(message)
    for witness, name in message.witnesses:
        witness.record(name, message)
    return message.name if message.kind == "plate" else message.value


def _sample(message: Message) -> None:
    try:
        if message.is_lifted:
            message.fn = lifted_prior(message)
        if message.value is None:
            message.value = message.fn.sample()
            return
        value = np.asarray(message.value)
        # Only its check of type and shape is wanted here.
        message.fn.log_prob(value)
    except (TypeError, ValueError) as error:
        raise type(error)(f"site `{message.name}`: {error}") from None
    message.value = value[()]


def _shaped(message: Message) -> Any:
    """A value that stands for a site, with the site's shape."""
    try:
        dtype = None if message.fn.is_discrete else float
        return np.array(np.broadcast_to(message.value, message.fn.shape()), dtype)[()]
    except ValueError:
        raise ValueError(
            f"site `{message.name}`: the value has shape {np.shape(message.value)}, the site {message.fn.shape()}"
        ) from None


def lifted_prior(message: Message) -> Any:
    """The prior of a lifted parameter, with the parameter's shape."""
    from .parameters import initial_value

    if message.init is None:
        return message.fn
    shape = np.shape(initial_value(message.init))
    if len(message.fn.shape()) > len(shape):
        raise ValueError(f"the prior has shape {message.fn.shape()}, the parameter {shape}")
    return message.fn.expand(shape[: len(shape) - message.fn.event_dim])


def _param(message: Message) -> None:
    from .parameters import initial_value
    from .store import get_param_store

    store = get_param_store()
    if message.value is None:
        if message.init is None or message.name in store:
            message.value = store[message.name]
        else:
            message.value = store.setdefault(message.name, initial_value(message.init), message.constraint)
        return
    value = np.asarray(message.value, float)
    if message.init is not None:
        value = np.array(np.broadcast_to(value, np.shape(initial_value(message.init))))
    validate("param", message.name, value, message.constraint, noun="given value of")
    message.value = value[()]
