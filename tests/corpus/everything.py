"""All cases, wherever they are declared."""

from corpus import (
    array_models,
    constrained_models,
    continuous_models,
    discrete_models,
    long_models,
    matrix_models,
    models,
    multivariate_models,
    plate_models,
    recurrent_models,
)
from corpus.cases import CASES, Case

__all__ = [
    "CASES",
    "Case",
    "array_models",
    "constrained_models",
    "continuous_models",
    "discrete_models",
    "long_models",
    "matrix_models",
    "models",
    "multivariate_models",
    "plate_models",
    "recurrent_models",
]
