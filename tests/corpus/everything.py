"""All cases, wherever they are declared."""

from corpus import constrained_models, long_models, matrix_models, models, plate_models, recurrent_models
from corpus.cases import CASES, Case

__all__ = [
    "CASES",
    "Case",
    "constrained_models",
    "long_models",
    "matrix_models",
    "models",
    "plate_models",
    "recurrent_models",
]
