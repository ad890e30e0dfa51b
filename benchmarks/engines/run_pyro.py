"""Pyro in float64 on one thread: eager `svi.step` and `JitTrace_ELBO`, of which the faster is measured."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.workload import Data, Parameters, Program, Workload


class PyroEngine:
    """See `Engine`. Validation is off, as Pyro advises for speed; particles are vectorised."""

    def __init__(self, workload: Workload, make_program: Callable[[], Program], data: Data) -> None:
        import pyro
        import torch

        torch.set_num_threads(1)
        torch.set_default_dtype(torch.float64)
        pyro.enable_validation(False)
        warnings.filterwarnings("ignore", category=torch.jit.TracerWarning)
        warnings.filterwarnings("ignore", message=".*`torch.jit.* is deprecated.*")
        self.workload = workload
        self.model, self.guide = make_program()
        self.data = tuple(torch.from_numpy(np.asarray(array)) for array in data)
        self.pyro = pyro

    def make_svi(self, loss_name: str) -> Any:
        """A fresh optimizer and loss over a cleared parameter store."""
        import pyro.infer
        import pyro.optim

        self.pyro.clear_param_store()
        settings = self.workload.adam
        optimizer = pyro.optim.Adam({"lr": settings.learning_rate, "betas": settings.betas})
        particles = self.workload.particles
        options = {} if particles == 1 else {"vectorize_particles": True, "max_plate_nesting": 1}
        loss = getattr(pyro.infer, loss_name)(num_particles=particles, **options)
        return pyro.infer.SVI(self.model, self.guide, optimizer, loss=loss)

    def fit(self, steps: int, seed: int) -> Parameters:
        self.pyro.set_rng_seed(seed)
        svi = self.make_svi("Trace_ELBO")
        for _ in range(steps):
            svi.step(*self.data)
        return {name: value.detach().numpy().copy() for name, value in self.pyro.get_param_store().items()}

    def loops(self) -> dict[str, Callable[[int], None]]:
        def loop_of(loss_name: str) -> Callable[[int], None]:
            svi: Any = None

            def take(steps: int) -> None:
                # The tracing of the jitted loss happens once, in the first call, as NumPyro's compilation does.
                nonlocal svi
                if svi is None:
                    svi = self.make_svi(loss_name)
                for _ in range(steps):
                    svi.step(*self.data)

            return take

        eager = {"eager": loop_of("Trace_ELBO")}
        return {"JitTrace_ELBO": loop_of("JitTrace_ELBO")} | eager if self.workload.can_be_traced else eager
