"""Distributions whose arguments are distributions: what is known of them, and arguments of the wrong kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..distributions import kinds
from ..distributions.kinds import Kind
from .recognise import distribution_name, is_distribution_class, known_support
from .values import UNKNOWN, Distribution, Function, Hole, Items, Known, Plate, Resolved, Text, Value, tainted


class Outline:
    """Stands for a distribution of which only the support is known, where a support is made of another one."""

    mask_condition = None

    def __init__(self, support: Any) -> None:
        self.support = support
        self.is_discrete = support.is_discrete
        self.event_dim = support.event_dim

    def to_event(self, count: Any = None) -> Outline:
        """The same: a set of vectors of independent numbers counts as the set of these numbers."""
        return self

    def mask(self, condition: Any) -> Outline:
        """The same."""
        return self


def made_distribution(kind: Any, values: Mapping[str, Value]) -> Distribution:
    """What is known of `kind(**values)`: the distribution itself if all arguments are, else perhaps its support."""
    plain = {name: _plain(value) for name, value in values.items()}
    if all(value is not _MISSING for value in plain.values()):
        try:
            instance = kind(**plain)
        except (TypeError, ValueError):  # reported already, or when the arguments are bound
            return Distribution(kind, known_support(kind, None))
        return Distribution(kind, getattr(instance, "support", None), instance)
    if not any(isinstance(declared, Kind) for declared in kind.arg_constraints.values()):
        return Distribution(kind, known_support(kind, None))
    outlines = {name: _outline(value) for name, value in values.items()}
    try:
        return Distribution(kind, known_support(kind, outlines))
    except AttributeError:  # the support depends on more than that of the inner distributions
        return Distribution(kind, known_support(kind, None))


_MISSING = object()


def _plain(value: Value) -> Any:
    """The value itself, `_MISSING` if it is not known."""
    match value:
        case Known(known):
            return known
        case Distribution(_, _, instance) if instance is not None:
            return instance
        case Items(items):
            parts = [_plain(item) for item in items]
            return _MISSING if any(part is _MISSING for part in parts) else parts
        case Resolved(known) if not isinstance(known, type):
            return known
    return _MISSING


def _outline(value: Value) -> Any:
    """As `_plain`, with an outline for a distribution of which the support is known."""
    if isinstance(value, Distribution) and value.instance is None and value.support is not None:
        return Outline(value.support)
    if isinstance(value, Items):
        return tuple(_outline(item) for item in value.items)
    return _plain(value)


def transform_value(kind: type, args: Sequence[Value], keywords: Mapping[str, Value]) -> Value:
    """What is known of a call of a transform class: the transform, if all arguments are known."""
    plain, named = [_plain(value) for value in args], {name: _plain(value) for name, value in keywords.items()}
    if any(value is _MISSING for value in (*plain, *named.values())):
        return tainted(*args, *keywords.values())
    try:
        return Resolved(kind(*plain, **named))
    except (TypeError, ValueError):  # told when the arguments are bound
        return UNKNOWN


def wrong_kind(declared: Kind, value: Value) -> str:
    """What `value` is, if it is certainly not what the argument must be; empty otherwise."""
    several = declared in (kinds.distributions, kinds.one_or_more_distributions)
    if several and isinstance(value, Items):
        return next((f"a list with {what[0]}" for what in map(not_a_distribution, value.items) if what), "")
    if declared is kinds.distributions and isinstance(value, Distribution):
        return f"the distribution `{distribution_name(value.kind)}`"
    if declared in (kinds.a_distribution, kinds.distributions, kinds.one_or_more_distributions):
        return next(iter(not_a_distribution(value)), "")
    if declared is kinds.transforms and isinstance(value, (Known, Distribution)):
        return f"`{value.value!r}`" if isinstance(value, Known) else f"`{distribution_name(value.kind)}`"
    return ""


def not_a_distribution(value: Value) -> tuple[str, ...]:
    """What `value` is instead, and perhaps what to do; empty if it may be a distribution."""
    match value:
        case Known(known):
            return (f"`{known!r}`",)
        case Resolved(kind) if is_distribution_class(kind):
            name = distribution_name(kind)
            return f"the class `{name}`", f"call it with its arguments: `{name}({', '.join(kind.arg_constraints)})`"
        case Resolved(other):
            return (f"`{getattr(other, '__name__', type(other).__name__)}`",)
        case Items():
            return ("a sequence",)
        case Plate():
            return ("a plate",)
        case Function():
            return ("a function",)
        case Hole() | Text():
            return ("a loop variable",)
    return ()
