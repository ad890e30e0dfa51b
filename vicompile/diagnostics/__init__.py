"""Diagnostics: places in the user's source, reports with carets, and the exceptions that carry them."""

from __future__ import annotations

from .boundary import public
from .collector import Report, collect
from .diagnostic import Diagnostic, all_diagnostics
from .errors import CompileError, DataError, InternalError
from .nearest import nearest
from .optional import optional
from .record import Record
from .render import render, render_all
from .span import Label, Span

__all__ = [
    "CompileError",
    "DataError",
    "Diagnostic",
    "InternalError",
    "Label",
    "Record",
    "Report",
    "Span",
    "all_diagnostics",
    "collect",
    "nearest",
    "optional",
    "public",
    "render",
    "render_all",
]
