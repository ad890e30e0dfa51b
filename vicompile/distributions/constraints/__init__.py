"""Constraints: which values a parameter or a draw may take, and the smooth map from unconstrained numbers to them.

One object answers everything about one set: is a value inside (`check`), how is it reached from unconstrained numbers
(`transform`, `inverse`, `log_abs_det`), and how is it said in a message (`describe`). The maps are those of
`vicompile.distributions.transforms`, which mean the same on NumPy arrays and on graph nodes. See docs/constraints.md.
"""

from __future__ import annotations

from .base import Constraint
from .combined import (
    cat,
    dependent,
    independent,
    real_matrix,
    real_vector,
    row_stochastic,
    stack,
)
from .line import (
    anything,
    circular,
    greater_than,
    greater_than_eq,
    half_open_interval,
    interval,
    less_than,
    less_than_eq,
    nonnegative,
    open_interval,
    positive,
    real,
    softplus_positive,
    unit_interval,
)
from .matrices import (
    corr_cholesky,
    corr_matrix,
    lower_cholesky,
    lower_triangular,
    positive_definite,
    positive_semidefinite,
    scaled_unit_lower_cholesky,
    softplus_lower_cholesky,
    square,
    symmetric,
    unit_lower_cholesky,
)
from .vectors import (
    l1_ball,
    multinomial,
    one_hot,
    ordered_vector,
    positive_ordered_vector,
    simplex,
    sphere,
    zero_sum,
)
from .whole import (
    boolean,
    integer,
    integer_greater_than,
    integer_interval,
    nonnegative_integer,
    positive_integer,
)

__all__ = [
    "Constraint",
    "anything",
    "boolean",
    "cat",
    "circular",
    "corr_cholesky",
    "corr_matrix",
    "dependent",
    "greater_than",
    "greater_than_eq",
    "half_open_interval",
    "independent",
    "integer",
    "integer_greater_than",
    "integer_interval",
    "interval",
    "l1_ball",
    "less_than",
    "less_than_eq",
    "lower_cholesky",
    "lower_triangular",
    "multinomial",
    "nonnegative",
    "nonnegative_integer",
    "one_hot",
    "open_interval",
    "ordered_vector",
    "positive",
    "positive_definite",
    "positive_integer",
    "positive_ordered_vector",
    "positive_semidefinite",
    "real",
    "real_matrix",
    "real_vector",
    "row_stochastic",
    "scaled_unit_lower_cholesky",
    "simplex",
    "softplus_lower_cholesky",
    "softplus_positive",
    "sphere",
    "square",
    "stack",
    "symmetric",
    "unit_interval",
    "unit_lower_cholesky",
    "zero_sum",
]
