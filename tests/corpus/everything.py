"""All cases, wherever they are declared."""

from corpus import continuous_models, discrete_models, long_models, models
from corpus.cases import CASES, Case

__all__ = ["CASES", "Case", "continuous_models", "discrete_models", "long_models", "models"]
