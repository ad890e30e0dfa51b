"""The asymmetric Laplace distribution given by a quantile, as in quantile regression."""

from __future__ import annotations

from typing import Any

from . import constraints
from .restated import Restated
from .two_sided import TwoSided


class AsymmetricLaplaceQuantile(Restated):
    """AsymmetricLaplaceQuantile(loc=0, scale=1, quantile=0.5): P(x < loc) is `quantile`.

    loc: that quantile and the mode, real. scale: positive. quantile: between 0 and 1. Support: real. The tails have the
    mean distances scale / (1 - quantile) to the left and scale / quantile to the right.
    """

    law = TwoSided
    arg_constraints = {"loc": constraints.real, "scale": constraints.positive, "quantile": constraints.unit_interval}
    defaults = {"loc": 0.0, "scale": 1.0, "quantile": 0.5}
    support = constraints.real

    @staticmethod
    def _restated(loc: Any, scale: Any, quantile: Any) -> tuple[Any, Any, Any]:
        return loc, scale / (1.0 - quantile), scale / quantile
