"""Effect handlers: functions on models, with the names and arguments of Pyro's `poutine` and NumPyro's `handlers`.

    conditioned = handlers.condition(model, data={"x": 1.0})       # around a function
    @handlers.scope(prefix="a")                                    # as a decorator
    with handlers.block(hide=["x"]): ...                           # around statements

What they give is a model again: it can be called, handled further, or fitted.
"""

from __future__ import annotations

from ..language.messages import Handler
from .directions import CircularReparam, ProjectedNormalReparam
from .recording import Trace, seed, trace
from .reparameterise import reparam
from .statements import block, infer_config, lift, scope
from .strategies import LocScaleReparam
from .transforming import TransformReparam
from .values import condition, do, replay, substitute, uncondition
from .weights import mask, scale

__all__ = [
    "CircularReparam",
    "Handler",
    "LocScaleReparam",
    "ProjectedNormalReparam",
    "Trace",
    "TransformReparam",
    "block",
    "condition",
    "do",
    "infer_config",
    "lift",
    "mask",
    "reparam",
    "replay",
    "scale",
    "scope",
    "seed",
    "substitute",
    "trace",
    "uncondition",
]
