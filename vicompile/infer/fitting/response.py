"""Linear response: the covariance that a mean-field fit implies by how its means answer to the density.

Giordano, Broderick and Jordan (2018): the covariance of the posterior is how the posterior mean answers to a
tilt of the density. That of the variational optimum is the block of the means in the inverse Hessian of minus the ELBO.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from .diagonal import Diagonal
from .draws import fixed_draws
from .gaussian import Gaussian, is_positive
from .lbfgs import minimise
from .mean_field import Independent

if TYPE_CHECKING:
    import numpy.typing as npt

    from .target import Target

    FloatArray = npt.NDArray[np.float64]

_FEWEST, _MOST, _DRAWS_TIMES_DIMENSIONS = 32, 256, 25_000
_STEP = 1e-3


def linear_response(target: Target, fitted: Gaussian, coordinates: Gaussian, seed: int) -> FloatArray | None:
    """The covariance (size, size) by linear response; None where the optimum is none or the density not finite there.

    fitted: the mean-field optimum. Takes 4 gradients a dimension and draw.
    """
    d = target.size
    count = 1 << int(math.log2(_DRAWS_TIMES_DIMENSIONS / d))
    z = fixed_draws(min(max(count, _FEWEST), _MOST), d, seed)
    problem = Independent(target, Gaussian(fitted.mean, coordinates.factor), fitted.sds, z)
    # Where the gradient for these very draws is zero: else the differences would tell of the way to go as well.
    found = minimise(
        problem, np.zeros(2 * d), memory=20, most_iterations=100, tolerance=1e-9, first_step=1.0, most_move=2.0
    )
    mean, sds = problem.parts(found.x)
    local = Independent(target, Diagonal(mean, sds), sds, z)
    hessian = np.empty((2 * d, 2 * d))
    for k in range(2 * d):
        step = np.zeros(2 * d)
        step[k] = _STEP
        (up_value, up), (down_value, down) = local(step), local(-step)
        if not np.isfinite(up_value + down_value):
            return None
        hessian[k] = (up - down) / (2.0 * _STEP)
    hessian = 0.5 * (hessian + hessian.T)
    if not is_positive(hessian):
        return None
    # In units of the mean-field deviations.
    answer: FloatArray = np.asarray(np.linalg.inv(hessian)[:d, :d], np.float64)
    covariance: FloatArray = sds[:, None] * answer * sds
    return covariance if is_positive(answer) else None
