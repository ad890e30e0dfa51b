"""The inverse chi-squared distribution."""

from __future__ import annotations

from typing import Any

from . import constraints
from .inverse_gamma import InverseGamma
from .restated import Restated


class InverseChi2(Restated):
    """InverseChi2(df): one over a Chi2(df) draw, InverseGamma(df / 2, 1 / 2).

    df: degrees of freedom, positive. Support: positive.
    """

    law = InverseGamma
    arg_constraints = {"df": constraints.positive}
    support = constraints.positive

    @staticmethod
    def _restated(df: Any) -> tuple[Any, Any]:
        return 0.5 * df, 0.5
