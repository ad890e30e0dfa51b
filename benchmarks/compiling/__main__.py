"""Command line: `python -m benchmarks.compiling [--sample N] [--only NAME] [--json FILE]`."""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from benchmarks.compiling.families import module_of
from benchmarks.conditions import conditions
from benchmarks.fresh_process import ROOT, environment, measuring_core

TESTS = ROOT / "tests"
COLD_GOAL, MEDIAN_GOAL = 4.0, 1.5
ANSWER_SECONDS = 120


@dataclass(frozen=True)
class Subject:
    """A model to be timed: where the child finds it."""

    group: str
    name: str
    kind: str
    what: str


def subjects(folder: Path) -> tuple[list[Subject], list[str]]:
    """Every corpus model and one model per distribution, written to `folder`; and the families without one."""
    sys.path[:0] = [str(TESTS), str(TESTS / "distributions")]
    from corpus.everything import CASES
    from distribution_rows import ROWS

    found = [Subject("corpus", case.name, "case", f"{_module(case.model)}:{case.name}") for case in CASES]
    missing = []
    for row in ROWS:
        name = row.kind.__name__
        text = module_of(row)
        if text is None:
            missing.append(name)
            continue
        file = folder / f"family_{name}.py"
        file.write_text(text)
        found.append(Subject("distributions", name, "module", str(file)))
    return found, missing


def _module(model: Any) -> str:
    """The part of the corpus that declares the model; all of it where that cannot be told."""
    name = str(getattr(model, "__module__", ""))
    return name if name.startswith("corpus.") else "corpus.everything"


def timed(subject: Subject, cache: Path) -> dict[str, Any]:
    """The child's answer, or its error."""
    values = environment(cache)
    values["PYTHONPATH"] += f":{TESTS}"
    command = [
        sys.executable, "-m", "benchmarks.compiling.child", measuring_core(), subject.kind, subject.what,
    ]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=values, cwd=ROOT, timeout=ANSWER_SECONDS)
    except subprocess.TimeoutExpired:
        return {"error": f"no answer within {ANSWER_SECONDS} s"}
    if done.returncode != 0:
        return {"error": (done.stderr.strip().splitlines() or ["no message"])[-1]}
    answer: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def measure(subject: Subject, folder: Path) -> dict[str, Any]:
    """One model in a process with empty caches, and again in one that finds them."""
    with tempfile.TemporaryDirectory(dir=folder) as cache:
        cold = timed(subject, Path(cache))
        warm = timed(subject, Path(cache)) if "error" not in cold else cold
    return {"group": subject.group, "name": subject.name, "cold": cold, "warm": warm}


def spread(name: str, seconds: list[float]) -> str:
    tenths = quantiles(seconds, n=10, method="inclusive") if len(seconds) > 1 else seconds * 9
    return f"{name:24}{len(seconds):8}{median(seconds):10.2f}{tenths[8]:8.2f}{max(seconds):8.2f}"


def table(records: list[dict[str, Any]]) -> str:
    """The distribution of the times by group, the slowest models, and what failed."""
    lines = [f"{'':24}{'models':>8}{'median s':>10}{'p90':>8}{'max':>8}"]
    fine = [one for one in records if "error" not in one["cold"] and "error" not in one["warm"]]
    for group in dict.fromkeys(one["group"] for one in fine):
        for start in ("cold", "warm"):
            for clock in ("wall", "cpu"):
                seconds = [one[start][clock] for one in fine if one["group"] == group]
                lines.append(spread(f"{group}, {start}, {clock}", seconds))
    slowest = sorted(fine, key=lambda one: -one["cold"]["wall"])[:8]
    listed = ", ".join(f"{one['name']} {one['cold']['wall']:.2f} ({one['cold']['cpu']:.2f} cpu)" for one in slowest)
    lines.append(f"slowest cold starts: {listed}")
    lines += [
        f"failed: {one['name']}: {one['cold'].get('error') or one['warm'].get('error')}"
        for one in records
        if one not in fine
    ]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """0 if every model ran."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.compiling", description=__doc__)
    parser.add_argument("--sample", type=int, metavar="N", help="only N models of each group, drawn with a fixed seed")
    parser.add_argument("--only", metavar="NAME", help="only the model or distribution of this name")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write every time to FILE")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        everything, missing = subjects(folder)
        chosen = [one for one in everything if options.only in (None, one.name)]
        if options.sample is not None:
            draw = random.Random(0)
            groups = [[one for one in chosen if one.group == group] for group in ("corpus", "distributions")]
            chosen = [one for group in groups for one in draw.sample(group, min(options.sample, len(group)))]
        records = []
        for number, subject in enumerate(chosen, 1):
            print(f"{number} of {len(chosen)}: {subject.name}", file=sys.stderr)
            records.append(measure(subject, folder))
    where = conditions()
    print(f"{where['date']}, {where['cpu']}, one core; from `import vicompile` to the first loss, in fresh processes")
    print(", ".join(f"{package} {version}" for package, version in where["versions"].items()))
    if missing:
        print(f"distributions without a model here: {', '.join(missing)}")
    print(table(records))
    if options.json is not None:
        options.json.write_text(json.dumps({"conditions": where, "models": records}, indent=1) + "\n")
    return 0 if all("error" not in one["cold"] and "error" not in one["warm"] for one in records) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
