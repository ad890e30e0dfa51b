"""Optimizers: their rules, written once for one element with NumPy's functions, their hyperparameters and schedules.

    rules         Rule: function, state, hyperparameters; `declare.rule` makes one of the user's own
      |  expressions, whole, program: the rule is run once and written down as straight lines, in passes
      v  svi.optimizers prints and compiles these

Nothing is computed here but the values of schedules: this package is a leaf that anyone may import.
"""

from __future__ import annotations

from typing import Any

from ..diagnostics.absent import absent
from . import schedules
from .adam import AdaBelief, Adam, Adamax, AdamW, ClippedAdam
from .adaptive import SM3, Adadelta, Adagrad, AdagradRMSProp, RMSProp, RMSPropMomentum
from .base import Optimizer
from .declare import rule
from .descent import SGD, Momentum, Nesterov
from .dowg import DoWG
from .elsewhere import ADVICE
from .minimize import Minimize
from .whole import cover, largest, norm, total
from .wrappers import Averaged, Clipped

RMSprop = RMSProp  # torch's spelling

__all__ = [
    "SGD",
    "SM3",
    "AdaBelief",
    "Adadelta",
    "Adagrad",
    "AdagradRMSProp",
    "Adam",
    "AdamW",
    "Adamax",
    "Averaged",
    "Clipped",
    "ClippedAdam",
    "DoWG",
    "Minimize",
    "Momentum",
    "Nesterov",
    "Optimizer",
    "RMSProp",
    "RMSPropMomentum",
    "RMSprop",
    "cover",
    "largest",
    "norm",
    "rule",
    "schedules",
    "total",
]


def __getattr__(name: str) -> Any:
    raise absent(__name__, name, ADVICE)
