"""The child: `python -m benchmarks.compiling.child CORE case MODULE:NAME` or `... module FILE`; prints one JSON line.

Measured from before `import vicompile` to the loss of the first step; the import of the model's own module is left out,
because those of the corpus hold many models.
"""

from __future__ import annotations

import os
import sys
import time


def main(core: str, kind: str, what: str) -> None:
    import importlib
    import json
    import runpy

    import numpy  # noqa: F401  the user's own import, there before the clock starts

    if hasattr(os, "sched_setaffinity") and core != "any":
        os.sched_setaffinity(0, {int(core)})
    wall, cpu = time.perf_counter(), time.process_time()
    from vicompile.infer import SVI, Trace_ELBO
    from vicompile.optim import Adam

    imported = (time.perf_counter() - wall, time.process_time() - cpu)
    if kind == "case":
        from corpus.cases import CASES

        module, _, name = what.partition(":")
        importlib.import_module(module)
        case = next(one for one in CASES if one.name == name)
        model, guide, arguments, keywords, particles = case.model, case.guide, case.args, case.kwargs, case.particles
    else:
        found = runpy.run_path(what)
        model, guide, arguments, keywords, particles = found["model"], found["guide"], found["ARGS"], {}, 1
    wall, cpu = time.perf_counter(), time.process_time()
    svi = SVI(model, guide, Adam({"lr": 0.001}), loss=Trace_ELBO(num_particles=particles))
    loss = svi.run(1, *arguments, seed=0, progress_bar=False, **keywords).losses[0]
    seconds = (time.perf_counter() - wall + imported[0], time.process_time() - cpu + imported[1])
    print(json.dumps({"wall": seconds[0], "cpu": seconds[1], "loss": float(loss)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
