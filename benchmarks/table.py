"""Reports as plain-text tables, one per workload."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.report import EngineReport, WorkloadReport, step_ratio

HEADINGS = (
    "program",
    "us/step",
    "min-max",
    "/ vicompile",
    "/ limit",
    "set-up ms",
    "cold s",
    "warm s",
    "peak MB",
    "final ELBO",
    "agrees",
    "loop",
)


def shown(value: float | None, form: Callable[[float], str]) -> str:
    return "" if value is None else form(value)


def microseconds(seconds: float) -> str:
    value = seconds * 1e6
    return f"{value:.3f}" if value < 10 else f"{value:.1f}" if value < 1000 else f"{value:,.0f}"


def ratio(value: float) -> str:
    return f"{value:.2f}" if value < 100 else f"{value:,.0f}"


def row(engine: EngineReport, report: WorkloadReport, limit_name: str) -> tuple[str, ...]:
    if engine.error is not None:
        return (engine.name, "-", *[""] * (len(HEADINGS) - 3), engine.error)
    rounds = engine.step_rounds
    return (
        engine.name,
        shown(engine.step(), microseconds),
        f"{microseconds(min(rounds))}-{microseconds(max(rounds))}" if rounds else "",
        shown(step_ratio(engine, report.engine("vicompile")), ratio),
        shown(step_ratio(engine, report.engine(limit_name)), ratio),
        shown(engine.set_up(), lambda s: f"{s * 1e3:.2f}"),
        shown(engine.cold_start, lambda s: f"{s:.2f}"),
        shown(engine.warm_start(), lambda s: f"{s:.2f}"),
        shown(engine.peak_bytes, lambda b: f"{b / 1e6:.0f}"),
        shown(engine.elbo, lambda e: f"{e:.6g}" if abs(e) < 1e4 else f"{e:,.1f}"),
        "" if engine.agrees is None else "yes" if engine.agrees else "NO",
        engine.loop,
    )


def table(report: WorkloadReport, limit_name: str) -> str:
    """The table of one workload, and how the agreement was judged."""
    rows = [HEADINGS, *[row(engine, report, limit_name) for engine in report.engines]]
    widths = [max(len(line[column]) for line in rows) for column in range(len(HEADINGS) - 1)]
    lines = [report.title]
    for cells in rows:
        padded = [cells[0].ljust(widths[0])]
        padded += [cell.rjust(width) for cell, width in zip(cells[1:-1], widths[1:], strict=True)]
        lines.append("  ".join([*padded, cells[-1]]).rstrip())
    lines.append(f"cold, warm: process start to the result of {report.first_steps} steps.")
    if report.reference_elbo is not None:
        lines.append(
            f"agrees: exact ELBO after {report.agreement_steps} steps within {report.elbo_tolerance:.2g} of "
            f"{report.reference_elbo:.8g}, from {report.reference_fits} seeds of the limit."
        )
    return "\n".join(lines)


def heading(conditions: dict[str, Any]) -> str:
    """Date, machine, versions and the floor of the start times."""
    versions = ", ".join(f"{name} {version}" for name, version in conditions["versions"].items())
    return "\n".join(
        [
            f"{conditions['date']}, {conditions['cpu']}, one core, one thread, float64",
            versions,
            f"Python with NumPy alone starts in {conditions['bare_start']:.2f} s",
            "ratios: time per step over vicompile's, and over the first limit's; median over rounds measured in turn",
        ]
    )
