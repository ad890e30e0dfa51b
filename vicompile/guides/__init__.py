"""Compiler stage beside `lower`: the trace of a model -> the trace of a guide that is made for it.

An automatic guide has no source. It declares sites and parameters as a written one does when it is lowered, and from
there goes the same road.
"""

from __future__ import annotations

from .automatic import Automatic, Made
from .build import Builder
from .latents import Latent

__all__ = ["Automatic", "Builder", "Latent", "Made"]
