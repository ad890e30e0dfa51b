"""All workloads by name, in the order in which they are measured."""

from __future__ import annotations

from benchmarks.workload import Workload
from benchmarks.workloads.coin import coin
from benchmarks.workloads.eight_schools import eight_schools
from benchmarks.workloads.logistic import logistic

WORKLOADS: dict[str, Workload] = {
    workload.name: workload
    for workload in (
        coin("coin-10", flips=10, first_steps=100, agreement_steps=2000),
        coin("coin-1m", flips=1_000_000, first_steps=10, agreement_steps=100),
        eight_schools("eight-schools", particles=1),
        eight_schools("eight-schools-10", particles=10),
        logistic("logistic", rows=100_000, columns=50),
    )
}
