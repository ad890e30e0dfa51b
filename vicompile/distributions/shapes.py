"""Shapes: parameters broadcast to a batch, each draw has event axes, and `to_event` moves the border."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from ..ir import ops
from ..ir.dims import Shape
from ..ir.nodes import Axis
from . import arguments
from .declared import Declared


class Shaped(Declared, abstract=True):
    """Batch and event shapes. Sizes are ints, or symbolic where parameters are graph nodes.

    A family's own event axes are those of one draw of the family, such as the vector of a Dirichlet; `to_event` adds
    batch axes to the event in front of them.
    """

    def __init__(self, *args: Any, validate_args: bool | None = None, **keywords: Any) -> None:
        super().__init__(*args, validate_args=validate_args, **keywords)
        self._parameter_shape()

    def __repr__(self) -> str:
        text = super().__repr__()
        if self.expanded_shape is not None:
            text += f".expand({self.batch_shape if not self.reinterpreted else self.full_batch_shape})"
        if self.reinterpreted:
            text += f".to_event({self.reinterpreted})"
        return text if self.mask_condition is None else text + ".mask(...)"

    @property
    def own_event_shape(self) -> Shape:
        """The shape of one draw of the family, before any `to_event`."""
        function = type(self)._event_shape
        return () if function is None else tuple(function(**self.params))

    @property
    def full_batch_shape(self) -> Shape:
        """The batch shape before any `to_event`."""
        full = self.shape()
        return full[: len(full) - len(self.own_event_shape)]

    @property
    def batch_shape(self) -> Shape:
        """The shape of independent draws."""
        full = self.shape()
        return full[: len(full) - self.event_dim]

    @property
    def event_shape(self) -> Shape:
        """The shape of one draw, with the axes that `to_event` has added."""
        full = self.shape()
        return full[len(full) - self.event_dim :]

    @property
    def event_dim(self) -> int:
        """The number of axes of one draw."""
        return self.reinterpreted + len(self.own_event_shape)

    def shape(self, sample_shape: Shape = ()) -> Shape:
        """The shape of `sample(sample_shape)`."""
        full = self._parameter_shape() if self.expanded_shape is None else self.expanded_shape
        return (*sample_shape, *full)

    def _parameter_shape(self) -> Shape:
        function = type(self)._batch_shape
        try:
            batch = function(**self.params) if function is not None else self._broadcast_batch()
            return (*batch, *self.own_event_shape)
        except ops.ShapeMismatch as mismatch:
            if isinstance(mismatch.left, int) and isinstance(mismatch.right, int):
                raise ValueError(f"{type(self).__name__}: the arguments: {mismatch}") from None
            raise

    def _broadcast_batch(self) -> Shape:
        return self._broadcast("the arguments", *(self._batch_of(name, v) for name, v in self.params.items()))

    def _batch_of(self, name: str, value: Any) -> Shape:
        """The part of a parameter's shape that stands for independent draws."""
        if isinstance(value, Shaped):
            return value.batch_shape
        if isinstance(value, tuple):
            return self._broadcast("the arguments", *(self._batch_of(name, part) for part in value))
        if self._is_plain(name) or not arguments.is_number(value):
            return ()
        shape = ops.shape_of(value)
        return shape[: len(shape) - self.arg_constraints[name].event_dim]

    def expand(self, batch_shape: Shape) -> Self:
        """The same distribution with this batch shape. ValueError if the present one does not broadcast to it."""
        target = (*batch_shape, *self.event_shape)
        if self._broadcast(f"expand({tuple(batch_shape)})", self.shape(), target) != target:
            raise ValueError(
                f"{type(self).__name__}: batch shape {self.batch_shape} does not expand to {tuple(batch_shape)}"
            )
        return self._like(expanded=target)

    def expand_by(self, sample_shape: Shape) -> Self:
        """The same distribution with further batch axes at the left."""
        return self.expand((*sample_shape, *self.batch_shape))

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

    def _mask_with_axes(self, count: int) -> Any:
        """The mask, which covers the batch, with `count` more axes at its end; None without a mask."""
        mask = self.mask_condition
        if mask is None or not count or not ops.shape_of(mask):
            return mask
        if not arguments.is_symbolic(mask):
            return mask.reshape(mask.shape + (1,) * count)
        kept = tuple(Axis(k) for k in range(mask.rank))
        return ops.gather(mask, kept, (*mask.shape, *(1,) * count))

    def _broadcast(self, what: str, *shapes: Shape) -> Shape:
        try:
            return ops.broadcast_shapes(*shapes)
        except ops.ShapeMismatch:
            if any(not isinstance(size, int) for shape in shapes for size in shape):
                raise
            text = " and ".join(str(shape) for shape in shapes)
            raise ValueError(f"{type(self).__name__}: {what}: the shapes {text} do not broadcast") from None
