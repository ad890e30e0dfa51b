"""Logistic regression with batches: a plate of which 500 of 5,000 rows are in, fresh ones in every step.

Each step costs what 500 rows cost. Inside the plate log densities count 10 times, so that the gradient is right on
average; the learning rate falls, so that the noise of the batches averages out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.infer import SVI
from vicompile.optim import ClippedAdam

ROWS, COLUMNS, BATCH, STEPS = 5_000, 5, 500, 30_000


@vc.model
def model(x, y, batch):
    weights = vc.sample("weights", dist.Normal(np.zeros(x.shape[1]), 1.0).to_event(1))
    with vc.plate("rows", len(y), subsample_size=batch) as i:
        vc.sample("y", dist.Bernoulli(logits=x[i] @ weights), obs=y[i])


@vc.guide
def guide(x, y, batch):
    loc = vc.param("loc", np.zeros(x.shape[1]))
    scale = vc.param("scale", np.full(x.shape[1], 0.1), constraint=constraints.positive)
    vc.sample("weights", dist.Normal(loc, scale).to_event(1))


def data() -> tuple[np.ndarray, np.ndarray]:
    """Rows (5000, 5) and the answers 0 or 1 that belong to them."""
    rng = np.random.default_rng(7)
    x = rng.normal(size=(ROWS, COLUMNS))
    weights = np.linspace(-1.0, 1.0, COLUMNS)
    return x, (rng.random(ROWS) < 1.0 / (1.0 + np.exp(-x @ weights))).astype(float)


def main(argv: Sequence[str] | None = None) -> dict[str, np.ndarray]:
    """Fit, print and return the means and sds of the weights."""
    x, y = data()
    optimizer = ClippedAdam({"lr": 0.02, "lrd": 1e-4 ** (1.0 / STEPS), "clip_norm": 1e9})
    params, _state, _losses = SVI(model, guide, optimizer).run(STEPS, x, y, BATCH, seed=0, progress_bar=False)
    print(f"{STEPS} steps with {BATCH} of {len(y)} rows:")
    for k, (mean, sd) in enumerate(zip(params["loc"], params["scale"])):
        print(f"  weight {k}: {mean:7.3f} +- {sd:.3f}")
    return {"mean": params["loc"], "sd": params["scale"]}


if __name__ == "__main__":
    main()
