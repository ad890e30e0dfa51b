"""The fixed draws of a fit: standard normals that are spread evenly and have the moments of a standard normal exactly.

With them the fit of a Gaussian to a Gaussian is exact, whatever their number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...reference import sobol_points
from ...svi.quantiles import normal_quantiles

if TYPE_CHECKING:
    import numpy.typing as npt

    FloatArray = npt.NDArray[np.float64]


def fixed_draws(count: int, size: int, seed: int) -> FloatArray:
    """`count` draws (count, size), an even number of them; the second half is minus the first.

    Scrambled Sobol points through the normal quantile. Where count >= 2 size their covariance is exactly the identity,
    else each column has mean square 1.
    """
    half = count // 2
    z = normal_quantiles(sobol_points(half, size, np.random.default_rng(seed)))
    if half >= size:
        # C = K K': the inverse of K times the draws leaves of C the identity.
        z = np.linalg.solve(np.linalg.cholesky(z @ z.T / half), z)
    else:
        z = z / np.sqrt(np.mean(z * z, axis=1, keepdims=True))
    return np.concatenate([z.T, -z.T])
