"""Small immutable records.

What a frozen dataclass is, but without generated code: a dataclass costs a third of a millisecond when it is
declared, and
the compiler declares more than a hundred kinds on its way to the first kernel.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, field
from inspect import get_annotations
from typing import Any, ClassVar, Self, dataclass_transform


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class Record:
    """Base of records: fields are the annotations, in order, bases first; `field(kw_only=True)` as in dataclasses.

    Equal by type and values, or with `class Kind(Record, eq=False)` by identity; fields cannot be set. TypeError for
    missing, unknown or surplus arguments.
    """

    _fields: ClassVar[tuple[str, ...]] = ()
    _names: ClassVar[frozenset[str]] = frozenset()
    _positional: ClassVar[tuple[str, ...]] = ()
    _defaults: ClassVar[dict[str, Any]] = {}
    __match_args__: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, *, eq: bool = True) -> None:
        super().__init_subclass__()
        if not eq:
            cls.__eq__ = object.__eq__  # type: ignore[method-assign]
            cls.__hash__ = object.__hash__  # type: ignore[method-assign]
        fields = list(cls._fields)
        keyword_only = set(cls._fields) - set(cls._positional)
        defaults = dict(cls._defaults)
        for name, annotation in get_annotations(cls).items():
            if str(annotation).startswith(("ClassVar", "typing.ClassVar")):
                continue
            fields.append(name)
            default = cls.__dict__.get(name, MISSING)
            if isinstance(default, Field):
                if default.kw_only is True:
                    keyword_only.add(name)
                default = default.default
                delattr(cls, name)
            if default is not MISSING:
                defaults[name] = default
        cls._fields, cls._names = tuple(fields), frozenset(fields)
        cls._positional = tuple(f for f in fields if f not in keyword_only)
        cls.__match_args__ = cls._positional  # type: ignore[misc]
        cls._defaults = defaults

    def __init__(self, *args: Any, **keywords: Any) -> None:
        kind = type(self)
        values = self.__dict__
        values.update(kind._defaults)
        values.update(zip(kind._positional, args))
        if keywords:
            values.update(keywords)
            if not keywords.keys().isdisjoint(kind._positional[: len(args)]):
                raise TypeError(f"{kind.__name__} takes {kind._positional}")
        if len(args) > len(kind._positional):
            raise TypeError(f"{kind.__name__} takes {kind._positional}")
        if values.keys() != kind._names:
            wrong = ", ".join(sorted(values.keys() ^ kind._names))
            raise TypeError(f"{kind.__name__}: missing or unknown: {wrong}")

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"a {type(self).__name__} cannot be changed")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a {type(self).__name__} cannot be changed")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), *(self.__dict__[name] for name in self._fields)))

    def replaced(self, **changes: Any) -> Self:
        """The same record with some fields changed."""
        return type(self)(**{**self.__dict__, **changes})

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={self.__dict__[name]!r}" for name in self._fields)
        return f"{type(self).__name__}({shown})"
