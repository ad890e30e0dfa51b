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

    def __init__(self, handlers: Sequence[Handler]) -> None:
        self._handlers = handlers

    def sample(self, name: str, fn: Any) -> Any:
        """One more site."""
        from .statements import sample

        with only(self._handlers):
            return sample(name, fn)

    def param(self, name: str, init: Any, constraint: Constraint) -> Any:
        """One more parameter."""
        from .parameters import param

        with only(self._handlers):
            return param(name, init, constraint)


def perform(message: Message) -> Any:
    """The value of a statement: what a handler gives, or what the statement itself makes.

    Errors: ValueError, naming the site, for a given value whose shape or range does not fit.
    """
    from .plates import current_weights

    message.scale, message.mask = current_weights()
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
