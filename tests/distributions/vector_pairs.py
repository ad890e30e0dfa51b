"""Pairs of families of vectors whose divergence has a closed form."""

from __future__ import annotations

from typing import Any

import numpy as np

import vicompile.distributions as dist

COVARIANCE = np.array([[2.0, 0.8], [0.8, 0.5]])
VECTOR_PAIRS: list[tuple[Any, Any]] = [
    (dist.MultivariateNormal([0.3, -1.0], COVARIANCE), dist.MultivariateNormal([1.0, 0.2], np.diag([1.0, 3.0]))),
    (
        dist.MultivariateNormal([0.3, -1.0], precision_matrix=COVARIANCE),
        dist.MultivariateNormal([1.0, 0.2], scale_tril=[[0.7, 0.0], [0.4, 1.2]]),
    ),
    (dist.MultivariateNormal([0.3, -1.0], COVARIANCE), dist.Normal([1.0, 0.2], 2.0).to_event(1)),
    (dist.Normal(0.3, [0.5, 2.0]).to_event(1), dist.MultivariateNormal([1.0, 0.2], COVARIANCE)),
    (dist.Dirichlet([2.5, 1.7, 1.2]), dist.Dirichlet([1.4, 1.9, 3.0])),
    (dist.Categorical([0.2, 0.5, 0.3]), dist.Categorical(logits=[0.3, -1.0, 0.2])),
    (dist.OneHotCategorical(logits=[0.3, -1.0, 0.2]), dist.OneHotCategorical([0.2, 0.5, 0.3])),
]
