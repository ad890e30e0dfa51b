"""Compiler stage: (Program, arguments) -> Trace, the sites and parameters of one function as nodes of the Graph."""

from .all_rows import asked_of_data
from .found import Found
from .lifting import with_axis
from .run import lower
from .signals import NeedEqual, NeedFixed
from .text import shape_text, size_text
from .trace import Check, Deterministic, LoopRecord, ParamRecord, PlateRecord, SiteRecord, Trace

__all__ = [
    "Check",
    "Deterministic",
    "Found",
    "LoopRecord",
    "NeedEqual",
    "NeedFixed",
    "ParamRecord",
    "PlateRecord",
    "SiteRecord",
    "Trace",
    "asked_of_data",
    "lower",
    "shape_text",
    "size_text",
    "with_axis",
]
