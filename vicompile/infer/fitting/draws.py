"""The fixed draws of a fit: standard normals that are spread evenly and have the moments of a standard normal exactly.

With them the fit of a Gaussian to a Gaussian is exact, whatever their number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]

_FEW_DIMENSIONS = 1000


def fixed_draws(count: int, size: int, seed: int) -> FloatArray:
    """`count` draws (count, size) in pairs z, -z.

    Scrambled Sobol points through the normal quantile. Where count >= 2 size their covariance is exactly the identity,
    else each column has mean square 1.
    """
    half = count // 2
    z = (
        _quasi_random(half, size, seed)
        if size <= _FEW_DIMENSIONS
        else np.random.default_rng(seed).normal(size=(half, size))
    )
    if half >= size:
        # C = K K', rows times the inverse of K': what is left of C is the identity.
        z = np.linalg.solve(np.linalg.cholesky(z.T @ z / half), z.T).T
    else:
        z = z / np.sqrt(np.mean(z * z, axis=0))
    return np.concatenate([z, -z])


def _quasi_random(count: int, size: int, seed: int) -> FloatArray:
    from scipy.special import ndtri
    from scipy.stats import qmc

    points = qmc.Sobol(size, scramble=True, rng=np.random.default_rng(seed)).random(count)
    found: FloatArray = ndtri(np.clip(points, 1e-10, 1.0 - 1e-10))
    return found
