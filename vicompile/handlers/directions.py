"""Sites on a circle or a sphere, written as sites on a line or in space, where a guide can have any shape."""

from __future__ import annotations

from typing import Any

from .. import distributions as dist
from ..distributions.unwrapped import turned_back
from ..ir import ops
from ..language.messages import Message, Road, Strategy


class CircularReparam(Strategy):
    """Draws an angle on the whole line: a site `x_unwrapped`, and x = x_unwrapped turned back to [-pi, pi).

    For distributions on the circle, such as VonMises. The distribution of `x_unwrapped` is `dist.Unwrapped`: each angle
    is spread over its turns, with shares that have the sum 1. So the joint density is proper and the ELBO is bounded by
    the evidence. With a density of 1 on every turn, as NumPyro's strategy of this name has it, the ELBO would grow with
    the width of the guide, without end.
    """

    word = "CircularReparam"

    def rewrite(self, message: Message, road: Road) -> None:
        """Draw the angle on the line."""
        name, fn = message.name, message.fn
        if road.is_abstract:
            message.kind, message.value = "deterministic", road.sample(f"{name}_unwrapped", None)
            return
        if type(fn).support != dist.constraints.circular:
            what = f"CircularReparam is for distributions on the circle, such as VonMises, not for {type(fn).__name__}"
            raise ValueError(f"site `{name}`: {what}")
        plain = fn._like(expanded=None, reinterpreted=0, mask=None)
        unwrapped = dist.Unwrapped(plain).expand(fn.full_batch_shape).to_event(fn.reinterpreted)
        if fn.mask_condition is not None:
            unwrapped = unwrapped.mask(fn.mask_condition)
        message.kind, message.value = "deterministic", turned_back(road.sample(f"{name}_unwrapped", unwrapped))


class ProjectedNormalReparam(Strategy):
    """Draws the normal vector whose direction a ProjectedNormal is: a site `x_normal` with mean 0, and x from it."""

    word = "ProjectedNormalReparam"

    def rewrite(self, message: Message, road: Road) -> None:
        """Draw the vector."""
        name, fn = message.name, message.fn
        if road.is_abstract:
            message.kind, message.value = "deterministic", road.sample(f"{name}_normal", None)
            return
        if not isinstance(fn, dist.ProjectedNormal):
            raise ValueError(f"site `{name}`: ProjectedNormalReparam is for ProjectedNormal, not {type(fn).__name__}")
        normal = dist.Normal(0.0, 1.0).expand(fn.shape()).to_event(fn.event_dim)
        if fn.mask_condition is not None:
            normal = normal.mask(fn.mask_condition)
        vector: Any = fn.params["concentration"] + road.sample(f"{name}_normal", normal)
        length = ops.sqrt(ops.total(ops.square(vector), [-1], keepdims=True))
        message.kind, message.value = "deterministic", vector / length
