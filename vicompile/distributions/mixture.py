"""Mixtures: a category is drawn, and then a draw of its component; the density sums over the categories."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..ir import ops, vectors
from ..ir.dims import Shape
from . import constraints, kinds
from .base import Distribution
from .categories import OverCategories, drawn, take_at
from .constraints import Constraint
from .made import MadeOfOthers
from .stable import log_sum_of


class MixtureSameFamily(Distribution):
    """MixtureSameFamily(mixing_distribution, component_distribution).

    mixing_distribution: a Categorical. component_distribution: its last batch axis holds the components, as many as
    categories. Support: that of the components.
    """

    arg_constraints = {
        "mixing_distribution": kinds.a_distribution,
        "component_distribution": kinds.a_distribution,
    }
    inner_axes = {"component_distribution": 1}
    support = None

    @staticmethod
    def _support(mixing_distribution: Any, component_distribution: Any) -> Constraint:
        _check_mixing(mixing_distribution)
        kinds.check_unmasked(component_distribution)
        if not component_distribution.batch_shape:
            raise ValueError(
                f"`component_distribution` needs a batch axis of components, and its batch shape is (): "
                f"{component_distribution!r}"
            )
        _check_count(mixing_distribution, component_distribution.batch_shape[-1])
        own, support = component_distribution.event_dim, component_distribution.support
        return constraints.independent(support, own - support.event_dim)

    @staticmethod
    def _batch_shape(mixing_distribution: Any, component_distribution: Any) -> Shape:
        return ops.broadcast_shapes(mixing_distribution.batch_shape, component_distribution.batch_shape[:-1])

    @staticmethod
    def _event_shape(mixing_distribution: Any, component_distribution: Any) -> Shape:
        shape: Shape = component_distribution.event_shape
        return shape

    @staticmethod
    def log_density(x: Any, mixing_distribution: Any, component_distribution: Any) -> Any:
        wide = vectors.insert_axis(x, -1 - component_distribution.event_dim)
        return ops.logsumexp(mixing_distribution.log_probs + component_distribution.log_prob(wide), [-1])

    @staticmethod
    def _sample_numpy(
        generator: np.random.Generator, shape: tuple[int, ...], mixing_distribution: Any, component_distribution: Any
    ) -> Any:
        batch = shape[: len(shape) - component_distribution.event_dim]
        all_draws = component_distribution.expand((*batch, component_distribution.batch_shape[-1]))
        category = drawn(generator, batch, mixing_distribution.probs)
        place = category.reshape((*batch, *[1] * (component_distribution.event_dim + 1)))
        axis = len(batch)
        return np.take_along_axis(all_draws.sample(generator=generator), place, axis).squeeze(axis)

    @staticmethod
    def _mean(mixing_distribution: Any, component_distribution: Any) -> Any:
        return _moments(mixing_distribution, component_distribution)[0]

    @staticmethod
    def _variance(mixing_distribution: Any, component_distribution: Any) -> Any:
        return _moments(mixing_distribution, component_distribution)[1]

    @staticmethod
    def _cdf(x: Any, mixing_distribution: Any, component_distribution: Any) -> Any:
        return (mixing_distribution.probs * component_distribution.cdf(np.expand_dims(x, -1))).sum(-1)


class MixtureGeneral(Distribution):
    """MixtureGeneral(mixing_distribution, component_distributions, support=None).

    mixing_distribution: a Categorical. component_distributions: a list of distributions, one for each category, with
    one event shape. support: of the mixture; needed where the components have different ones, and each lies in it.
    """

    arg_constraints = {
        "mixing_distribution": kinds.a_distribution,
        "component_distributions": kinds.distributions,
        "support": kinds.plain_value,
    }
    defaults = {"support": None}
    support = None

    @staticmethod
    def _support(mixing_distribution: Any, component_distributions: Any, support: Any = None) -> Constraint:
        _check_mixing(mixing_distribution)
        _check_count(mixing_distribution, len(component_distributions))
        kinds.check_unmasked(*component_distributions)
        first, *others = component_distributions
        if any(other.event_dim != first.event_dim for other in others):
            raise ValueError("`component_distributions` must have one event shape")
        if support is not None:
            if not isinstance(support, Constraint):
                raise ValueError(f"`support` must be a constraint, not {support!r}")
            return support
        for other in others:
            if not first.support.covers(other.support):
                raise ValueError(
                    f"the components have different supports, {first.support.describe()} and "
                    f"{other.support.describe()}; say which one the mixture has: `support=`"
                )
        return constraints.independent(first.support, first.event_dim - first.support.event_dim)

    @staticmethod
    def _event_shape(mixing_distribution: Any, component_distributions: Any, support: Any = None) -> Shape:
        return ops.broadcast_shapes(*(one.event_shape for one in component_distributions))

    @staticmethod
    def log_density(x: Any, mixing_distribution: Any, component_distributions: Any, support: Any = None) -> Any:
        weights = mixing_distribution.log_probs
        return log_sum_of(
            [
                take_at(weights, k) + one.log_prob(x, is_inside=support is None)
                for k, one in enumerate(component_distributions)
            ]
        )

    @staticmethod
    def _sample_numpy(
        generator: np.random.Generator,
        shape: tuple[int, ...],
        mixing_distribution: Any,
        component_distributions: Any,
        support: Any = None,
    ) -> Any:
        event_dim = component_distributions[0].event_dim
        batch = shape[: len(shape) - event_dim]
        category = drawn(generator, batch, mixing_distribution.probs).reshape((*batch, *[1] * event_dim))
        result: Any = 0
        for k, one in enumerate(component_distributions):
            result = np.where(category == k, one.expand(batch).sample(generator=generator), result)
        return result

    @staticmethod
    def _mean(mixing_distribution: Any, component_distributions: Any, support: Any = None) -> Any:
        return _weighted(mixing_distribution, [one.mean for one in component_distributions])

    @staticmethod
    def _variance(mixing_distribution: Any, component_distributions: Any, support: Any = None) -> Any:
        mean = _weighted(mixing_distribution, [one.mean for one in component_distributions])
        second = [one.variance + np.square(one.mean - mean) for one in component_distributions]
        return _weighted(mixing_distribution, second)

    @staticmethod
    def _cdf(x: Any, mixing_distribution: Any, component_distributions: Any, support: Any = None) -> Any:
        return _weighted(mixing_distribution, [one.cdf(x) for one in component_distributions])


class Mixture(MadeOfOthers, abstract=True):
    """Mixture(mixing_distribution, component_distributions): MixtureGeneral of a list, else MixtureSameFamily."""

    arg_constraints = {
        "mixing_distribution": kinds.a_distribution,
        "component_distributions": kinds.one_or_more_distributions,
    }

    @staticmethod
    def make(mixing_distribution: Any, component_distributions: Any) -> Distribution:
        if isinstance(component_distributions, Distribution):
            return MixtureSameFamily(mixing_distribution, component_distributions)
        return MixtureGeneral(mixing_distribution, component_distributions)


def _check_mixing(mixing_distribution: Any) -> None:
    if not isinstance(mixing_distribution, OverCategories) or mixing_distribution.event_dim:
        raise ValueError(f"`mixing_distribution` must be a Categorical, not {mixing_distribution!r}")


def _check_count(mixing_distribution: Any, components: Any) -> None:
    categories = ops.shape_of(mixing_distribution.log_probs)[-1]
    if isinstance(categories, int) and isinstance(components, int):
        if categories != components:
            raise ValueError(f"{categories} categories, but {components} components")
    elif categories != components:
        raise ops.ShapeMismatch(categories, components)


def _weighted(mixing_distribution: Any, values: list[Any]) -> Any:
    probs = mixing_distribution.probs
    total: Any = 0.0
    for k, value in enumerate(values):
        weight = np.asarray(probs[..., k])
        extra = np.ndim(value) - weight.ndim
        total = total + (weight.reshape((*weight.shape, *[1] * extra)) if extra > 0 and weight.ndim else weight) * value
    return total


def _moments(mixing_distribution: Any, component_distribution: Any) -> tuple[Any, Any]:
    axis = -1 - component_distribution.event_dim
    weights = np.expand_dims(mixing_distribution.probs, tuple(range(-component_distribution.event_dim, 0)))
    mean = (weights * component_distribution.mean).sum(axis)
    around = np.square(component_distribution.mean - np.expand_dims(mean, axis))
    return mean, (weights * (component_distribution.variance + around)).sum(axis)
