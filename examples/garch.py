"""Volatility that comes in clusters: GARCH(1, 1), a loop that carries the variance from day to day.

The variance of a day is made of that of the day before and of what was observed then: the loop becomes a recurrence of
the kernel, with its gradient, and neither code nor compile time depend on the number of days.

The guide has independent normals for the four parameters on the unconstrained scale. They are correlated, so the best
such fit has standard deviations between half and nearly all of the true ones.

Data and reference posterior: posteriordb, see examples/data.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.infer import SVI, Trace_ELBO
from vicompile.optim import ClippedAdam

Moments = dict[str, tuple[float, float]]
DATA = json.loads((Path(__file__).parent / "data" / "garch.json").read_text())
STEPS = 20_000


@vc.model
def model(y, sigma1):
    mu = vc.sample("mu", dist.ImproperUniform(constraints.real))
    alpha0 = vc.sample("alpha0", dist.ImproperUniform(constraints.positive))
    alpha1 = vc.sample("alpha1", dist.Uniform(0.0, 1.0))
    # The rest of what alpha1 leaves: the variance stays finite. All pairs are equally likely beforehand.
    share = vc.sample("share", dist.Uniform(0.0, 1.0))
    vc.factor("flat", np.log(1.0 - alpha1))
    variance = sigma1**2
    for t in range(len(y)):
        vc.sample(f"y_{t}", dist.Normal(mu, np.sqrt(variance)), obs=y[t])
        variance = alpha0 + alpha1 * (y[t] - mu) ** 2 + share * (1.0 - alpha1) * variance


@vc.guide
def guide(y, sigma1):
    loc = vc.param("loc", lambda: np.array([np.mean(y), 0.0, 0.0, 0.0]))
    scale = vc.param("scale", np.full(4, 0.2), constraint=constraints.positive)
    vc.sample("mu", dist.Normal(loc[0], scale[0]))
    vc.sample("alpha0", dist.LogNormal(loc[1], scale[1]))
    vc.sample("alpha1", dist.LogitNormal(loc[2], scale[2]))
    vc.sample("share", dist.LogitNormal(loc[3], scale[3]))


def moments(params: Mapping[str, Any], draws: int = 200_000) -> Moments:
    """Mean and sd of the parameters as the reference has them, from draws of the guide."""
    normal = params["loc"] + params["scale"] * np.random.default_rng(0).normal(size=(draws, 4))
    alpha1, share = (1.0 / (1.0 + np.exp(-normal[:, k])) for k in (2, 3))
    found = {"mu": normal[:, 0], "alpha0": np.exp(normal[:, 1]), "alpha1": alpha1, "beta1": share * (1.0 - alpha1)}
    return {name: (float(values.mean()), float(values.std())) for name, values in found.items()}


def main(argv: Sequence[str] | None = None) -> dict[str, Moments]:
    """Fit, print the parameters beside the reference, and return (mean, sd) of both."""
    y, sigma1 = np.array(DATA["y"]), float(DATA["sigma1"])
    optimizer = ClippedAdam({"lr": 0.05, "lrd": 1e-3 ** (1.0 / STEPS), "clip_norm": 1e9})
    svi = SVI(model, guide, optimizer, loss=Trace_ELBO(num_particles=10))
    params, _state, _losses = svi.run(STEPS, y, sigma1, seed=0, progress_bar=False)
    found = {
        "reference": {name: (one["mean"], one["sd"]) for name, one in DATA["reference"].items()},
        "fit": moments(params),
    }
    print(f"{'':8}{'reference':>18}{'fit':>18}")
    for name in found["reference"]:
        columns = [f"{mean:.3f} +- {sd:.3f}" for mean, sd in (found[k][name] for k in ("reference", "fit"))]
        print(f"{name:8}" + "".join(f"{c:>18}" for c in columns))
    return found


if __name__ == "__main__":
    main()
