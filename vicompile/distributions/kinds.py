"""Arguments of distributions that are not numbers: other distributions, and plain values that fix the structure."""

from __future__ import annotations

from typing import Any


class Kind:
    """Stands in `arg_constraints` where a constraint would: what an argument is, if it is no number.

    noun: how messages call it.
    """

    event_dim = 0

    def __init__(self, noun: str) -> None:
        self.noun = noun

    def __repr__(self) -> str:
        return self.noun


a_distribution = Kind("a distribution")
distributions = Kind("a list of distributions")
one_or_more_distributions = Kind("a distribution or a list of distributions")
a_set = Kind("a constraint")
transforms = Kind("a transform or a list of transforms")
# Decides what the code looks like, as a number of dimensions does: never a number that is computed in a model.
plain_value = Kind("a plain Python value")


def check_unmasked(*parts: Any) -> None:
    """ValueError for a distribution with a mask: its log density where it is masked is no density."""
    for part in parts:
        if part.mask_condition is not None:
            raise ValueError(f"{part!r} has a mask; mask the whole distribution instead")


def is_composite(value: Any) -> bool:
    """Whether a parameter has parameters of its own: a distribution, a transform, a set, or several of them."""
    if isinstance(value, tuple):
        return any(map(is_composite, value))
    return callable(getattr(value, "with_params", None))


def mapped(value: Any, name: str, function: Any) -> Any:
    """`value` with each number in it replaced by function(name, number); parts are called `name.part`."""
    if isinstance(value, tuple):
        return tuple(mapped(part, f"{name}.{k}", function) for k, part in enumerate(value))
    if is_composite(value):
        return value.with_params(lambda part, number: function(f"{name}.{part}", number))
    return function(name, value)
