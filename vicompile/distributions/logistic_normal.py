"""The logistic normal distribution on the simplex."""

from __future__ import annotations

from typing import Any

from . import constraints, transforms
from .base import Distribution
from .made import MadeOfOthers
from .normal import Normal
from .transformed import TransformedDistribution


class LogisticNormal(MadeOfOthers, abstract=True):
    """LogisticNormal(loc, scale): independent normal numbers, turned into shares by stick breaking.

    loc: a vector of means. scale: their standard deviations, positive. A draw has one element more. Support: simplex.
    """

    arg_constraints = {"loc": constraints.real_vector, "scale": constraints.positive}

    @staticmethod
    def make(loc: Any, scale: Any) -> Distribution:
        return TransformedDistribution(Normal(loc, scale), transforms.StickBreakingTransform())
