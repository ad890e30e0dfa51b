"""Transformed distributions: the image of a draw under a chain of one-to-one maps."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir.dims import Shape
from . import constraints, kinds
from .base import Distribution
from .constraints import Constraint
from .noise import Noise
from .transforms.base import ComposeTransform, Transform, sum_last


class TransformedDistribution(Distribution):
    """TransformedDistribution(base_dist, transforms): transforms applied to a draw of the base, the first one first.

    base_dist: a continuous distribution without a mask, whose support lies in what the transforms map. Where a
    transform maps vectors, the base's last batch axis is the vector's. transforms: one or a list, each one to one; see
    vicompile.distributions.transforms. Support: what the last transform maps to.
    """

    arg_constraints = {"base_dist": kinds.a_distribution, "transforms": kinds.transforms}
    support = None

    @staticmethod
    def _support(base_dist: Any, transforms: Any) -> Constraint:
        chain = _chain(transforms)
        kinds.check_unmasked(base_dist)
        if base_dist.is_discrete:
            raise ValueError(f"`base_dist` must be a continuous distribution, not {base_dist!r}")
        if not chain.is_bijective:
            raise ValueError(f"{chain!r} is not one to one; for absolute values there is FoldedDistribution")
        missing = chain.domain.event_dim - len(base_dist.shape())
        if missing > 0:
            raise ValueError(f"{chain!r} maps arrays with {chain.domain.event_dim} axes, `base_dist` has {base_dist!r}")
        codomain = chain.codomain
        return constraints.independent(codomain, _event_dim(base_dist, chain) - codomain.event_dim)

    @staticmethod
    def _batch_shape(base_dist: Any, transforms: Any) -> Shape:
        return _shapes(base_dist, transforms)[0]

    @staticmethod
    def _event_shape(base_dist: Any, transforms: Any) -> Shape:
        return _shapes(base_dist, transforms)[1]

    @staticmethod
    def log_density(x: Any, base_dist: Any, transforms: Any) -> Any:
        chain = _chain(transforms)
        base = _with_event(base_dist, chain)
        source = chain.backward(x)
        slope = sum_last(chain.log_abs_det_jacobian(source, x), base.event_dim - chain.domain.event_dim)
        return base.log_prob(source) - slope

    @staticmethod
    def draw(noise: Noise, base_dist: Any, transforms: Any) -> Any:
        base = _with_event(base_dist, _chain(transforms))
        batch = noise.shape[: len(noise.shape) - noise.event_dim]
        source = noise.of_shape((*batch, *base.event_shape), len(base.own_event_shape))
        return _chain(transforms)(base.draw_from(source))

    def taken_apart(self) -> tuple[Any, Transform]:
        """The base, with the event axes that the transforms map at once, and all transforms as one."""
        chain = _chain(self.params["transforms"])
        return _with_event(self.params["base_dist"], chain), chain

    @staticmethod
    def _sample_numpy(generator: np.random.Generator, shape: tuple[int, ...], base_dist: Any, transforms: Any) -> Any:
        chain = _chain(transforms)
        base = _with_event(base_dist, chain)
        batch = shape[: len(shape) - _event_dim(base_dist, chain)]
        return chain(base.expand(batch).sample(generator=generator))


def _chain(transforms: tuple[Transform, ...]) -> Transform:
    return transforms[0] if len(transforms) == 1 else ComposeTransform(transforms)


def _with_event(base_dist: Any, chain: Transform) -> Any:
    """The base with at least as many event axes as the chain maps at once."""
    missing = chain.domain.event_dim - base_dist.event_dim
    return base_dist.to_event(missing) if missing > 0 else base_dist


def _event_dim(base_dist: Any, chain: Transform) -> int:
    extra: int = max(base_dist.event_dim - chain.domain.event_dim, 0)
    return chain.codomain.event_dim + extra


def _shapes(base_dist: Any, transforms: Any) -> tuple[Shape, Shape]:
    """The batch shape, and the shape of a draw."""
    chain = _chain(transforms)
    whole = chain.forward_shape(base_dist.shape())
    border = len(whole) - _event_dim(base_dist, chain)
    return whole[:border], whole[border:]
