"""Location and scale moved out of a site, or partly. The formulas are made of `ir.ops`, for NumPy and for graphs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .. import distributions as dist
from ..distributions.constraints import real, unit_interval
from ..ir import ops
from ..language.messages import Message, Road, Strategy


class LocScaleReparam(Strategy):
    """Moves location and scale out of a site, wholly or in part (Gorinova, Moore and Hoffman 2020).

    For a site `x` of a distribution with loc and scale over the real line there is a site `x_decentered` with
    loc * c and scale ** c, and x = loc + scale ** (1 - c) * (x_decentered - c * loc).

    centered: c, from 0 (not centred, what hierarchical models often need) to 1 (as it was); None to learn it, as the
        parameter `x_centered`, one for each element of an event, from 0.5.
    shape_params: accepted for Pyro's sake: the parameters other than loc and scale always stay as they are.

    Errors: ValueError for a number outside of [0, 1].
    """

    word = "LocScaleReparam"

    def __init__(self, centered: float | None = None, shape_params: Sequence[str] = ()) -> None:
        if centered is not None and not 0.0 <= centered <= 1.0:
            raise ValueError(f"LocScaleReparam: `centered` must lie in [0, 1], got {centered!r}")
        self.centered, self.shape_params = centered, tuple(shape_params)

    def rewrite(self, message: Message, road: Road) -> None:
        """Draw the decentered site."""
        name, fn = message.name, message.fn
        if self.centered == 1.0:
            return
        if road.is_abstract:
            centered: Any = self.centered
            if centered is None:
                road.param(f"{name}_centered", 0.5, unit_interval)
            message.kind, message.value = "deterministic", road.sample(f"{name}_decentered", fn)
            return
        # The family's own support: that of the distribution may have the axes of `to_event`.
        is_known = type(fn).support == real and {"loc", "scale"} <= fn.params.keys()
        # An ExGaussian has a third scale, that of its exponential part, which would not move along.
        if not is_known or type(fn) is dist.ExGaussian:
            raise ValueError(
                f"site `{name}`: LocScaleReparam is for distributions with loc and scale over the real line, "
                f"not for {type(fn).__name__}"
            )
        centered = self.centered
        if centered is None:
            centered = road.param(f"{name}_centered", ops.broadcast_to(0.5, fn.event_shape), unit_interval)
        loc, scale = fn.params["loc"], fn.params["scale"]
        # With c = 0 nothing is multiplied by zero: the result is what one would write by hand.
        kept = 0.0 if self.centered == 0.0 else loc * centered
        moved = {"loc": kept, "scale": ops.power(scale, centered)}
        drawn = road.sample(f"{name}_decentered", fn.with_params(lambda key, value: moved.get(key, value)))
        message.kind = "deterministic"
        message.value = loc + ops.power(scale, 1.0 - centered) * (drawn if self.centered == 0.0 else drawn - kept)
