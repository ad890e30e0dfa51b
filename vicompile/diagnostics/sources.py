"""Source lines and file names as the user knows them: files, notebook cells, and text registered with linecache."""

from __future__ import annotations

import linecache
import os
import sys


def source_line(file: str, line: int) -> str:
    """The text of one line without its end; empty if the source is gone."""
    return linecache.getline(file, line).rstrip("\r\n")


def display_name(file: str) -> str:
    """`file` relative to the working directory when it lies inside; a notebook cell by its number."""
    cell = _notebook_cell(file)
    if cell is not None:
        return cell
    if file.startswith("<") or not os.path.isabs(file):
        return file
    try:
        relative = os.path.relpath(file)
    except (ValueError, OSError):
        return file
    return file if relative.startswith(os.pardir) else relative


def _notebook_cell(file: str) -> str | None:
    ipython = sys.modules.get("IPython")
    if ipython is None:
        return None
    try:
        shell = ipython.get_ipython()
        name = shell.compile.format_code_name(file)
    except AttributeError:
        return None
    return None if name is None else " ".join(name)
