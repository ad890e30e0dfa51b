"""Gaussian state space models."""

from __future__ import annotations

from typing import Any

from ..ir import linalg, ops, vectors
from ..ir.cumulative import linear_steps
from ..ir.dims import Shape
from . import constraints, kinds
from .base import Distribution
from .gaussian_random_walk import check_steps
from .multivariate_normal import MultivariateNormal, log_det_of_scale, standardised
from .noise import Noise
from .stable import HALF_LOG_2PI
from .vector_parts import lower_times
from .wishart_parts import squares


class GaussianStateSpace(Distribution):
    """GaussianStateSpace(num_steps, transition_matrix, covariance_matrix), or with precision_matrix or scale_tril.

    z[t] = A z[t - 1] + e[t] from z[-1] = 0, e[t] normal with mean 0: a matrix with the state at each step in its rows.
    num_steps: how many steps, from 1. transition_matrix: A, square. covariance_matrix, precision_matrix, scale_tril: of
    e[t], as for MultivariateNormal; exactly one. Support: real matrices.
    """

    arg_constraints = {
        "num_steps": kinds.plain_value,
        "transition_matrix": constraints.square,
        "covariance_matrix": constraints.positive_definite,
        "precision_matrix": constraints.positive_definite,
        "scale_tril": constraints.lower_cholesky,
    }
    one_of = MultivariateNormal.one_of
    support = None

    @staticmethod
    def _support(num_steps: Any, transition_matrix: Any, **forms: Any) -> constraints.Constraint:
        check_steps(num_steps)
        return constraints.real_matrix

    @staticmethod
    def _event_shape(num_steps: Any, transition_matrix: Any, **forms: Any) -> Shape:
        (form,) = (ops.shape_of(value) for value in forms.values() if value is not None)
        return num_steps, *ops.broadcast_shapes(ops.shape_of(transition_matrix)[-1:], form[-1:])

    @staticmethod
    def log_density(x: Any, num_steps: Any, transition_matrix: Any, **forms: Any) -> Any:
        columns = vectors.transpose(x)
        size = ops.shape_of(columns)[-2]
        before = vectors.slice_last(columns, 0, num_steps - 1)
        expected = vectors.matmul(transition_matrix, before)
        first = vectors.slice_last(columns, 0, 1)
        rest = vectors.slice_last(columns, 1, num_steps) - expected
        away = vectors.transpose(vectors.concatenate_last([first, rest]))
        wide = {name: vectors.insert_axis(value, -3) for name, value in forms.items()}
        z, _ = standardised(away, **wide)
        steps = vectors.number(num_steps)
        return -0.5 * squares(z) - steps * (log_det_of_scale(**forms) + vectors.number(size) * HALF_LOG_2PI)

    @staticmethod
    def draw(
        noise: Noise,
        num_steps: Any,
        transition_matrix: Any,
        covariance_matrix: Any = None,
        precision_matrix: Any = None,
        scale_tril: Any = None,
    ) -> Any:
        z = noise.normal()
        if precision_matrix is not None:
            root = vectors.insert_axis(linalg.cholesky(precision_matrix), -3)
            steps = linalg.solve_lower_transposed(root, z, vector=True)
        else:
            factor = linalg.cholesky(covariance_matrix) if scale_tril is None else scale_tril
            steps = lower_times(vectors.insert_axis(factor, -3), z)
        return linear_steps(transition_matrix, steps)

    @staticmethod
    def _mean(num_steps: Any, transition_matrix: Any, **forms: Any) -> Any:
        return 0.0
