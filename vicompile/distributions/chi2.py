"""The chi-squared distribution."""

from __future__ import annotations

from typing import Any

from . import constraints
from .gamma import Gamma
from .restated import Restated


class Chi2(Restated):
    """Chi2(df): the sum of the squares of `df` standard normal draws, Gamma(df / 2, 1 / 2).

    df: degrees of freedom, positive. Support: nonnegative.
    """

    law = Gamma
    arg_constraints = {"df": constraints.positive}
    support = constraints.nonnegative

    @staticmethod
    def _restated(df: Any) -> tuple[Any, Any]:
        return 0.5 * df, 0.5
