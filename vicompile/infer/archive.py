"""The file of a fit: JSON and arrays in one zip file, written whole or not at all, and checked when it is read.

Entries: `head.json` (what it is, the format's version, and a hash of all that follows), `facts.json`, and each array as
`NAME.npy`, uncompressed: `numpy.load` opens it as well. Nothing is pickled, and reading runs no code.
"""

from __future__ import annotations

import glob
import hashlib
import io
import json
import os
import zipfile
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ..diagnostics import DataError, Diagnostic

if TYPE_CHECKING:
    import numpy.typing as npt

FORMAT, VERSION = "vicompile fit", 1
_HEAD, _FACTS = "head.json", "facts.json"
_ZIP_MAGIC = b"PK\x03\x04"
_numbers = count()


class FitFileInvalid(Diagnostic):
    """A file that no fit can be read from."""

    path: str
    what: str
    advice: str

    code: ClassVar[str] = "fit-file-invalid"
    message: ClassVar[str] = "`{path}` cannot be read as a fit: {what}"
    help: ClassVar[str] = "{advice}"


def invalid(path: Path, what: str, advice: str) -> DataError:
    """The error for a file that no fit can be read from."""
    return DataError(FitFileInvalid(None, str(path), what, advice))


def write_archive(path: Path, facts: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[Any]]) -> None:
    """Write the file, in place of one that is there. At every moment `path` is what it was before, or complete.

    Raises OSError where it cannot be written.
    """
    parts = {_FACTS: json.dumps(facts, allow_nan=False).encode()}
    parts.update((f"{name}.npy", _npy(array)) for name, array in arrays.items())
    head = {"format": FORMAT, "version": VERSION, "sha256": _digest(parts)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in {_HEAD: json.dumps(head).encode(), **parts}.items():
            archive.writestr(zipfile.ZipInfo(name), content)  # no time of day: the same fit is the same file
    _replace(path, buffer.getbuffer())


def read_archive(path: Path) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
    """The facts and the arrays of a file. Raises DataError for another, newer or damaged file, OSError for none."""
    content = path.read_bytes()
    if not content.startswith(_ZIP_MAGIC):
        raise invalid(path, "it is another kind of file", "give a file that `save` or a checkpoint has written")
    damaged = invalid(path, "it is damaged or cut short", "write it anew, or take an earlier copy")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    # What zipfile raises for damaged files is no closed list.
    except Exception:
        raise damaged from None
    head = _head(parts)
    if head.get("format") != FORMAT:
        raise invalid(path, "it is a zip file of something else", "give a file that `save` or a checkpoint has written")
    if head.get("version") != VERSION:
        advice = "read it with the version of vicompile that wrote it, or a later one"
        raise invalid(path, f"it has format {head.get('version')}, this version reads format {VERSION}", advice)
    if head.get("sha256") != _digest(parts):
        raise damaged
    try:
        facts = json.loads(parts[_FACTS])
        arrays = {name.removesuffix(".npy"): _array(part) for name, part in parts.items() if name.endswith(".npy")}
    except (KeyError, ValueError):
        raise damaged from None
    return facts, arrays


def remove_unfinished(path: Path) -> None:
    """Remove what writers of this file have left that were killed while they wrote."""
    for left in path.parent.glob(f".{glob.escape(path.name)}.*.unfinished"):
        left.unlink(missing_ok=True)


def _head(parts: dict[str, bytes]) -> dict[str, Any]:
    """The head, taken out of the parts; empty where there is none."""
    try:
        head = json.loads(parts.pop(_HEAD))
    except (KeyError, ValueError):
        return {}
    return head if isinstance(head, dict) else {}


def _npy(array: npt.NDArray[Any]) -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, np.asarray(array), allow_pickle=False)
    return buffer.getvalue()


def _array(part: bytes) -> npt.NDArray[Any]:
    found: npt.NDArray[Any] = np.lib.format.read_array(io.BytesIO(part), allow_pickle=False)
    return found


def _digest(parts: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name, content in sorted(parts.items()):
        digest.update(b"%d %d " % (len(name.encode()), len(content)))
        digest.update(name.encode())
        digest.update(content)
    return digest.hexdigest()


def _replace(path: Path, content: memoryview) -> None:
    """By way of a file beside it, which is on the disk before it gets the name."""
    if not path.parent.is_dir():
        raise FileNotFoundError(f"there is no folder `{path.parent}` for the file `{path.name}`: make it first")
    unfinished = path.parent / f".{path.name}.{os.getpid()}-{next(_numbers)}.unfinished"
    try:
        with open(unfinished, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
