"""Under what conditions a run was made: date, processor, versions."""

from __future__ import annotations

import importlib.metadata
import platform
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.fresh_process import bare_start_seconds

PACKAGES = ("vicompile", "numpy", "numba", "llvmlite", "scipy", "jax", "jaxlib", "numpyro", "torch", "pyro-ppl")


def processor() -> str:
    """The processor's own name where the system tells it."""
    cpu_info = Path("/proc/cpuinfo")
    if cpu_info.exists():
        for line in cpu_info.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def conditions(more: tuple[str, ...] = ()) -> dict[str, Any]:
    """Everything about the run but the results. more: packages whose versions are told as well."""
    versions = {"python": platform.python_version()}
    for package in (*PACKAGES, *more):
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "cpu": processor(),
        "system": platform.platform(terse=True),
        "versions": versions,
        "bare_start": bare_start_seconds(),
    }
