"""vicompile through its public interface: `SVI.run`, the whole loop native."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from benchmarks.workload import Data, Parameters, Program, Workload


class VicompileEngine:
    """See `Engine`."""

    def __init__(self, workload: Workload, make_program: Callable[[], Program], data: Data) -> None:
        from vicompile.infer import SVI, Trace_ELBO
        from vicompile.optim import Adam

        model, guide = make_program()
        optimizer = Adam({"lr": workload.adam.learning_rate, "betas": workload.adam.betas})
        self.svi = SVI(model, guide, optimizer, loss=Trace_ELBO(num_particles=workload.particles))
        self.data = data

    def fit(self, steps: int, seed: int) -> Parameters:
        result = self.svi.run(steps, *self.data, seed=seed, progress_bar=False)
        return {name: np.asarray(value) for name, value in result.params.items()}

    def loops(self) -> dict[str, Callable[[int], None]]:
        def run(steps: int) -> None:
            self.svi.run(steps, *self.data, seed=1, progress_bar=False)

        return {"run": run}
