"""Results of fits in files: each is its kind and its fields."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..diagnostics import file_path
from .archive import invalid, read_archive, write_archive
from .packing import Arrays, pack, unpack


class Keeper:
    """Writes results of one kind to one file, perhaps again and again; `always` are fields that stay the same.

    TypeError for a field that cannot be kept, with its name.
    """

    def __init__(self, path: str | os.PathLike[str], kind: str, always: Mapping[str, Any]) -> None:
        self.path, self._kind = Path(file_path(path)), kind
        self._arrays: Arrays = {}
        self._always = {name: pack(value, name, self._arrays) for name, value in always.items()}

    def write(self, fields: Mapping[str, Any]) -> None:
        """Write the file, whole or not at all. OSError where that cannot be."""
        arrays: Arrays = {}
        packed = {name: pack(value, name, arrays) for name, value in fields.items()}
        write_archive(self.path, {"kind": self._kind, "fields": {**packed, **self._always}}, {**arrays, **self._arrays})


def read_fields(path: str | os.PathLike[str]) -> tuple[str, dict[str, Any]]:
    """The kind and the fields in a file. DataError for a file of something else or a damaged one; OSError for none."""
    where = Path(file_path(path))
    facts, arrays = read_archive(where)
    try:
        return str(facts["kind"]), {name: unpack(value, arrays) for name, value in facts["fields"].items()}
    # The content is what was written, and yet this version does not understand it.
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise not_understood(where, str(error)) from None


def not_understood(path: Path, what: str) -> Exception:
    """The error for a file of another version."""
    advice = "read it with the version of vicompile that wrote it, or a later one"
    return invalid(path, f"this version does not understand it ({what})", advice)
