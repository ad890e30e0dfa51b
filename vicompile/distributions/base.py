"""The base of all distributions: one declaration serves eager NumPy calls and the compiler's graphs.

A subclass declares its parameters with their constraints, its support, `log_density`, and `draw` (or `_sample_numpy`
for a discrete one), each a static function over `ir.ops`. The rest is here. See docs/add-a-distribution.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Self

import numpy as np

from ..ir import ops
from ..ir.dims import Shape
from . import arguments
from .constraints import Constraint
from .noise import Noise, NumpyNoise, current_generator

registered: dict[str, type[Distribution]] = {}


class Distribution:
    """A distribution of independent numbers, its parameters broadcast against each other.

    validate_args: False skips the check of the parameters; graph nodes are never checked here.

    Errors: TypeError for wrong names or numbers of arguments, ValueError for values outside `arg_constraints`.
    """

    arg_constraints: ClassVar[dict[str, Constraint]]
    defaults: ClassVar[dict[str, Any]] = {}
    one_of: ClassVar[tuple[tuple[str, ...], ...]] = ()
    # None on the class where it depends on the parameters: then the class has a static `_support(**params)`.
    support: Constraint | None
    is_discrete: ClassVar[bool] = False
    has_rsample: ClassVar[bool] = False

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
    _mean: ClassVar[Callable[..., Any] | None] = None
    _variance: ClassVar[Callable[..., Any] | None] = None
    _cdf: ClassVar[Callable[..., Any] | None] = None
    _icdf: ClassVar[Callable[..., Any] | None] = None
    _entropy: ClassVar[Callable[..., Any] | None] = None

    def __init_subclass__(cls, *, abstract: bool = False) -> None:
        super().__init_subclass__()
        if abstract:
            return
        name = cls.__name__
        for needed in ("arg_constraints", "log_density", "support"):
            if not hasattr(cls, needed):
                raise TypeError(f"the distribution {name} does not declare `{needed}`")
        if cls.support is None and cls._support is None:
            raise TypeError(f"the distribution {name} declares the support None, but no static function `_support`")
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
        params = {name: arguments.converted(kind.__name__, name, value) for name, value in bound.items()}
        if validate_args is not False:
            for name, value in params.items():
                if not arguments.is_symbolic(value):
                    arguments.validate(kind.__name__, name, value, kind.arg_constraints[name])
        self._install(params, None, 0, None)
        self._parameter_shape()

    def _install(self, params: dict[str, Any], expanded: Shape | None, reinterpreted: int, mask: Any) -> Self:
        self.params, self.expanded_shape, self.reinterpreted, self.mask_condition = (
            params,
            expanded,
            reinterpreted,
            mask,
        )
        if self._support is not None:
            try:
                self.support = type(self)._support(**params)  # type: ignore[misc]
            except ValueError as error:
                raise ValueError(f"{type(self).__name__}: {error}") from None
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
        text = f"{type(self).__name__}({', '.join(f'{name}={_shown(v)}' for name, v in self.params.items())})"
        if self.expanded_shape is not None:
            text += f".expand({self.batch_shape if not self.reinterpreted else self.shape()})"
        if self.reinterpreted:
            text += f".to_event({self.reinterpreted})"
        return text if self.mask_condition is None else text + f".mask({_shown(self.mask_condition)})"

    # -- shapes ------------------------------------------------------------------------------------------------------

    @property
    def batch_shape(self) -> Shape:
        """The shape of independent draws: sizes are ints, or symbolic where parameters are graph nodes."""
        full = self.shape()
        return full[: len(full) - self.reinterpreted]

    @property
    def event_shape(self) -> Shape:
        """The shape of one draw: what `to_event` has reinterpreted."""
        full = self.shape()
        return full[len(full) - self.reinterpreted :]

    @property
    def event_dim(self) -> int:
        """The number of axes of one draw."""
        return self.reinterpreted

    def shape(self, sample_shape: Shape = ()) -> Shape:
        """The shape of `sample(sample_shape)`."""
        full = self._parameter_shape() if self.expanded_shape is None else self.expanded_shape
        return (*sample_shape, *full)

    def _parameter_shape(self) -> Shape:
        return self._broadcast("the arguments", *(ops.shape_of(value) for value in self.params.values()))

    def expand(self, batch_shape: Shape) -> Self:
        """The same distribution with this batch shape. ValueError if the present one does not broadcast to it."""
        target = (*batch_shape, *self.event_shape)
        if self._broadcast(f"expand({tuple(batch_shape)})", self.shape(), target) != target:
            raise ValueError(
                f"{type(self).__name__}: batch shape {self.batch_shape} does not expand to {tuple(batch_shape)}"
            )
        return self._like(expanded=target)

    def to_event(self, reinterpreted_batch_ndims: int | None = None) -> Self:
        """The last axes of the batch (all by default) become axes of one draw, over which `log_prob` sums."""
        count = len(self.batch_shape) if reinterpreted_batch_ndims is None else reinterpreted_batch_ndims
        if not 0 <= count <= len(self.batch_shape):
            raise ValueError(f"{type(self).__name__}.to_event({count}): the batch shape is {self.batch_shape}")
        return self._like(reinterpreted=self.reinterpreted + count)

    def mask(self, mask: Any) -> Self:
        """log_prob counts as 0 where `mask` (a bool, a bool array or a node, broadcast with the batch) is False."""
        if not arguments.is_symbolic(mask):
            mask = np.asarray(mask)
            if mask.dtype != bool:
                raise TypeError(
                    f"{type(self).__name__}.mask: expected True, False or an array of them, got {mask.dtype}"
                )
        return self._like(mask=mask if self.mask_condition is None else ops.logical_and(self.mask_condition, mask))

    # -- densities ---------------------------------------------------------------------------------------------------

    def log_prob(self, value: Any) -> Any:
        """The log density or log mass at `value`, float64, summed over the event axes.

        value: broadcast with `shape()`. -inf outside the support, NaN for NaN. ValueError for a shape that does not
        fit.
        """
        result = self.elementwise_log_prob(value)
        return ops.total(result, range(-self.reinterpreted, 0)) if self.reinterpreted else result

    def elementwise_log_prob(self, value: Any, *, is_inside: bool = True) -> Any:
        """log_prob before the sum over event axes; the mask is applied. Its shape is exact, on graph nodes too.

        is_inside: for graph nodes, False where `value` may lie outside the support; then it is compared there too.
        """
        shape = self._broadcast("log_prob of a value", ops.shape_of(value), self.shape())
        mask = self._elementwise_mask()
        symbolic = arguments.is_symbolic(value, mask, *self.params.values())
        if not symbolic:
            value = arguments.converted(f"{type(self).__name__}.log_prob", "value", value)
        assert self.support is not None
        # A masked-out value may be NaN (a missing one): its gradient must not become NaN through 0 * NaN.
        value = self.unmasked(value)
        with np.errstate(all="ignore"):
            density = type(self).log_density(value, **self.params)
        if not symbolic:
            density = np.where(np.isnan(value), np.nan, np.where(self.support.check(value), density, -np.inf))
        elif not is_inside and (enclosed := self.support.encloses(value)) is not True:
            density = ops.where(enclosed, density, -np.inf)
        if mask is not None:
            density = ops.where(mask, density, 0.0)
            shape = ops.broadcast_shapes(shape, ops.shape_of(density))
        if symbolic:
            return ops.broadcast_to(ops.as_node(density), shape)
        numbers: Any = shape
        return np.array(np.broadcast_to(density, numbers))[()]

    def unmasked(self, value: Any) -> Any:
        """`value` with a harmless member of the support where the mask is False."""
        mask = self._elementwise_mask()
        assert self.support is not None
        return value if mask is None else ops.where(mask, value, self.support.inner_point())

    def _elementwise_mask(self) -> Any:
        """The mask covers the batch; here it gets the event's axes too."""
        mask = self.mask_condition
        if mask is None or not self.reinterpreted or not ops.shape_of(mask):
            return mask
        if not arguments.is_symbolic(mask):
            return mask.reshape(mask.shape + (1,) * self.reinterpreted)
        from ..ir.nodes import Axis

        kept = tuple(Axis(k) for k in range(mask.rank))
        return ops.gather(mask, kept, (*mask.shape, *(1,) * self.reinterpreted))

    # -- draws -------------------------------------------------------------------------------------------------------

    def sample(
        self, *args: Any, sample_shape: Any = (), key: Any = None, generator: np.random.Generator | None = None
    ) -> Any:
        """Draw on NumPy: float64, int64 for a discrete distribution.

        sample_shape: independent draws in front of the distribution's shape; the first positional argument, or the
        second
            one after a key.
        key: an int seed or a NumPy generator; the draw is then a function of it. Also the first positional argument.
        generator: where the randomness comes from otherwise; by default the shared eager generator (see `seed`).
        """
        args = (*args,)
        if args and isinstance(args[0], (int, np.integer, np.random.Generator)):
            key, args = args[0], args[1:]
        if len(args) > 1:
            raise TypeError("sample takes a key and a sample_shape, in this order")
        sample_shape = tuple(args[0]) if args else tuple(sample_shape)
        if key is not None:
            generator = np.random.default_rng(key)
        if arguments.is_symbolic(*self.params.values()):
            raise TypeError(f"{type(self).__name__}.sample draws on NumPy, but its arguments are nodes of a graph")
        generator = generator if generator is not None else current_generator()
        shape: Any = self.shape(sample_shape)
        if self._sample_numpy is not None:
            return np.asarray(type(self)._sample_numpy(generator, shape, **self.params))[()]  # type: ignore[misc]
        with np.errstate(all="ignore"):
            return np.array(np.broadcast_to(self.draw_from(NumpyNoise(generator, shape)), shape))[()]

    def rsample(self, *args: Any, **keywords: Any) -> Any:
        """`sample`, where the draw is a differentiable function of the parameters; NotImplementedError elsewhere."""
        if not self.has_rsample:
            raise NotImplementedError(f"{type(self).__name__} has no pathwise draw; use `sample`")
        return self.sample(*args, **keywords)

    def draw_from(self, noise: Noise) -> Any:
        """The pathwise draw made from base noise, which knows the shape; NumPy arrays or graph nodes."""
        if self.draw is None:
            raise NotImplementedError(f"{type(self).__name__} has no pathwise draw")
        return type(self).draw(noise, **self.params)  # type: ignore[misc]

    def with_params(self, function: Callable[[str, Any], Any]) -> Self:
        """The same distribution, expansion, event axes; every parameter (and a mask, named "mask") is function(name,
        value).
        """
        mask = None if self.mask_condition is None else function("mask", self.mask_condition)
        return self._like(params={name: function(name, value) for name, value in self.params.items()}, mask=mask)

    # -- closed forms ------------------------------------------------------------------------------------------------

    @property
    def mean(self) -> Any:
        """The mean, of shape `shape()`; inf or NaN where it does not exist."""
        return self._closed_form("mean")

    @property
    def variance(self) -> Any:
        """The variance of each element, of shape `shape()`; inf or NaN where it does not exist."""
        return self._closed_form("variance")

    @property
    def stddev(self) -> Any:
        """The square root of the variance."""
        return ops.sqrt(self.variance)

    def cdf(self, value: Any) -> Any:
        """The probability of a draw <= value, elementwise."""
        value = arguments.converted(f"{type(self).__name__}.cdf", "value", value)
        assert self.support is not None
        low, high = self.support.low, self.support.high
        inside = np.clip(np.floor(value) if self.is_discrete else value, low, high)
        result = self._closed_form("cdf", inside)
        result = np.where(np.less(value, low), 0.0, np.where(np.greater_equal(value, high), 1.0, result))
        return np.where(np.isnan(value), np.nan, result)[()]

    def icdf(self, probability: Any) -> Any:
        """The value whose cdf is `probability`, elementwise; NaN outside [0, 1]."""
        probability = arguments.converted(f"{type(self).__name__}.icdf", "probability", probability)
        known = (probability >= 0.0) & (probability <= 1.0)
        return np.where(known, self._closed_form("icdf", np.where(known, probability, 0.5)), np.nan)[()]

    def entropy(self) -> Any:
        """Minus the mean of log_prob, in nats, of shape `batch_shape`."""
        result = self._closed_form("entropy")
        return ops.total(result, range(-self.reinterpreted, 0)) if self.reinterpreted else result

    def _closed_form(self, name: str, *values: Any) -> Any:
        function = getattr(type(self), f"_{name}")
        if function is None:
            raise NotImplementedError(f"{type(self).__name__} has no closed form for `{name}`")
        shape = self._broadcast(name, self.shape(), *(ops.shape_of(value) for value in values))
        with np.errstate(all="ignore"):
            result = ops.broadcast_to(function(*values, **self.params), shape)
        return result if arguments.is_symbolic(result) else np.array(result, float)[()]

    def _broadcast(self, what: str, *shapes: Shape) -> Shape:
        try:
            return ops.broadcast_shapes(*shapes)
        except ops.ShapeMismatch:
            if any(not isinstance(size, int) for shape in shapes for size in shape):
                raise
            text = " and ".join(str(shape) for shape in shapes)
            raise ValueError(f"{type(self).__name__}: {what}: the shapes {text} do not broadcast") from None


def _shown(value: Any) -> str:
    if arguments.is_symbolic(value):
        return f"<{type(value).__name__} of shape {value.shape}>"
    return f"{value:g}" if np.ndim(value) == 0 else np.array2string(np.asarray(value), threshold=6, separator=", ")
