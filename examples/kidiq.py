"""Test scores of 434 children and the IQ of their mothers: linear regression, a mean-field guide, two coordinates.

A mean-field guide treats the coefficients as independent. In the raw coordinates, intercept at IQ 0 and slope, the
posterior correlation is -0.99, and the best mean-field fit then has standard deviations seven times too small: means
are right, sds are not. With the predictor centred and scaled the coefficients are nearly independent, the same guide is
nearly exact, and its sds carry over to the raw coordinates by an ordinary change of variables.

Data and reference posterior: posteriordb (Gelman and Hill 2006), see examples/data.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.infer import SVI, Trace_ELBO
from vicompile.optim import ClippedAdam

Moments = dict[str, tuple[float, float]]
DATA = json.loads((Path(__file__).parent / "data" / "kidiq.json").read_text())
# The reference has flat coefficients; this prior moves them by less than a hundredth of a posterior sd.
WIDE = 1000.0


@vc.model
def model(x, score):
    intercept = vc.sample("intercept", dist.Normal(0.0, WIDE))
    slope = vc.sample("slope", dist.Normal(0.0, WIDE))
    sigma = vc.sample("sigma", dist.HalfCauchy(2.5))
    with vc.plate("children", len(x)):
        vc.sample("score", dist.Normal(intercept + slope * x, sigma), obs=score)


@vc.guide
def guide(x, score):
    intercept_loc = vc.param("intercept_loc", lambda: np.mean(score))
    intercept_scale = vc.param("intercept_scale", 1.0, constraint=constraints.positive)
    slope_loc = vc.param("slope_loc", 0.0)
    slope_scale = vc.param("slope_scale", lambda: 1.0 / np.sqrt(np.sum(x * x)), constraint=constraints.positive)
    sigma_loc = vc.param("sigma_loc", 3.0)
    sigma_scale = vc.param("sigma_scale", 0.1, constraint=constraints.positive)
    vc.sample("intercept", dist.Normal(intercept_loc, intercept_scale))
    vc.sample("slope", dist.Normal(slope_loc, slope_scale))
    vc.sample("sigma", dist.LogNormal(sigma_loc, sigma_scale))


def fit(x: np.ndarray, score: np.ndarray, steps: int, slope_step: float) -> Moments:
    """Mean and sd of each latent variable. `slope_step`: how much slope moves a prediction by about one point."""

    def step_size(name):
        # Adam's steps are as long as the learning rate, so each parameter needs one on its own scale.
        unit = {"intercept_loc": 1.0, "slope_loc": slope_step}.get(name, 0.1)
        return {"lr": 0.1 * unit, "lrd": 1e-4 ** (1.0 / steps), "clip_norm": 1e9}

    svi = SVI(model, guide, ClippedAdam(step_size), loss=Trace_ELBO(num_particles=10))
    params, _state, _losses = svi.run(steps, x, score, seed=0, progress_bar=False)
    found = {n: (float(params[f"{n}_loc"]), float(params[f"{n}_scale"])) for n in ("intercept", "slope")}
    sigma = dist.LogNormal(params["sigma_loc"], params["sigma_scale"])
    return found | {"sigma": (float(sigma.mean), float(np.sqrt(sigma.variance)))}


def uncentred(standard: Moments, centre: float, spread: float) -> Moments:
    """The coefficients of x from those of (x - centre) / spread, which are independent in the guide."""
    (a, a_sd), (b, b_sd) = standard["intercept"], standard["slope"]
    factor = centre / spread
    return {
        "intercept": (a - factor * b, float(np.hypot(a_sd, factor * b_sd))),
        "slope": (b / spread, b_sd / spread),
        "sigma": standard["sigma"],
    }


def main(argv: Sequence[str] | None = None) -> dict[str, Moments]:
    """Fit in both coordinates, print both beside the reference, and return (mean, sd) by fit and parameter."""
    iq, score = np.array(DATA["mom_iq"]), np.array(DATA["kid_score"], dtype=float)
    centre, spread = float(iq.mean()), float(iq.std())
    names = {"intercept": "beta[1]", "slope": "beta[2]", "sigma": "sigma"}
    found = {
        "reference": {n: (DATA["reference"][r]["mean"], DATA["reference"][r]["sd"]) for n, r in names.items()},
        "standardised": uncentred(fit((iq - centre) / spread, score, 10_000, 1.0), centre, spread),
        "raw": fit(iq, score, 40_000, 1.0 / centre),
    }
    print(f"{'':14}{'reference':>20}{'standardised x':>20}{'raw x':>20}")
    for name in names:
        columns = [
            f"{mean:.3f} +- {sd:.3f}" for mean, sd in (found[k][name] for k in ("reference", "standardised", "raw"))
        ]
        print(f"{name:14}" + "".join(f"{c:>20}" for c in columns))
    return found


if __name__ == "__main__":
    main()
