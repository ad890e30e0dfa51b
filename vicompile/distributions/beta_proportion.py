"""The beta distribution given by its mean."""

from __future__ import annotations

from typing import Any

from . import constraints
from .beta import Beta
from .restated import Restated


class BetaProportion(Restated):
    """BetaProportion(mean, concentration): Beta(mean * concentration, (1 - mean) * concentration).

    mean: between 0 and 1. concentration: the sum of both weights, positive. Support: unit interval.
    """

    law = Beta
    arg_constraints = {"mean": constraints.unit_interval, "concentration": constraints.positive}
    support = constraints.unit_interval

    @staticmethod
    def _restated(mean: Any, concentration: Any) -> tuple[Any, Any]:
        return mean * concentration, (1.0 - mean) * concentration
