"""Diagnostics: places in the user's source, reports with carets, and the exceptions that carry them."""

from __future__ import annotations

from .arguments import as_whole, file_path, float_array, whole_number
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
    "as_whole",
    "collect",
    "file_path",
    "float_array",
    "nearest",
    "optional",
    "public",
    "render",
    "render_all",
    "whole_number",
]
