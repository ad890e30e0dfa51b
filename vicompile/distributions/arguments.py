"""Binding and checking of a distribution's arguments: every fault is told with distribution, argument, place and
value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..diagnostics.nearest import nearest
from ..ir import ops
from ..ir.dims import Dim
from ..ir.nodes import Node
from . import kinds
from .constraints.base import shown
from .kinds import Kind

if TYPE_CHECKING:
    from inspect import Signature

    from .constraints import Constraint
    from .declared import Declared


def check_order(kind: type[Declared]) -> None:
    """TypeError for an argument without a default behind one with a default."""
    default_seen = False
    for name, has_default in _defaulted(kind).items():
        if default_seen and not has_default:
            raise TypeError(f"{kind.__name__}: the argument `{name}` without a default follows one with a default")
        default_seen = has_default


def _defaulted(kind: type[Declared]) -> dict[str, bool]:
    alternatives = {name for group in kind.one_of for name in group}
    return {name: name in alternatives or name in kind.defaults for name in kind.arg_constraints}


class ClassSignature:
    """What `inspect.signature` and `help` show for a distribution class, made when they ask: few programs do."""

    def __get__(self, instance: object, kind: type[Declared]) -> Signature | None:
        if not hasattr(kind, "arg_constraints"):
            return None
        from inspect import Parameter, Signature

        parameters = [
            Parameter(
                name,
                Parameter.POSITIONAL_OR_KEYWORD,
                default=kind.defaults.get(name) if has_default else Parameter.empty,
            )
            for name, has_default in _defaulted(kind).items()
        ]
        return Signature([*parameters, Parameter("validate_args", Parameter.KEYWORD_ONLY, default=None)])


def bind(kind: type[Declared], args: Sequence[Any], keywords: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments by name, defaults filled in. TypeError for too many, unknown, missing, repeated or contradicting
    ones.
    """
    name, accepted = kind.__name__, list(kind.arg_constraints)
    listed = ", ".join(accepted)
    if len(args) > len(accepted):
        raise TypeError(f"{name} takes at most {len(accepted)} arguments ({listed}), {len(args)} were given")
    given = dict(zip(accepted, args, strict=False))
    for keyword, value in keywords.items():
        if keyword not in kind.arg_constraints:
            near = nearest(keyword, accepted)
            hint = f"; the nearest is `{near}`" if near else ""
            raise TypeError(f"{name} has no argument `{keyword}`; it takes {listed}{hint}")
        if keyword in given:
            raise TypeError(f"{name}: the argument `{keyword}` is given twice")
        given[keyword] = value
    alternatives = {member for group in kind.one_of for member in group}
    # None stands for an argument that is not given, where one may be left out.
    optional = alternatives | {key for key, value in kind.defaults.items() if value is None}
    given = {key: value for key, value in given.items() if value is not None or key not in optional}
    for group in kind.one_of:
        chosen = [member for member in group if member in given]
        if len(chosen) != 1:
            wanted = " or ".join(f"`{member}`" for member in group)
            raise TypeError(f"{name} takes exactly one of {wanted}; {'both' if chosen else 'none'} given")
    bound = {}
    for key in accepted:
        if key in given:
            bound[key] = given[key]
        elif key in kind.defaults:
            if kind.defaults[key] is not None:
                bound[key] = kind.defaults[key]
        elif key not in alternatives:
            raise TypeError(f"{name} needs the argument `{key}`; it takes {listed}")
    return bound


def is_symbolic(*values: Any) -> bool:
    """Is any of them a graph node?"""
    return any(isinstance(value, Node) for value in values)


def converted(owner: str, name: str, value: Any) -> Any:
    """A graph node as it is, anything else as float64. TypeError for what is not numbers."""
    if isinstance(value, Node):
        return value
    if isinstance(value, Dim):
        return ops.as_node(value)
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "biuf":
            raise TypeError
        return array.astype(float)[()]
    except (TypeError, ValueError):
        raise TypeError(
            f"{owner}: the argument `{name}` is {_shown(value)}; a number or an array of numbers was expected"
        ) from None


def is_number(value: Any) -> bool:
    """Is it a number, an array of numbers or a graph node?"""
    return isinstance(value, (Node, np.ndarray, np.generic, int, float))


def of_kind(owner: str, name: str, value: Any, kind: Kind) -> Any:
    """An argument that is no number, as its kind wants it. TypeError for anything else."""
    from .constraints import Constraint
    from .declared import Declared
    from .transforms.base import Transform

    if kind is kinds.plain_value and not isinstance(value, Node):
        return value
    if kind is kinds.a_set and isinstance(value, Constraint):
        return value
    if kind in (kinds.a_distribution, kinds.one_or_more_distributions) and isinstance(value, Declared):
        return value
    several = kind in (kinds.distributions, kinds.one_or_more_distributions) and isinstance(value, (list, tuple))
    if several and value and all(isinstance(part, Declared) for part in value):
        return tuple(value)
    if kind is kinds.transforms:
        parts = tuple(value) if isinstance(value, (list, tuple)) else (value,)
        if parts and all(isinstance(part, Transform) for part in parts):
            return parts
    raise TypeError(f"{owner}: the argument `{name}` is {_shown(value)}; {kind.noun} was expected")


def validate(owner: str, name: str, value: Any, constraint: Constraint | Kind, *, noun: str = "argument") -> None:
    """ValueError at the first element of `value` that is not a member of `constraint`."""
    assert not isinstance(constraint, Kind)
    if np.ndim(value) < constraint.event_dim:
        axes = ops.axes_text(constraint.event_dim)
        raise ValueError(f"{owner}: the {noun} `{name}` needs at least {axes}, expected {constraint.describe()}")
    found = constraint.outside(value)
    if found is None:
        return
    index, member, expected = found
    place = f" at index {index if len(index) > 1 else index[0]}" if index else ""
    text = shown(member) if np.ndim(member) else repr(np.asarray(member).item())
    raise ValueError(f"{owner}: the {noun} `{name}`{place} is {text}, expected {expected}")


def _shown(value: Any) -> str:
    text = repr(value)
    return f"{text if len(text) <= 40 else text[:37] + '...'} of type {type(value).__name__}"
