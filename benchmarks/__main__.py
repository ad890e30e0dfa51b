"""Command line: `python -m benchmarks [workload ...] [--quick] [--peers numpyro,pyro] [--clock cpu] [--json FILE]`."""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from dataclasses import replace
from pathlib import Path

from benchmarks.conditions import conditions
from benchmarks.engines import PEERS
from benchmarks.report import as_json
from benchmarks.runner import FULL, QUICK, measure
from benchmarks.table import heading, table
from benchmarks.workloads import WORKLOADS


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measure vicompile, its peers and hand-written limits on the same fits, one core, float64.",
    )
    parser.add_argument("workloads", nargs="*", metavar="workload", help=f"any of: {', '.join(WORKLOADS)}; default all")
    parser.add_argument(
        "--quick", action="store_true", help="fewer and shorter rounds, no warm starts, one loop per program"
    )
    parser.add_argument("--peers", default=",".join(PEERS), help="comma-separated, default %(default)s; '' for none")
    parser.add_argument(
        "--clock",
        choices=["wall", "cpu"],
        default="wall",
        help="of the steps; cpu where others use the machine as well",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write everything that was measured to FILE")
    options = parser.parse_args(arguments)
    unknown = [name for name in options.workloads if name not in WORKLOADS]
    if unknown:
        parser.error(f"no workload called {', '.join(unknown)}; there are: {', '.join(WORKLOADS)}")
    options.peers = [name for name in options.peers.split(",") if name]
    unknown = [name for name in options.peers if name not in PEERS]
    if unknown:
        parser.error(f"no peer called {', '.join(unknown)}; there are: {', '.join(PEERS)}")
    return options


def main(arguments: list[str]) -> int:
    """0 if every program ran and agreed, 1 otherwise; a program that is not installed is left out and said so."""
    options = parse(arguments)
    budget = replace(QUICK if options.quick else FULL, clock=options.clock)
    wanted = ["vicompile", *options.peers]
    installed = [name for name in wanted if importlib.util.find_spec(name) is not None]
    where = conditions()
    where["budget"] = vars(budget)
    print(heading(where))
    if budget.clock == "cpu":
        print("us/step, set-up: processor time of all threads")
    for name in wanted:
        if name not in installed:
            print(f"{name} is not installed: left out")
    reports = []
    for name in options.workloads or WORKLOADS:
        workload = WORKLOADS[name]
        report = measure(workload, installed, budget, lambda line: print(line, file=sys.stderr))
        reports.append(report)
        print("\n" + table(report, workload.limits[0].label), flush=True)
    if options.json is not None:
        options.json.write_text(json.dumps(as_json(where, reports), indent=1) + "\n")
    fine = all(engine.error is None and engine.agrees for report in reports for engine in report.engines)
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
