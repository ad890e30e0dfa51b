"""All cases, wherever they are declared."""

from corpus import discrete_models, long_models, models
from corpus.cases import CASES, Case

__all__ = ["CASES", "Case", "discrete_models", "long_models", "models"]
