"""The scaled inverse chi-squared distribution."""

from __future__ import annotations

from typing import Any

from . import constraints
from .inverse_gamma import InverseGamma
from .restated import Restated


class ScaledInverseChi2(Restated):
    """ScaledInverseChi2(df, scale=1): df * scale**2 over a Chi2(df) draw, InverseGamma(df / 2, df * scale**2 / 2).

    df: degrees of freedom, positive. scale: positive. Support: positive.
    """

    law = InverseGamma
    arg_constraints = {"df": constraints.positive, "scale": constraints.positive}
    defaults = {"scale": 1.0}
    support = constraints.positive

    @staticmethod
    def _restated(df: Any, scale: Any) -> tuple[Any, Any]:
        return 0.5 * df, 0.5 * df * scale * scale
