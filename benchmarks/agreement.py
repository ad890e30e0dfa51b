"""Do the programs agree? The exact ELBO of each one's fitted parameters, against the spread between seeds.

Two fits with different random numbers end at different parameters. How far apart is measured, not assumed: the limit is
run with several seeds, and a program agrees when its ELBO is a plausible further draw from the same population.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# One false alarm in ten thousand comparisons, were the ELBOs of the seeds normal.
FALSE_ALARM = 1e-4


@dataclass(frozen=True)
class Yardstick:
    """The ELBOs of the reference fits with different seeds."""

    mean: float
    tolerance: float
    fits: int

    def agrees(self, elbo: float) -> bool:
        return abs(elbo - self.mean) <= self.tolerance


def yardstick(elbos: list[float]) -> Yardstick:
    """Prediction interval for one more fit: Student's t, mean and spread both estimated from at least three fits."""
    from scipy.stats import t

    count = len(elbos)
    if count < 3:
        raise ValueError(f"a yardstick needs at least 3 fits, got {count}")
    spread = float(np.std(elbos, ddof=1))
    width = float(t.ppf(1.0 - 0.5 * FALSE_ALARM, count - 1)) * spread * float(np.sqrt(1.0 + 1.0 / count))
    return Yardstick(float(np.mean(elbos)), width, count)
