"""Texts that several test files compile, and a way to run code in a fresh process."""

from __future__ import annotations

import subprocess
import sys

SUM_TEXT = """
def total(values, sizes, out):
    result = 0.0
    for i in range(sizes[0]):
        result += values[i] * values[i]
    out[0] = result
    return sizes[0]
"""
SUM_SIGNATURE = "int64(f8*, i8*, f8*)"

STATUS_TEXT = """
def status(code):
    return code + 1
"""
STATUS_SIGNATURE = "int64(i8)"

# Prints the result of the kernel, its counters, and which heavy packages this process imported.
SUM_SCRIPT = f"""
import json, sys
import numpy as np
from vicompile.jit import cache_stats, compile_count, native
text = {SUM_TEXT!r}
kernel = native(text, "total", {SUM_SIGNATURE!r}, label="total")
values, out = np.arange(1.0, 6.0), np.zeros(1)
status = kernel.call(values, np.array([5]), out)
heavy = [name for name in ("numba", "llvmlite", "scipy", "platformdirs", "matplotlib") if name in sys.modules]
print(json.dumps(dict(status=status, result=out[0], stats=cache_stats()._asdict(), count=compile_count(), heavy=heavy)))
"""


def start_python(script: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )  # fmt: skip


def finish(process: subprocess.Popen[str]) -> str:
    output, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    return output
