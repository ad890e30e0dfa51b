"""The fairness of a coin, as in Pyro's tutorial "SVI Part I": ten flips, six heads, a Beta(10, 10) prior.

Only the import lines, the decorators and the tensors of the tutorial are changed. The prior is conjugate, so the exact
posterior is known: Beta(16, 14). The data is spelled in two ways, as a loop over the flips and as a plate. Both compile
to the same kind of kernel.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

import vicompile as pyro
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.infer import SVI, Trace_ELBO
from vicompile.optim import Adam

HEADS, TAILS = 6, 4
DATA = np.array([1.0] * HEADS + [0.0] * TAILS)
ADAM = {"lr": 0.0005, "betas": (0.90, 0.999)}
STEPS = 5000


@pyro.model
def model(data):
    # define the hyperparameters that control the Beta prior
    alpha0 = 10.0
    beta0 = 10.0
    # sample f from the Beta prior
    f = pyro.sample("latent_fairness", dist.Beta(alpha0, beta0))
    # loop over the observed data
    for i in range(len(data)):
        # observe datapoint i using the Bernoulli likelihood
        pyro.sample("obs_{}".format(i), dist.Bernoulli(f), obs=data[i])


@pyro.model
def model_with_plate(data):
    f = pyro.sample("latent_fairness", dist.Beta(10.0, 10.0))
    with pyro.plate("flips", len(data)):
        pyro.sample("obs", dist.Bernoulli(f), obs=data)


@pyro.guide
def guide(data):
    # register the two variational parameters
    alpha_q = pyro.param("alpha_q", 15.0, constraint=constraints.positive)
    beta_q = pyro.param("beta_q", 15.0, constraint=constraints.positive)
    # sample latent_fairness from the distribution Beta(alpha_q, beta_q)
    pyro.sample("latent_fairness", dist.Beta(alpha_q, beta_q))


def beta_moments(alpha: float, beta: float) -> tuple[float, float]:
    """Mean and standard deviation of a Beta distribution."""
    mean = alpha / (alpha + beta)
    return mean, math.sqrt(mean * (1.0 - mean) / (alpha + beta + 1.0))


def fit_step_by_step() -> tuple[float, float]:
    """Pyro's way: one call for each step, the parameters in the global store."""
    pyro.clear_param_store()
    svi = SVI(model, guide, Adam(ADAM), loss=Trace_ELBO())
    for _ in range(STEPS):
        svi.step(DATA)
    alpha_q = pyro.param("alpha_q").item()
    beta_q = pyro.param("beta_q").item()
    return beta_moments(alpha_q, beta_q)


def fit_in_one_call() -> tuple[float, float]:
    """The whole loop native: one call for the fit."""
    svi = SVI(model_with_plate, guide, Adam(ADAM), loss=Trace_ELBO())
    params, _state, _losses = svi.run(STEPS, DATA, seed=0, progress_bar=False)
    return beta_moments(float(params["alpha_q"]), float(params["beta_q"]))


def main(argv: Sequence[str] | None = None) -> dict[str, tuple[float, float]]:
    """Fit both spellings, print them beside the exact posterior, and return all (mean, standard deviation) pairs."""
    found = {
        "exact": beta_moments(10.0 + HEADS, 10.0 + TAILS),
        "loop": fit_step_by_step(),
        "plate": fit_in_one_call(),
    }
    labels = {
        "exact": "exact posterior, Beta(16, 14)",
        "loop": "loop over the flips, svi.step()",
        "plate": "plate, svi.run()",
    }
    print(f"fairness of the coin after {HEADS} heads in {HEADS + TAILS} flips")
    for name in ("loop", "plate", "exact"):
        mean, sd = found[name]
        print(f"  {labels[name]:<32} {mean:.4f} +- {sd:.4f}")
    return found


if __name__ == "__main__":
    main()
