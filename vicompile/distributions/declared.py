"""What every distribution declares, and the parameters of one instance: bound, converted, checked, mapped, shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, Self

import numpy as np

from ..ir.dims import Shape
from ..ir.vectors import SizeMustBeKnown
from . import arguments
from .constraints import Constraint
from .kinds import Kind, is_composite, mapped, plain_value

registered: dict[str, type[Declared]] = {}


class Declared:
    """The declarations of a family, and the parameters of one distribution. See docs/add-a-distribution.md."""

    arg_constraints: ClassVar[Mapping[str, Constraint | Kind]]
    defaults: ClassVar[dict[str, Any]] = {}
    one_of: ClassVar[tuple[tuple[str, ...], ...]] = ()
    # None on the class where it depends on the parameters: then the class has a static `_support(**params)`.
    support: Constraint | None
    # On the class False where it depends on the parameters; an instance always knows.
    is_discrete: bool = False
    has_rsample: bool = False

    params: dict[str, Any]
    expanded_shape: Shape | None
    reinterpreted: int
    mask_condition: Any

    __signature__ = arguments.ClassSignature()

    # The mathematics of a subclass: static, and keyword arguments are exactly `params`.
    log_density: ClassVar[Callable[..., Any]]
    draw: ClassVar[Callable[..., Any] | None] = None
    _sample_numpy: ClassVar[Callable[..., Any] | None] = None
    _support: ClassVar[Callable[..., Constraint] | None] = None
    _event_shape: ClassVar[Callable[..., Shape] | None] = None
    _batch_shape: ClassVar[Callable[..., Shape] | None] = None
    _mean: ClassVar[Callable[..., Any] | None] = None
    _variance: ClassVar[Callable[..., Any] | None] = None
    _cdf: ClassVar[Callable[..., Any] | None] = None
    _icdf: ClassVar[Callable[..., Any] | None] = None
    _entropy: ClassVar[Callable[..., Any] | None] = None
    # Over `ir.ops`, for truncation and censoring. `_quantile(log_below, log_above)` is the value with this log cdf and
    # log survival.
    _log_cdf: ClassVar[Callable[..., Any] | None] = None
    _log_survival: ClassVar[Callable[..., Any] | None] = None
    _quantile: ClassVar[Callable[..., Any] | None] = None
    # Parameters that are distributions whose batch has more axes at its end: how many, such as one for the components
    # of a mixture.
    inner_axes: ClassVar[dict[str, int]] = {}

    def __init_subclass__(cls, *, abstract: bool = False) -> None:
        super().__init_subclass__()
        # A family with one of two parameters inherits from the one with both.
        own = getattr(cls, "arg_constraints", {})
        cls.one_of = tuple(group for group in cls.one_of if all(name in own for name in group))
        if abstract:
            return
        name = cls.__name__
        for needed in ("arg_constraints", "log_density", "support"):
            if not hasattr(cls, needed):
                raise TypeError(f"the distribution {name} does not declare `{needed}`")
        if cls.support is None and cls._support is None:
            raise TypeError(f"the distribution {name} declares the support None, but no static function `_support`")
        if cls.support is not None and cls.support.event_dim and cls._event_shape is None:
            raise TypeError(f"the distribution {name} has draws with axes, but no static function `_event_shape`")
        if cls.draw is None and cls._sample_numpy is None:
            raise TypeError(f"the distribution {name} declares neither `draw` nor `_sample_numpy`")
        cls.has_rsample = cls.draw is not None
        arguments.check_order(cls)
        registered[name] = cls

    def __init__(self, *args: Any, validate_args: bool | None = None, **keywords: Any) -> None:
        kind = type(self)
        if not hasattr(kind, "arg_constraints"):
            raise TypeError(f"{kind.__name__} is a base class; use one of {', '.join(sorted(registered))}")
        bound = arguments.bind(kind, args, keywords)
        params = {}
        for name, value in bound.items():
            declared = kind.arg_constraints[name]
            if isinstance(declared, Kind):
                params[name] = arguments.of_kind(kind.__name__, name, value, declared)
                continue
            params[name] = arguments.converted(kind.__name__, name, value)
            if validate_args is not False and not arguments.is_symbolic(params[name]):
                arguments.validate(kind.__name__, name, params[name], declared)
        self._install(params, None, 0, None)

    def _install(self, params: dict[str, Any], expanded: Shape | None, reinterpreted: int, mask: Any) -> Self:
        self.params, self.expanded_shape = params, expanded
        self.reinterpreted, self.mask_condition = reinterpreted, mask
        kind = type(self)
        if kind._support is not None:
            try:
                self.support = kind._support(**params)
            except SizeMustBeKnown:
                raise
            except ValueError as error:
                raise ValueError(f"{kind.__name__}: {error}") from None
        assert self.support is not None
        self.is_discrete = self.support.is_discrete
        parts = [part for value in params.values() for part in (value if isinstance(value, tuple) else (value,))]
        inner = [part for part in parts if isinstance(part, Declared)]
        self.has_rsample = kind.draw is not None and all(part.has_rsample for part in inner)
        return self

    def _like(self, **changes: Any) -> Self:
        fields = {
            "params": self.params,
            "expanded": self.expanded_shape,
            "reinterpreted": self.reinterpreted,
            "mask": self.mask_condition,
        }
        return object.__new__(type(self))._install(**{**fields, **changes})

    def __getattr__(self, name: str) -> Any:
        params = self.__dict__.get("params", {})
        if name in params:
            return params[name]
        raise AttributeError(f"{type(self).__name__} has no attribute `{name}`")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={_shown(v)}' for name, v in self.params.items())})"

    def with_params(self, function: Callable[[str, Any], Any]) -> Self:
        """The same distribution, expansion, event axes; every number among the parameters is function(name, number).

        A mask is called "mask"; the numbers of a distribution that is a parameter are called `parameter.name`. Plain
        values stay.
        """
        mask = None if self.mask_condition is None else function("mask", self.mask_condition)
        params = {
            name: value if self._is_plain(name) else mapped(value, name, function)
            for name, value in self.params.items()
        }
        return self._like(params=params, mask=mask)

    def numbers(self) -> dict[str, Any]:
        """Every number among the parameters by its name, those of inner distributions included."""
        found: dict[str, Any] = {}

        def note(name: str, value: Any) -> Any:
            found[name] = value
            return value

        self.with_params(note)
        return found

    def constrained_numbers(self) -> Iterator[tuple[str, str, Any, Constraint]]:
        """Every number among the parameters: the distribution it belongs to, its name, the number, its constraint."""
        for name, value in self.params.items():
            declared = self.arg_constraints[name]
            if isinstance(declared, Constraint):
                yield type(self).__name__, name, value, declared
            for part in value if isinstance(value, tuple) else (value,):
                if isinstance(part, Declared):
                    yield from part.constrained_numbers()

    def _is_plain(self, name: str) -> bool:
        return self.arg_constraints[name] is plain_value

    def _is_symbolic(self, *values: Any) -> bool:
        """Whether a graph node is among the values, the parameters or the mask."""
        return arguments.is_symbolic(*values, *self.numbers().values())


def _shown(value: Any) -> str:
    if arguments.is_symbolic(value):
        return f"<{type(value).__name__} of shape {value.shape}>"
    if is_composite(value) or not isinstance(value, (int, float, np.ndarray, np.generic)):
        return repr(value)
    return f"{value:g}" if np.ndim(value) == 0 else np.array2string(np.asarray(value), threshold=6, separator=", ")
