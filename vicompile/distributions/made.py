"""Names for distributions that are made of others: calling one gives the other distribution itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from . import arguments
from .base import Distribution
from .constraints import Constraint
from .kinds import Kind


class MadeOfOthers(Distribution, abstract=True):
    """Base of such names. A subclass declares its arguments, as every distribution does, and `make`.

    make: a static function of the arguments, by name, that returns the distribution. So `Independent(Normal(), 1)` is
    a Normal, and no instance of `Independent`.
    """

    support: Constraint | None = None
    make: ClassVar[Callable[..., Distribution]]

    def __new__(cls, *args: Any, validate_args: bool | None = None, **keywords: Any) -> Any:
        """The distribution that this name stands for."""
        bound = arguments.bind(cls, args, keywords)
        for name, value in bound.items():
            declared = cls.arg_constraints[name]
            if isinstance(declared, Kind):
                bound[name] = arguments.of_kind(cls.__name__, name, value, declared)
            else:
                bound[name] = arguments.converted(cls.__name__, name, value)
                if validate_args is not False and not arguments.is_symbolic(bound[name]):
                    arguments.validate(cls.__name__, name, bound[name], declared)
        return cls.make(**bound)

    @classmethod
    def _support(cls, **parameters: Any) -> Constraint | None:  # type: ignore[override]
        return cls.make(**parameters).support
