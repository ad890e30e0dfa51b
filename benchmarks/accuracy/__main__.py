"""Command line: `python -m benchmarks.accuracy [--only NAME] [--seeds 5] [--without-peers] [--write FILE]`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.accuracy.page import page
from benchmarks.accuracy.problem import problems
from benchmarks.accuracy.run import optima, own_runs, peer_runs
from benchmarks.accuracy.store import Store
from benchmarks.accuracy.stress import stress_runs
from benchmarks.accuracy.tally import Program, add


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.accuracy",
        description="How near fits come to 33 posteriors with reference draws: vicompile.fit, NumPyro and PyMC.",
    )
    parser.add_argument("--only", default="", metavar="NAME", help="only posteriors with this in their name")
    parser.add_argument("--seeds", type=int, default=5, help="of vicompile.fit; NumPyro gets 2, PyMC 1")
    parser.add_argument("--without-peers", action="store_true")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the page to FILE, else it is printed")
    parser.add_argument(
        "--kept",
        type=Path,
        metavar="FOLDER",
        default=Path(tempfile.gettempdir()) / "vicompile-accuracy",
        help="where runs are kept, so that a later call goes on from them; default %(default)s",
    )
    return parser.parse_args(arguments)


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    store = Store(options.kept)
    programs: dict[str, Program] = {}
    found_optima = {}
    for problem in problems(options.only):
        runs = {f"vicompile-{family}": own_runs(store, problem, family, options.seeds) for family in FAMILIES}
        best = optima(store, problem, {family: runs[f"vicompile-{family}"] for family in FAMILIES})
        if not options.without_peers:
            runs |= peer_runs(store, problem, seeds=2)
        add(programs, problem, runs, best)
        found_optima[problem.name] = best
    stress = store.runs("stress", "vicompile", lambda: stress_runs(2))
    text = page(programs, found_optima, stress)
    if options.write is None:
        print(text)
    else:
        options.write.write_text(text)
    return 0


FAMILIES = ("fullrank", "meanfield")

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
