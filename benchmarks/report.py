"""What was measured: plain records that become JSON and tables."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any


@dataclass
class EngineReport:
    """One program on one workload; seconds everywhere, None where not measured."""

    name: str
    error: str | None = None
    loop: str = ""
    steps_per_round: int = 0
    step_rounds: list[float] = field(default_factory=list)
    set_up_rounds: list[float] = field(default_factory=list)
    cold_start: float | None = None
    warm_starts: list[float] = field(default_factory=list)
    peak_bytes: int | None = None
    elbo: float | None = None
    agrees: bool | None = None

    def step(self) -> float | None:
        return median(self.step_rounds) if self.step_rounds else None

    def set_up(self) -> float | None:
        return median(self.set_up_rounds) if self.set_up_rounds else None

    def warm_start(self) -> float | None:
        return median(self.warm_starts) if self.warm_starts else None


@dataclass
class WorkloadReport:
    """All programs on one workload, with the reference of the agreement."""

    name: str
    title: str
    engines: list[EngineReport]
    first_steps: int
    agreement_steps: int
    reference_elbo: float | None = None
    elbo_tolerance: float | None = None
    reference_fits: int = 0

    def engine(self, name: str) -> EngineReport | None:
        return next((engine for engine in self.engines if engine.name == name), None)


def step_ratio(one: EngineReport | None, other: EngineReport | None) -> float | None:
    """Median over the rounds of one's time per step over the other's: a slow minute of the machine cancels."""
    if one is None or other is None or not one.step_rounds or not other.step_rounds:
        return None
    pairs = zip(one.step_rounds, other.step_rounds, strict=True)
    return median(a / b for a, b in pairs)


def as_json(conditions: dict[str, Any], reports: list[WorkloadReport]) -> dict[str, Any]:
    """Everything that was measured, for json.dump."""
    return {"conditions": conditions, "workloads": [asdict(report) for report in reports]}
