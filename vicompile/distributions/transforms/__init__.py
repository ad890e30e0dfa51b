"""Transforms: maps between constraints with their inverses and Jacobians, as Pyro and NumPyro have them.

They mean the same on NumPy arrays and on graph nodes. `biject_to(constraint)` and `transform_to(constraint)` give the
map of a constraint from unconstrained numbers.
"""

from __future__ import annotations

from ..constraints.base import Constraint
from .base import ComposeTransform, IdentityTransform, IndependentTransform, Transform
from .elementwise import (
    AbsTransform,
    AffineTransform,
    CumulativeDistributionTransform,
    ExpTransform,
    PowerTransform,
    ScaledSigmoidTransform,
    SigmoidTransform,
    SoftplusTransform,
    TanhTransform,
)
from .matrices import (
    CholeskyTransform,
    CorrCholeskyTransform,
    CorrMatrixCholeskyTransform,
    LowerCholeskyAffine,
    LowerCholeskyTransform,
    LowerTriangularTransform,
    ScaledUnitLowerCholeskyTransform,
    SoftplusLowerCholeskyTransform,
    SymmetricTransform,
    UnitLowerCholeskyTransform,
)
from .shapes import CatTransform, ReshapeTransform, StackTransform
from .simplex import SimplexToOrderedTransform, SoftmaxTransform, StickBreakingTransform
from .vectors import (
    DiscreteCosineTransform,
    L1BallTransform,
    NormalizeTransform,
    OrderedTransform,
    PermuteTransform,
    RecursiveLinearTransform,
    ZeroSumTransform,
)

__all__ = [
    "AbsTransform",
    "AffineTransform",
    "CatTransform",
    "CholeskyTransform",
    "ComposeTransform",
    "CorrCholeskyTransform",
    "CorrMatrixCholeskyTransform",
    "CumulativeDistributionTransform",
    "DiscreteCosineTransform",
    "ExpTransform",
    "IdentityTransform",
    "IndependentTransform",
    "L1BallTransform",
    "LowerCholeskyAffine",
    "LowerCholeskyTransform",
    "LowerTriangularTransform",
    "NormalizeTransform",
    "OrderedTransform",
    "PermuteTransform",
    "PowerTransform",
    "RecursiveLinearTransform",
    "ReshapeTransform",
    "ScaledSigmoidTransform",
    "ScaledUnitLowerCholeskyTransform",
    "SigmoidTransform",
    "SimplexToOrderedTransform",
    "SoftmaxTransform",
    "SoftplusLowerCholeskyTransform",
    "SoftplusTransform",
    "StackTransform",
    "StickBreakingTransform",
    "SymmetricTransform",
    "TanhTransform",
    "Transform",
    "UnitLowerCholeskyTransform",
    "ZeroSumTransform",
    "biject_to",
    "transform_to",
]


def biject_to(constraint: Constraint) -> Transform:
    """The one-to-one map from unconstrained numbers onto the set. TypeError where there is none."""
    return constraint.bijection()


def transform_to(constraint: Constraint) -> Transform:
    """A map from unconstrained numbers onto the set, perhaps not one to one. TypeError where there is none."""
    return constraint.parametrization()
