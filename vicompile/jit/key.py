"""The name of a kernel in the cache: a hash of everything that could make its machine code another one.

Computed without importing numba or llvmlite, because a warm start must not pay for them.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import platform
import sys
from functools import lru_cache

from .signature import Signature

_SCHEME = "1"
# Read by numba when it generates code; a change must not meet code made under another setting.
_SETTINGS = (
    "NUMBA_CPU_NAME",
    "NUMBA_CPU_FEATURES",
    "NUMBA_ENABLE_AVX",
    "NUMBA_OPT",
    "NUMBA_LOOP_VECTORIZE",
    "NUMBA_SLP_VECTORIZE",
    "NUMBA_LLVM_REFPRUNE_PASS",
    "NUMBA_LLVM_REFPRUNE_FLAGS",
    "NUMBA_DISABLE_INTEL_SVML",
)
_CPU_FIELDS = {
    "vendor_id", "cpu family", "model", "stepping", "flags",
    "CPU implementer", "CPU architecture", "CPU variant", "CPU part", "CPU revision", "Features",
}  # fmt: skip


def kernel_key(text: str, entry: str, signature: Signature) -> str:
    """SHA-256, in hexadecimal, over a kernel's text and over everything of this system that shapes its code."""
    digest = hashlib.sha256()
    for part in (environment_key(), text, entry, str(signature)):
        data = part.encode("utf-8")
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.hexdigest()


@lru_cache(maxsize=1)
def environment_key() -> str:
    """What all kernels of this process share: versions, own runtime sources, settings, system and processor."""
    import vicompile

    settings = [f"{name}={os.environ[name]}" for name in _SETTINGS if name in os.environ]
    parts = [
        _SCHEME,
        str(getattr(vicompile, "__version__", "")),
        runtime_sources_hash(),
        package_version_hash("numba"),
        package_version_hash("llvmlite"),
        sys.platform,
        platform.machine(),
        cpu_identity(),
        *settings,
    ]
    return "\n".join(parts)


def runtime_sources_hash() -> str:
    """Hash of the sources that become part of a kernel: mathlib, random, direct, and how they are compiled."""
    home = os.path.dirname(os.path.abspath(__file__))
    files = [os.path.join(home, "compile.py")]
    for room in ("direct", "mathlib", "random"):
        for directory, subdirectories, names in os.walk(os.path.join(home, room)):
            subdirectories.sort()
            files += [os.path.join(directory, name) for name in sorted(names) if name.endswith(".py")]
    digest = hashlib.sha256()
    for path in files:
        with open(path, "rb") as file:
            data = file.read()
        name = os.path.relpath(path, home).replace(os.sep, "/")
        digest.update(f"{name}:{len(data)}:".encode())
        digest.update(data)
    return digest.hexdigest()


def package_version_hash(name: str) -> str:
    """Identifies the installed numba or llvmlite by its `_version.py`, or says `absent`; imports nothing of it."""
    try:
        spec = importlib.util.find_spec(name)
    except (ImportError, ValueError):
        spec = None
    for location in (spec.submodule_search_locations or ()) if spec else ():
        try:
            with open(os.path.join(location, "_version.py"), "rb") as file:
                return hashlib.sha256(file.read()).hexdigest()
        except OSError:
            continue
    if spec is None:
        return "absent"
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"


def cpu_identity() -> str:
    """What the compiler knows about this processor: its model and its instruction sets."""
    try:
        # One read gives the first processor, which speaks for all; the whole file is slow on large machines.
        descriptor = os.open("/proc/cpuinfo", os.O_RDONLY)
        try:
            text = os.read(descriptor, 1 << 14).decode("utf-8", "replace")
        finally:
            os.close(descriptor)
    except OSError:
        text = ""
    fields = []
    for line in text.partition("\n\n")[0].splitlines():
        name, _, value = line.partition(":")
        if name.strip() in _CPU_FIELDS:
            fields.append(f"{name.strip()}={value.strip()}")
    if fields:
        return hashlib.sha256("\n".join(fields).encode()).hexdigest()
    return _cpu_identity_from_llvm()


def _cpu_identity_from_llvm() -> str:
    """Where there is no /proc, the object is loaded through llvmlite anyway, so asking it costs nothing more."""
    try:
        import llvmlite.binding as llvm

        return f"{llvm.get_host_cpu_name()} {llvm.get_host_cpu_features().flatten()}"
    except (ImportError, RuntimeError):
        return os.environ.get("PROCESSOR_IDENTIFIER", "unknown")
