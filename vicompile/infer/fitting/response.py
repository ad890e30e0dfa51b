"""Linear response: the covariance that a mean-field fit implies by how its means answer to the density.

Giordano, Broderick and Jordan (2018): the covariance of the posterior is how the posterior mean answers to a
tilt of the density. That of the variational optimum is the block of the means in the inverse Hessian of minus the ELBO.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .draws import fixed_draws
from .gaussian import Gaussian, has_factor
from .lbfgs import minimise
from .mean_field import Independent

if TYPE_CHECKING:
    import numpy.typing as npt

    from .target import Target

    FloatArray = npt.NDArray[np.float64]

_DRAWS, _FEWER, _MANY_DIMENSIONS = 256, 128, 60
_STEP = 1e-3
_LEAST = 1e-12  # eigenvalue of the Hessian, of the largest: less is rounding


def linear_response(target: Target, fitted: Gaussian, coordinates: Gaussian, seed: int) -> FloatArray | None:
    """The covariance (size, size) by linear response; None where the optimum is none or the density not finite there.

    fitted: the mean-field optimum. Takes 4 gradients a dimension and draw.
    """
    d = target.size
    z = fixed_draws(_DRAWS if d <= _MANY_DIMENSIONS else _FEWER, d, seed)
    problem = Independent(target, Gaussian(fitted.mean, coordinates.factor), fitted.sds, z)
    # Where the gradient for these very draws is zero: else the differences would tell of the way to go as well.
    found = minimise(
        problem, np.zeros(2 * d), memory=20, most_iterations=100, tolerance=1e-9, first_step=1.0, most_move=2.0
    )
    mean, sds = problem.parts(found.x)
    local = Independent(target, Gaussian(mean, np.diag(sds)), sds, z)
    hessian = np.empty((2 * d, 2 * d))
    for k in range(2 * d):
        step = np.zeros(2 * d)
        step[k] = _STEP
        (up_value, up), (down_value, down) = local(step), local(-step)
        if not np.isfinite(up_value + down_value):
            return None
        hessian[k] = (up - down) / (2.0 * _STEP)
    hessian = 0.5 * (hessian + hessian.T)
    if not np.isfinite(hessian).all():
        return None
    values = np.linalg.eigvalsh(hessian)
    if values[0] <= _LEAST * values[-1]:
        return None
    covariance: FloatArray = sds[:, None] * np.linalg.inv(hessian)[:d, :d] * sds
    return covariance if has_factor(covariance) else None
