"""All workloads by name, in the order in which they are measured."""

from __future__ import annotations

from benchmarks.workload import Workload
from benchmarks.workloads.coin import coin_workload
from benchmarks.workloads.eight_schools import eight_schools_workload
from benchmarks.workloads.garch import garch_workload
from benchmarks.workloads.gaussian_process import gaussian_process_workload
from benchmarks.workloads.logistic import logistic_workload
from benchmarks.workloads.negative_binomial import negative_binomial_workload
from benchmarks.workloads.poisson import poisson_workload
from benchmarks.workloads.radon import radon_workload

WORKLOADS: dict[str, Workload] = {
    workload.name: workload
    for workload in (
        coin_workload("coin-10", flips=10, first_steps=100, agreement_steps=2000),
        coin_workload("coin-1m", flips=1_000_000, first_steps=10, agreement_steps=100),
        eight_schools_workload("eight-schools", particles=1),
        eight_schools_workload("eight-schools-10", particles=10),
        logistic_workload("logistic", rows=100_000, columns=50),
        radon_workload("radon", rows=12_573, groups=386),
        gaussian_process_workload("gaussian-process", points=300),
        poisson_workload("poisson", rows=100_000, columns=10),
        negative_binomial_workload("negative-binomial", rows=100_000, columns=10),
        garch_workload("garch", days=10_000),
    )
}
