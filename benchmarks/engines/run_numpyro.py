"""NumPyro in float64 on the CPU: `svi.run`, and two jitted loops over `svi.update` of which the faster is measured.

`svi.run` builds a new scan in every call and so compiles every time; the jitted loops compile once, which is the best
that a user of NumPyro can do.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from benchmarks.workload import Data, Parameters, Program, Workload


class NumpyroEngine:
    """See `Engine`."""

    def __init__(self, workload: Workload, make_program: Callable[[], Program], data: Data) -> None:
        import jax
        import numpyro
        from numpyro.infer import SVI, Trace_ELBO

        jax.config.update("jax_enable_x64", True)
        numpyro.set_platform("cpu")
        model, guide = make_program()
        b1, b2 = workload.adam.betas
        optimizer = numpyro.optim.Adam(workload.adam.learning_rate, b1=b1, b2=b2)
        self.svi = SVI(model, guide, optimizer, loss=Trace_ELBO(num_particles=workload.particles))
        self.data = tuple(jax.numpy.asarray(array) for array in data)
        self.jax = jax

    def fit(self, steps: int, seed: int) -> Parameters:
        result = self.svi.run(self.jax.random.PRNGKey(seed), steps, *self.data, progress_bar=False)
        result.losses.block_until_ready()
        return {name: np.asarray(value) for name, value in result.params.items()}

    def loops(self) -> dict[str, Callable[[int], None]]:
        jax = self.jax
        start = self.svi.init(jax.random.PRNGKey(1), *self.data)

        # The data are arguments, not captured constants: XLA would otherwise try to fold them.
        @jax.jit
        def without_losses(steps: Any, state: Any, *data: Any) -> Any:
            return jax.lax.fori_loop(0, steps, lambda _, s: self.svi.update(s, *data)[0], state)

        @partial(jax.jit, static_argnums=0)
        def with_losses(steps: int, state: Any, *data: Any) -> Any:
            return jax.lax.scan(lambda s, _: self.svi.update(s, *data), state, None, length=steps)

        def fori_loop(steps: int) -> None:
            jax.block_until_ready(without_losses(steps, start, *self.data))

        def scan(steps: int) -> None:
            jax.block_until_ready(with_losses(steps, start, *self.data))

        return {"jit fori_loop": fori_loop, "jit scan": scan}
