"""The random numbers of this project in NumPy alone: what the interpreter uses and what native code is tested
against.
"""

from .gamma import log_gamma_gradient, log_standard_gamma
from .noise import noise_rows
from .philox import philox4x32
from .positions import random_position
from .sobol import sobol_points

__all__ = ["log_gamma_gradient", "log_standard_gamma", "noise_rows", "philox4x32", "random_position", "sobol_points"]
