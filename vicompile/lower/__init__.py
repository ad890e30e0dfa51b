"""Compiler stage: (Program, arguments) -> Trace, the sites and parameters of one function as nodes of the Graph."""

from .run import lower
from .signals import NeedEqual, NeedFixed
from .subsampling import in_every_step
from .text import shape_text
from .trace import Check, Deterministic, ParamRecord, SiteRecord, Trace

__all__ = [
    "Check",
    "Deterministic",
    "NeedEqual",
    "NeedFixed",
    "ParamRecord",
    "SiteRecord",
    "Trace",
    "in_every_step",
    "lower",
    "shape_text",
]
