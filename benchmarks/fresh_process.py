"""The parent's side of a worker: start it, ask it, and time it from the moment of its start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from threading import Timer
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)


# Far above the slowest honest answer: a program that hangs must not hang the whole run.
ANSWER_SECONDS = 120


class WorkerError(Exception):
    """A program could not do what it was asked; the text is its own error."""


def measuring_core() -> str:
    """The last core that this process may use, or "any" where cores cannot be chosen."""
    if hasattr(os, "sched_getaffinity"):
        return str(max(os.sched_getaffinity(0)))
    return "any"


def environment(cache: Path) -> dict[str, str]:
    """One thread for every library, and every compile cache below `cache`."""
    values = dict(os.environ)
    # Installed packages have their bytecode; without it every start would compile Python source anew.
    values.pop("PYTHONDONTWRITEBYTECODE", None)
    values.update(dict.fromkeys(ONE_THREAD, "1"))
    values.update(
        {
            "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH", "")])),
            "NUMBA_CACHE_DIR": str(cache / "numba"),
            "VICOMPILE_CACHE_DIR": str(cache / "vicompile"),
            "JAX_PLATFORMS": "cpu",
            "JAX_COMPILATION_CACHE_DIR": str(cache / "jax"),
            # By default jax keeps only what took a second to compile.
            "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
            "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
            # The wider vectors only help XLA's matrix products; they are not its default on every processor.
            "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false --xla_cpu_prefer_vector_width=512",
        }
    )
    return values


class Worker:
    """A running worker process; use it as a context manager."""

    def __init__(self, engine: str, workload: str, data_files: list[str], cache: Path) -> None:
        command = [sys.executable, "-m", "benchmarks.worker", measuring_core(), engine, workload, *data_files]
        self.errors = (cache / "worker-errors.txt").open("w+")
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
            env=environment(cache),
            cwd=ROOT,
        )

    def ask(self, action: str, **details: Any) -> dict[str, Any]:
        """Send a command and give its answer; WorkerError if the worker reports an error, dies or takes too long."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        too_long = Timer(ANSWER_SECONDS, self.process.kill)
        too_long.start()
        try:
            self.process.stdin.write(json.dumps({"do": action, **details}) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        waiting = too_long.is_alive()
        too_long.cancel()
        if not line and not waiting:
            raise WorkerError(f"no answer within {ANSWER_SECONDS} s")
        if not line:
            self.errors.seek(0)
            last = self.errors.read().strip().splitlines()[-1:] or ["no message"]
            raise WorkerError(f"the process ended: {last[0]}")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise WorkerError(answer["error"])
        return answer

    def seconds_since_start(self) -> float:
        return time.perf_counter() - self.started

    def close(self) -> None:
        """End the worker: closing its input is its sign to stop."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.errors.close()

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def bare_start_seconds() -> float:
    """Start of Python with NumPy alone: the floor of every time to first result."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import numpy"], check=True, env=dict(os.environ))
    return time.perf_counter() - begin
