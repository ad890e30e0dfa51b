"""Copulas: given marginals, tied to each other like the elements of a normal vector."""

from __future__ import annotations

from typing import Any

from ..ir import linalg, ops
from ..ir.dims import Shape
from . import constraints, kinds
from .arguments import is_symbolic
from .base import Distribution
from .beta import Beta
from .constraints import Constraint
from .made import MadeOfOthers
from .multivariate_normal import log_det
from .noise import Noise
from .stable import normal_quantile
from .vector_parts import lower_times, squared_length


class GaussianCopula(Distribution):
    """GaussianCopula(marginal_dist, correlation_matrix), or with correlation_cholesky.

    marginal_dist: a continuous distribution of numbers with a cdf; its last batch axis is that of a draw's elements.
    Exactly one of: correlation_matrix; correlation_cholesky, its lower Cholesky factor. The normal vector has this
    correlation. In models the marginal needs tails over graph nodes, and for draws its quantile: what truncation needs
    too. Support: vectors of the marginal's support.
    """

    arg_constraints = {
        "marginal_dist": kinds.a_distribution,
        "correlation_matrix": constraints.corr_matrix,
        "correlation_cholesky": constraints.corr_cholesky,
    }
    one_of = (("correlation_matrix", "correlation_cholesky"),)
    inner_axes = {"marginal_dist": 1}
    support = None

    @staticmethod
    def _support(marginal_dist: Any, **forms: Any) -> Constraint:
        kinds.check_unmasked(marginal_dist)
        if marginal_dist.is_discrete or marginal_dist.event_dim:
            raise ValueError(f"`marginal_dist` must be a continuous distribution of numbers, not {marginal_dist!r}")
        return constraints.independent(marginal_dist.support, 1)

    @staticmethod
    def _batch_shape(marginal_dist: Any, **forms: Any) -> Shape:
        (form,) = (ops.shape_of(value) for value in forms.values())
        return ops.broadcast_shapes(marginal_dist.batch_shape[:-1], form[:-2])

    @staticmethod
    def _event_shape(marginal_dist: Any, **forms: Any) -> Shape:
        (form,) = (ops.shape_of(value) for value in forms.values())
        return ops.broadcast_shapes(marginal_dist.batch_shape[-1:], form[-1:])

    @staticmethod
    def log_density(x: Any, marginal_dist: Any, **forms: Any) -> Any:
        scores, factor = _scores(x, marginal_dist), _factor(**forms)
        z = linalg.solve_lower(factor, scores, vector=True)
        tied = 0.5 * (squared_length(scores) - squared_length(z)) - log_det(factor)
        return tied + ops.total(marginal_dist.log_prob(x), [-1])

    @staticmethod
    def draw(noise: Noise, marginal_dist: Any, **forms: Any) -> Any:
        scores = lower_times(_factor(**forms), noise.normal())
        quantile = type(marginal_dist)._quantile
        if quantile is not None:
            return quantile(ops.log_ndtr(scores), ops.log_ndtr(-scores), **marginal_dist.params)
        if is_symbolic(scores):
            raise NotImplementedError(f"{type(marginal_dist).__name__} has no quantile in models: no pathwise draw")
        return marginal_dist.icdf(ops.ndtr(scores))

    @staticmethod
    def _mean(marginal_dist: Any, **forms: Any) -> Any:
        return marginal_dist.mean

    @staticmethod
    def _variance(marginal_dist: Any, **forms: Any) -> Any:
        return marginal_dist.variance


class GaussianCopulaBeta(MadeOfOthers, abstract=True):
    """GaussianCopulaBeta(concentration1, concentration0, correlation_matrix), or with correlation_cholesky: a
    GaussianCopula with Beta marginals, for eager use: its cdf is not available in models.
    """

    arg_constraints = {
        "concentration1": constraints.positive,
        "concentration0": constraints.positive,
        "correlation_matrix": constraints.corr_matrix,
        "correlation_cholesky": constraints.corr_cholesky,
    }
    one_of = GaussianCopula.one_of

    @staticmethod
    def make(concentration1: Any, concentration0: Any, **forms: Any) -> Distribution:
        return GaussianCopula(Beta(concentration1, concentration0), **forms)


def _factor(correlation_matrix: Any = None, correlation_cholesky: Any = None) -> Any:
    return linalg.cholesky(correlation_matrix) if correlation_cholesky is None else correlation_cholesky


def _scores(x: Any, marginal_dist: Any) -> Any:
    """The normal quantiles of the marginal cdfs: from logarithms of both tails where the family has them."""
    kind = type(marginal_dist)
    if kind._log_cdf is not None and kind._log_survival is not None:
        return normal_quantile(marginal_dist.log_cdf(x), marginal_dist.log_survival(x))
    if is_symbolic(x, *marginal_dist.numbers().values()):
        raise NotImplementedError(
            f"{kind.__name__} has no cdf in models, and GaussianCopula needs it; take a marginal such as Normal, "
            "Logistic or Weibull"
        )
    below = ops.ndtri(marginal_dist.cdf(x))
    survival = getattr(kind, "_survival", None)
    if survival is None:
        return below
    # From the nearer tail: a cdf near 1 has lost its distance to it.
    return ops.where(below > 0.0, -ops.ndtri(survival(x, **marginal_dist.params)), below)
