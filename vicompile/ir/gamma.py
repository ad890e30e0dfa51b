"""Gamma draws on NumPy arrays."""

from __future__ import annotations

from ..jit.random.gamma_numpy import log_gamma_gradient, log_standard_gamma

__all__ = ["log_gamma_gradient", "log_standard_gamma"]
