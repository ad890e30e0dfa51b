"""All cases, wherever they are declared."""

from corpus import long_models, models, plate_models
from corpus.cases import CASES, Case

__all__ = ["CASES", "Case", "long_models", "models", "plate_models"]
