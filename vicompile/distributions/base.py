"""The base of all distributions: one declaration serves eager NumPy calls and the compiler's graphs.

A subclass declares its parameters with their constraints, its support, `log_density`, and `draw` (or `_sample_numpy`
for a discrete one), each a static function over `ir.ops`. The rest is here. See docs/add-a-distribution.md.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops
from ..ir.dims import Shape
from . import arguments
from .declared import registered
from .noise import Noise, NumpyNoise, current_generator
from .shapes import Shaped

__all__ = ["Distribution", "registered"]


class Distribution(Shaped, abstract=True):
    """A distribution of independent draws, its parameters broadcast against each other.

    validate_args: False skips the check of the parameters; graph nodes are never checked here.

    Errors: TypeError for wrong names or numbers of arguments, ValueError for values outside `arg_constraints`.
    """

    # -- densities ---------------------------------------------------------------------------------------------------

    def log_prob(self, value: Any, *, is_inside: bool = True) -> Any:
        """The log density or log mass at `value`, float64, summed over the event axes: of the batch's shape.

        value: broadcast with `shape()`. -inf outside the support, NaN for NaN. ValueError for a shape that does not
        fit. is_inside: as in `elementwise_log_prob`.
        """
        result = self.elementwise_log_prob(value, is_inside=is_inside)
        return ops.total(result, range(-self.reinterpreted, 0)) if self.reinterpreted else result

    def elementwise_log_prob(self, value: Any, *, is_inside: bool = True) -> Any:
        """log_prob before the sum over the axes that `to_event` has added; the mask is applied. Its shape is exact, on
        graph nodes too.

        is_inside: for graph nodes, False where `value` may lie outside the support; then it is compared there too.
        """
        own = len(self.own_event_shape)
        shape = self._broadcast("log_prob of a value", ops.shape_of(value), self.shape())
        shape = shape[: len(shape) - own]
        mask = self._mask_with_axes(self.reinterpreted)
        symbolic = self._is_symbolic(value)
        if not symbolic:
            value = arguments.converted(f"{type(self).__name__}.log_prob", "value", value)
        assert self.support is not None
        # A masked-out value may be NaN (a missing one): its gradient must not become NaN through 0 * NaN.
        value = self.unmasked(value)
        with np.errstate(all="ignore"):
            density = type(self).log_density(value, **self.params)
        if not symbolic:
            missing = np.isnan(value).any(axis=tuple(range(-own, 0))) if own else np.isnan(value)
            density = np.where(missing, np.nan, np.where(self.support.check(value), density, -np.inf))
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
        own = self.own_event_shape
        mask = self._mask_with_axes(self.reinterpreted + len(own))
        assert self.support is not None
        if mask is None:
            return value
        return ops.where(mask, value, self.support.inner_point(own, symbolic=self._is_symbolic(value)))

    # -- draws -------------------------------------------------------------------------------------------------------

    def sample(
        self, *args: Any, sample_shape: Any = (), key: Any = None, generator: np.random.Generator | None = None
    ) -> Any:
        """Draw on NumPy: float64, int64 for a discrete distribution.

        sample_shape: independent draws in front of the distribution's shape; the first positional argument, or the
            second one after a key.
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
        if self._is_symbolic():
            raise TypeError(f"{type(self).__name__}.sample draws on NumPy, but its arguments are nodes of a graph")
        generator = generator if generator is not None else current_generator()
        shape: Any = self.shape(sample_shape)
        if type(self)._sample_numpy is not None:
            return np.asarray(type(self)._sample_numpy(generator, shape, **self.params))[()]  # type: ignore[misc]
        with np.errstate(all="ignore"):
            noise = NumpyNoise(generator, shape, len(self.own_event_shape))
            return np.array(np.broadcast_to(self.draw_from(noise), shape))[()]

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

    # -- closed forms ------------------------------------------------------------------------------------------------

    @property
    def mean(self) -> Any:
        """The mean, of shape `shape()`; inf or NaN where it does not exist."""
        return self._closed_form("mean", self.shape())

    @property
    def variance(self) -> Any:
        """The variance of each element, of shape `shape()`; inf or NaN where it does not exist."""
        return self._closed_form("variance", self.shape())

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
        result = self._closed_form("cdf", self._broadcast("cdf", self.shape(), ops.shape_of(value)), inside)
        result = np.where(np.less(value, low), 0.0, np.where(np.greater_equal(value, high), 1.0, result))
        return np.where(np.isnan(value), np.nan, result)[()]

    def icdf(self, probability: Any) -> Any:
        """The value whose cdf is `probability`, elementwise; NaN outside [0, 1]."""
        probability = arguments.converted(f"{type(self).__name__}.icdf", "probability", probability)
        known = (probability >= 0.0) & (probability <= 1.0)
        shape = self._broadcast("icdf", self.shape(), ops.shape_of(probability))
        return np.where(known, self._closed_form("icdf", shape, np.where(known, probability, 0.5)), np.nan)[()]

    def entropy(self) -> Any:
        """Minus the mean of log_prob, in nats, of shape `batch_shape`."""
        result = self._closed_form("entropy", self.full_batch_shape)
        return ops.total(result, range(-self.reinterpreted, 0)) if self.reinterpreted else result

    def _closed_form(self, name: str, shape: Shape, *values: Any) -> Any:
        function = getattr(type(self), f"_{name}")
        if function is None:
            raise NotImplementedError(f"{type(self).__name__} has no closed form for `{name}`")
        with np.errstate(all="ignore"):
            result = ops.broadcast_to(function(*values, **self.params), shape)
        return result if arguments.is_symbolic(result) else np.array(result, float)[()]
