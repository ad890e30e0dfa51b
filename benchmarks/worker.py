"""The child process: one program, one workload, one core; takes commands as JSON lines on its standard input.

Commands: {"do": "fit", "steps", "seed"}, {"do": "calibrate", "seconds", "try_all", "clock"}, {"do": "time"},
{"do": "memory"}, {"do": "versions", "packages"}. Every answer is one JSON line; {"error": ...} tells what went wrong.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

MOST_STEPS = 2_000_000


def peak_memory_bytes() -> int:
    """Largest resident size of this process; Linux's ru_maxrss would count the parent's size at the fork."""
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


# "cpu" counts the processor time of all threads: on a busy machine the wall clock measures the others.
CLOCKS: dict[str, Callable[[], float]] = {"wall": time.perf_counter, "cpu": time.process_time}


def seconds_of(call: Callable[[int], None], steps: int, clock: str = "wall") -> float:
    begin = CLOCKS[clock]()
    call(steps)
    return CLOCKS[clock]() - begin


def steps_that_take(seconds: float, loop: Callable[[int], None], clock: str = "wall") -> int:
    """Number of steps, 3 to MOST_STEPS, that take about `seconds` beyond the start of a fit."""
    steps = 2
    while True:
        set_up = seconds_of(loop, 1, clock)
        elapsed = seconds_of(loop, steps, clock) - set_up
        if elapsed > 0.2 * seconds or steps == MOST_STEPS:
            return max(3, min(MOST_STEPS, int((steps - 1) * seconds / max(elapsed, 1e-9))))
        growth = 0.5 * seconds / max(elapsed, 1e-9)
        steps = min(MOST_STEPS, int(steps * min(max(growth, 2.0), 50.0)))


class Session:
    """The engine and its fastest loop, once calibrated."""

    def __init__(self, engine_name: str, workload_name: str, data_files: list[str]) -> None:
        import numpy as np

        from benchmarks.engines import make_engine
        from benchmarks.workloads import WORKLOADS

        data = tuple(np.load(file) for file in data_files)
        self.engine = make_engine(engine_name, WORKLOADS[workload_name], data)
        self.loop_name = ""
        self.loop: Callable[[int], None] = lambda steps: None
        self.steps = 2
        self.clock = "wall"

    def fit(self, steps: int, seed: int) -> dict[str, Any]:
        return {"parameters": {name: value.tolist() for name, value in self.engine.fit(steps, seed).items()}}

    def calibrate(self, seconds: float, try_all: bool, clock: str = "wall") -> dict[str, Any]:
        """Choose the fastest loop, or without `try_all` the first, and the number of steps that take about `seconds`.

        The first loop finds the number of steps; the others are tried with that number only, because a loop may have to
        be compiled again for every other number.
        """
        self.clock = clock
        trials: dict[str, tuple[float, str, Callable[[int], None]]] = {}
        for name, loop in self.engine.loops().items():
            loop(1)
            if not trials:
                self.steps = steps_that_take(seconds, loop, clock)
            loop(self.steps)
            self.loop = loop
            if not try_all:
                self.loop_name = name
                return {"loop": name, "steps": self.steps}
            trials[name] = (min(self.time()["step"] for _ in range(2)), name, loop)
        _, self.loop_name, self.loop = min(trials.values(), key=lambda trial: trial[0])
        return {"loop": self.loop_name, "steps": self.steps}

    def time(self) -> dict[str, Any]:
        """Seconds of one step, with the cost of starting a fit taken off, and that cost."""
        set_up = seconds_of(self.loop, 1, self.clock)
        total = seconds_of(self.loop, self.steps, self.clock)
        return {"step": (total - set_up) / (self.steps - 1), "set_up": set_up}

    def memory(self) -> dict[str, Any]:
        return {"bytes": peak_memory_bytes()}

    def versions(self, packages: list[str]) -> dict[str, Any]:
        found = {"python": platform.python_version()}
        for package in packages:
            try:
                found[package] = importlib.metadata.version(package)
            except importlib.metadata.PackageNotFoundError:
                continue
        return {"versions": found}


def main(arguments: list[str]) -> None:
    core, engine_name, workload_name, *data_files = arguments
    if hasattr(os, "sched_setaffinity") and core != "any":
        os.sched_setaffinity(0, {int(core)})
    # Answers go to a private copy of standard output; whatever a program prints goes to standard error.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def answer(value: dict[str, Any]) -> None:
        answers.write(json.dumps(value) + "\n")
        answers.flush()

    session: Session | None = None
    for line in sys.stdin:
        command = json.loads(line)
        action = command.pop("do")
        try:
            if session is None:
                session = Session(engine_name, workload_name, data_files)
            answer(getattr(session, action)(**command))
        except Exception as error:  # whatever it is, the parent shows it in the table
            answer({"error": f"{type(error).__name__}: {error}"})


if __name__ == "__main__":
    main(sys.argv[1:])
