"""The asymmetric Laplace distribution."""

from __future__ import annotations

from typing import Any

from . import constraints
from .restated import Restated
from .two_sided import TwoSided


class AsymmetricLaplace(Restated):
    """AsymmetricLaplace(loc=0, scale=1, asymmetry=1): an exponential tail on each side of `loc`.

    Their mean distances are scale * asymmetry to the left and scale / asymmetry to the right.

    loc: the mode, real. scale: positive. asymmetry: positive; 1 is the Laplace distribution. Support: real.
    """

    law = TwoSided
    arg_constraints = {"loc": constraints.real, "scale": constraints.positive, "asymmetry": constraints.positive}
    defaults = {"loc": 0.0, "scale": 1.0, "asymmetry": 1.0}
    support = constraints.real

    @staticmethod
    def _restated(loc: Any, scale: Any, asymmetry: Any) -> tuple[Any, Any, Any]:
        return loc, scale * asymmetry, scale / asymmetry
