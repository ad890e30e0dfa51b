"""Lynxes and hares of Hudson Bay: a differential equation in a model, and the Laplace approximation of its posterior.

`LogDensity` gives the joint log density and its gradient as a function of unconstrained numbers. That is all that
SciPy needs to find the mode; the curvature there gives a normal approximation. On the logarithmic scale rates and first
populations are nearly normal, and it finds them. The errors of the counts come out a tenth too small, and all standard
deviations with them: at the mode the curves have used up the freedom of six parameters.

Data and reference posterior: posteriordb, see examples/data.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

import vicompile as vc
import vicompile.distributions as dist
from vicompile.infer import LogDensity

Moments = dict[str, tuple[float, float]]
DATA = json.loads((Path(__file__).parent / "data" / "hudson_lynx_hare.json").read_text())


@vc.model
def model(years, counts):
    """Growth and death of the prey, death and growth of the predators; counts with errors in proportion."""
    prior_loc, prior_scale = np.array([1.0, 0.05, 1.0, 0.05]), np.array([0.5, 0.05, 0.5, 0.05])
    theta = vc.sample("theta", dist.TruncatedNormal(prior_loc, prior_scale, low=0.0).to_event(1))
    start = vc.sample("z_init", dist.LogNormal(np.log(10.0), 1.0).expand([2]).to_event(1))
    sigma = vc.sample("sigma", dist.LogNormal(-1.0, 1.0).expand([2]).to_event(1))

    def slope(state, t):
        prey, predators = state
        return (theta[0] - theta[1] * predators) * prey, (theta[3] * prey - theta[2]) * predators

    prey, predators = vc.odeint_rk4(slope, (start[0], start[1]), years, steps=20)
    with vc.plate("years", len(years)):
        vc.sample("hares", dist.LogNormal(np.log(prey), sigma[0]), obs=counts[:, 0])
        vc.sample("lynxes", dist.LogNormal(np.log(predators), sigma[1]), obs=counts[:, 1])


def laplace(density: vc.infer.BoundLogDensity, start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mode and covariance of the unconstrained numbers: minus the inverse of the second derivatives."""

    def loss(u):
        value, gradient = density.value_and_gradient(u)
        return -value, -gradient

    mode = minimize(loss, start, jac=True, method="BFGS", options={"gtol": 1e-6}).x
    # The kernel's gradient is exact, so that one difference of it gives a row of second derivatives.
    h = 1e-5
    rows = [(loss(mode + step)[1] - loss(mode - step)[1]) / (2 * h) for step in h * np.eye(len(mode))]
    curvature = np.array(rows)
    return mode, np.linalg.inv(0.5 * (curvature + curvature.T))


def main(argv: Sequence[str] | None = None) -> dict[str, Moments]:
    """Fit, print the logarithms of the parameters beside the reference, and return (mean, sd) of both."""
    years, counts = np.array(DATA["years"]), np.array(DATA["counts"], dtype=float)
    density = LogDensity(model)(years, counts)
    guess = {"theta": np.array([0.5, 0.03, 0.8, 0.03]), "z_init": counts[0], "sigma": np.full(2, 0.3)}
    mode, covariance = laplace(density, density.unconstrain(guess))
    sds = np.sqrt(np.diag(covariance))
    found = {
        "reference": {name: (one["mean"], one["sd"]) for name, one in DATA["reference"].items()},
        "laplace": {name: (float(m), float(s)) for name, m, s in zip(DATA["reference"], mode, sds)},
    }
    print(f"{'':16}{'reference':>18}{'laplace':>18}")
    for name in found["reference"]:
        columns = [f"{mean:.3f} +- {sd:.3f}" for mean, sd in (found[k][name] for k in ("reference", "laplace"))]
        print(f"{name:16}" + "".join(f"{c:>18}" for c in columns))
    return found


if __name__ == "__main__":
    main()
