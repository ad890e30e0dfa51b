"""Kernels on disk: one file per kernel, read back only if every byte of it is as it was written.

    <directory>/kernels/<label>_<12 digits of the key>.py        the emitted text, for people and debuggers
    <directory>/kernels/<label>_<12 digits of the key>.kernel    one line with a SHA-256 of all that follows,
                                                                 one line of JSON (key, symbol, signature), object code

One file, put in place by one rename: processes that write at the same time cannot mix their halves. Every failure to
read is a miss, and every failure to write leaves the kernel in memory only. Nothing here is unpickled or executed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

_MAGIC = b"vicompile-kernel-1 "
_HEAD_SIZE = len(_MAGIC) + 64 + 1
_MAX_FILE = 1 << 28


class Entry(NamedTuple):
    """What is stored of one kernel: object code, and the name of its function inside it."""

    key: str
    entry: str
    signature: str
    symbol: str
    code: bytes


class CacheInfo(NamedTuple):
    """Where the cache is, how many kernels it holds, and how many bytes all its files take."""

    path: Path
    entries: int
    size: int


def cache_directory() -> Path:
    """Directory of the cache: VICOMPILE_CACHE_DIR if set, else the user's cache directory as platformdirs has it."""
    chosen = os.environ.get("VICOMPILE_CACHE_DIR", "").strip()
    if chosen:
        return Path(chosen).expanduser().absolute()
    if sys.platform == "linux":
        # platformdirs' own answer on Linux, without the time that its import takes.
        base = os.environ.get("XDG_CACHE_HOME", "").strip()
        return Path(base if os.path.isabs(base) else os.path.expanduser("~/.cache")) / "vicompile"
    from platformdirs import user_cache_path

    return user_cache_path("vicompile", appauthor=False)


def kernel_stem(label: str, key: str) -> Path:
    """Path of a kernel's files without their suffix."""
    clean = re.sub(r"[^A-Za-z0-9_]+", "_", label).strip("_")[:48] or "kernel"
    return cache_directory() / "kernels" / f"{clean}_{key[:12]}"


class DamagedEntry(Exception):
    """A file is there, but it is not exactly what was written for this key."""


def read_entry(stem: Path, key: str) -> Entry | None:
    """The stored kernel, or None where there is none that can be read; raises DamagedEntry."""
    try:
        with open(f"{stem}.kernel", "rb") as file:
            data = file.read(_MAX_FILE)
    except OSError:
        return None
    return _decode(data, key)


def write_entry(stem: Path, entry: Entry) -> bool:
    """Store a kernel; False where the directory does not allow it."""
    return _write_atomically(Path(f"{stem}.kernel"), _encode(entry))


def source_of(stem: Path) -> tuple[str, str] | None:
    """The emitted text as stored, and its path; None where it is not there or cut short."""
    path = Path(f"{stem}.py")
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    return (text, str(path)) if text.endswith("\n") else None


def write_source(stem: Path, text: str) -> str | None:
    """Store the emitted text unless it is there already; returns its path, None where that is not allowed."""
    path = Path(f"{stem}.py")
    data = text.encode("utf-8")
    try:
        if path.stat().st_size == len(data):
            return str(path)
    except OSError:
        pass
    return str(path) if _write_atomically(path, data) else None


def cache_info() -> CacheInfo:
    """Count what is in the cache; a missing or unreadable directory counts as empty."""
    entries = size = 0
    for path in _files():
        with suppress(OSError):
            size += path.stat().st_size
            entries += path.suffix == ".kernel"
    return CacheInfo(cache_directory(), entries, size)


def clear_cache() -> CacheInfo:
    """Remove all kernels and their texts, nothing else; returns what was removed. Raises OSError if a file resists."""
    entries = size = 0
    for path in list(_files()):
        try:
            bytes_freed = path.stat().st_size
            path.unlink()
        except FileNotFoundError:
            continue
        size += bytes_freed
        entries += path.suffix == ".kernel"
    return CacheInfo(cache_directory(), entries, size)


def _files() -> Iterator[Path]:
    """Only files named as this module names them, so that a wrong directory loses nothing of its own."""
    name = re.compile(r"\w+_[0-9a-f]{12}\.(kernel|py|[0-9a-f]{16}\.tmp)", re.ASCII)
    with suppress(OSError):
        for path in sorted((cache_directory() / "kernels").iterdir()):
            if name.fullmatch(path.name) and path.is_file():
                yield path


def _encode(entry: Entry) -> bytes:
    head = {"key": entry.key, "entry": entry.entry, "signature": entry.signature, "symbol": entry.symbol}
    body = json.dumps(head, sort_keys=True).encode("ascii") + b"\n" + entry.code
    return _MAGIC + hashlib.sha256(body).hexdigest().encode("ascii") + b"\n" + body


def _decode(data: bytes, key: str) -> Entry:
    body = data[_HEAD_SIZE:]
    expected = _MAGIC + hashlib.sha256(body).hexdigest().encode("ascii") + b"\n"
    if data[:_HEAD_SIZE] != expected:
        raise DamagedEntry("the hash does not fit")
    line, _, code = body.partition(b"\n")
    try:
        head = json.loads(line)
    except ValueError:
        raise DamagedEntry("the head is not JSON") from None
    names = ("key", "entry", "signature", "symbol")
    if not isinstance(head, dict) or not all(isinstance(head.get(name), str) for name in names):
        raise DamagedEntry("the head lacks a field")
    if head["key"] != key:
        raise DamagedEntry("it belongs to another kernel")
    return Entry(code=code, **{name: head[name] for name in names})


def _write_atomically(path: Path, data: bytes) -> bool:
    temporary = path.with_name(f"{path.stem}.{os.urandom(8).hex()}.tmp")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with open(temporary, "xb") as file:
                file.write(data)
            os.replace(temporary, path)
        except BaseException:
            with suppress(OSError):
                temporary.unlink()
            raise
    except OSError:
        return False
    return True
