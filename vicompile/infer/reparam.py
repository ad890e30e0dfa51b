"""The strategies of `handlers.reparam`, where Pyro and NumPyro have them."""

from __future__ import annotations

from ..handlers import CircularReparam, LocScaleReparam, ProjectedNormalReparam, TransformReparam

__all__ = ["CircularReparam", "LocScaleReparam", "ProjectedNormalReparam", "TransformReparam"]
