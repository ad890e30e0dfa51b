"""The page docs/accuracy.md."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from benchmarks.accuracy.details import detail_tables, optimum_table, stress_table
from benchmarks.accuracy.optimum import Optimum
from benchmarks.accuracy.scoring import MEAN, SD, Score
from benchmarks.accuracy.tally import Program, Scored, formula_error, is_told, told, told_beyond_noise
from benchmarks.accuracy.text import milliseconds, table
from benchmarks.conditions import conditions

_INTRODUCTION = """# Accuracy

How near `vicompile.fit` comes to the posterior: one call, no options but the family, on the {count} posteriors of
`posteriordb` that have a reference. This page is written by

    pip install -e .[bench]
    python -m benchmarks.accuracy --write docs/accuracy.md

`--only NAME` takes a part, `--without-peers` leaves the peers out. Runs are kept in a folder, so that a second call
goes on from them (`--kept FOLDER`; an empty one begins anew). `tests/posteriors/test_posteriors_fit.py` holds the
fits to the same bounds.

{conditions}

## What is measured

- Means and standard deviations (sds) against the reference, of the parameters as the Stan program declares them: the
  error of a mean in sds of the reference, the largest over the parameters; the smallest and the largest ratio of sds.
  The references are NUTS with 10,000 draws, or importance resampling; their own noise is up to {noise} of an sd.
  "Beyond the noise" allows for it.
- Distance to the KL optimum, on the unconstrained scale: the Gaussian of the family with the smallest KL(q || p),
  found by other means (SciPy's L-BFGS-B on up to 65,536 pseudo-random draws) and checked by fresh draws, see
  [below](#the-optima). "At the optimum": every mean within 0.05 sd, every sd within 10 %. For mean field the means
  are measured in full-rank sds.
- Numbers are the worst over the seeds: 5 of `vicompile.fit`, 2 of NumPyro, 1 of PyMC. Counts are posteriors on which
  all seeds reach it.
- A fit complains where `converged` is False or `quality` is not "good". A miss: not at the optimum, or a mean off by
  {mean} sd or more, or an sd outside [{low}, {high}] (of mean field: by linear response). A false alarm: a complaint
  without a miss.
- Times are those of a fit after the first of the same model, by the clock, on a machine that others used as well.
  Peers' compile times are beside them.

The peers have the same target, in float64:

- NumPyro runs the models word by word: their source is executed with jax.numpy and NumPyro's distributions, but for
  four series, which are written with `scan`; the log density is compared with ours first (1e-9 relative).
  AutoMultivariateNormal and AutoNormal, Adam, 20,000 steps of one particle, from NumPyro's own starting values
  (uniform between -2 and 2, scale 0.1), one `fori_loop`.
- PyMC gets the log density and gradient that `vicompile` compiles, as an operation on one flat vector (`pm.Flat`,
  `pm.Potential`), so that its times are those of our kernel and its own steps. Its own settings (Adagrad over a
  window, rate 0.001, from zero): 10,000 iterations, its default, and as many again.
- The last values count for both: neither averages its steps.
"""


def page(programs: dict[str, Program], optima: dict[str, dict[str, Optimum]], stress: list[dict[str, Any]]) -> str:
    some = next(iter(programs.values()))
    parts = [
        _INTRODUCTION.format(
            count=len(some.by_posterior), conditions=_conditions(), noise=0.03, mean=MEAN, low=1.0 - SD, high=1.0 + SD
        ),
        "## Summary\n",
        *(_summary([one for one in programs.values() if one.family == family], family) for family in _FAMILIES),
        _goals(*(one for one in programs.values() if one.is_ours)),
        _times([one for one in programs.values() if one.is_ours]),
        _misses([one for one in programs.values() if one.is_ours]),
        detail_tables(programs),
        optimum_table(some, optima),
        stress_table(stress),
    ]
    return "\n".join(part.rstrip() + "\n" for part in parts)


_FAMILIES = {"fullrank": "Full rank", "meanfield": "Mean field"}


def _conditions() -> str:
    found = conditions(("pymc", "pytensor"))
    versions = ", ".join(f"{package} {version}" for package, version in found["versions"].items())
    return f"{found['date']}, {found['cpu']}, float64; {versions}."


def _summary(programs: list[Program], family: str) -> str:
    rows: list[tuple[str, list[str]]] = [
        ("at the KL optimum", [str(one.count(lambda s: s.is_at_optimum)) for one in programs]),
        ("means: error < 0.1 sd", [str(one.count(lambda s: s.mean < MEAN)) for one in programs]),
    ]
    if family == "fullrank":
        rows.append(("sds within 10 %", [str(one.count(_has_sds)) for one in programs]))
    else:
        rows.append(
            (
                "sds by linear response within 10 %",
                [str(one.count(_has_sds)) if one.is_ours else "" for one in programs],
            )
        )
        rows.append(("sds as a Gaussian's, within 5 %", [_by_formula(one) for one in programs]))
    rows += [
        ("median error of a mean, sd", [f"{_median(one, lambda s: s.mean):.3f}" for one in programs]),
        ("median time of a fit", [milliseconds(_median_of_runs(one, "seconds")) for one in programs]),
        ("median time to compile", [_compiling(one) for one in programs]),
    ]
    count = len(programs[0].by_posterior)
    heading = [f"{_FAMILIES[family]}: posteriors of {count}", *(one.title for one in programs)]
    return table(heading, [[name, *cells] for name, cells in rows])


def _goals(full: Program, independent: Program) -> str:
    """What a fit without options is to reach."""
    count = len(full.by_posterior)
    silent = [told_beyond_noise(one)["silent"] for one in (full, independent)]
    false = [told(one)["false"] for one in (full, independent)]
    rows = [
        ["full rank at its optimum", f"{count - 1}", str(full.count(lambda s: s.is_at_optimum))],
        ["mean field at its optimum", f"{count - 1}", str(independent.count(lambda s: s.is_at_optimum))],
        ["full rank: means within 0.1 sd", f"{count - 3}", str(full.count(lambda s: s.mean < MEAN))],
        ["mean-field sds as a Gaussian's, within 5 %", "all near one", _by_formula(independent)],
        ["sds by linear response within 10 %", "27", str(independent.count(_has_sds))],
        ["posteriors with a silent miss beyond the noise", "0", " and ".join(str(len(names)) for names in silent)],
        ["posteriors with a false alarm, strictly", "2", " and ".join(str(len(names)) for names in false)],
    ]
    return table([f"goal, of {count} posteriors, all seeds", "wanted", "reached"], rows)


def _has_sds(score: Score) -> bool:
    low, high = score.spread()
    return low > 1.0 - SD and high < 1.0 + SD


def _by_formula(program: Program) -> str:
    errors = [error for one in program.by_posterior if (error := formula_error(one)) is not None]
    return f"{sum(error < 0.05 for error in errors)} of {len(errors)}"


def _median(program: Program, value: Any) -> float:
    return float(np.median([one.worst(value) for one in program.by_posterior]))


def _median_of_runs(program: Program, key: str) -> float:
    return float(np.median([one.median(key) for one in program.by_posterior]))


def _compiling(program: Program) -> str:
    return "" if program.is_ours else milliseconds(_median_of_runs(program, "compiling"))


def _times(programs: Sequence[Program]) -> str:
    """The regressions with few dimensions, and radon."""
    rows = []
    for one in programs:
        small = [x for x in one.by_posterior if x.problem.is_regression and x.problem.size <= 10]
        radon = [x for x in one.by_posterior if x.problem.size > 50]
        for key, name in (("seconds", "by the clock"), ("processor", "of the processor")):
            rows.append([f"{one.title}, {name}", _time_range(small, key), _time_range(radon, key)])
    heading = ["regressions, at most 10 dimensions", "radon, 88 and 90"]
    return table(["warm fits: median, and the slowest posterior's median", *heading], rows)


def _time_range(chosen: list[Scored], key: str) -> str:
    times = [one.median(key) for one in chosen]
    return f"{milliseconds(float(np.median(times)))}, {milliseconds(max(times))}" if times else ""


def _misses(programs: Sequence[Program]) -> str:
    lines = ["## Misses, and what is said of them\n"]
    for one in programs:
        count = len(one.runs())
        missed = sum(not found.is_hit() for _, _, found in one.runs())
        alarms = sum(is_told(run) for _, run, _ in one.runs())
        strictly, beyond = told(one), told_beyond_noise(one)
        lines += [
            f"{one.title}, {count} fits: {missed} with a miss, {alarms} complain.\n",
            f"- not at the optimum: {_listed(one.misses(lambda s: s.is_at_optimum))}",
            f"- a mean off by 0.1 sd or more: {_listed(one.misses(lambda s: s.mean < MEAN))}",
            f"- sds more than 10 % off{'' if one.family == 'fullrank' else ' by linear response'}: "
            f"{_listed(one.misses(_has_sds))}",
            f"- a miss without a complaint: {_listed(strictly['silent'])}; "
            f"beyond the noise: {_listed(beyond['silent'])}",
            f"- a complaint without a miss: {_listed(strictly['false'])}; "
            f"beyond the noise: {_listed(beyond['false'])}\n",
        ]
    return "\n".join(lines)


def _listed(names: list[str]) -> str:
    return ", ".join(names) if names else "none"
