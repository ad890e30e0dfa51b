"""All cases, wherever they are declared."""

from corpus import long_models, matrix_models, models
from corpus.cases import CASES, Case

__all__ = ["CASES", "Case", "long_models", "matrix_models", "models"]
