"""Logistic regression on scikit-learn's breast cancer data: 569 tumours, 30 measurements, a mean-field guide.

Needs scikit-learn, for the data only. The measurements are standardised, so that one prior suits all of them. Many are
nearly copies of each other: the posterior correlates their weights, and a mean-field fit then reports sds that are too
small.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.infer import SVI, Trace_ELBO
from vicompile.optim import ClippedAdam

STEPS = 10_000


@vc.model
def model(x, benign):
    weights = vc.sample("weights", dist.Normal(np.zeros(x.shape[1]), 1.0).to_event(1))
    bias = vc.sample("bias", dist.Normal(0.0, 5.0))
    with vc.plate("tumours", len(benign)):
        vc.sample("benign", dist.Bernoulli(logits=x @ weights + bias), obs=benign)


@vc.guide
def guide(x, benign):
    loc = vc.param("weights_loc", np.zeros(x.shape[1]))
    scale = vc.param("weights_scale", np.full(x.shape[1], 0.1), constraint=constraints.positive)
    bias_loc = vc.param("bias_loc", 0.0)
    bias_scale = vc.param("bias_scale", 0.1, constraint=constraints.positive)
    vc.sample("weights", dist.Normal(loc, scale).to_event(1))
    vc.sample("bias", dist.Normal(bias_loc, bias_scale))


def standardised_data() -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Measurements (569, 30) with mean 0 and sd 1, whether each tumour is benign, and the measurements' names."""
    from sklearn.datasets import load_breast_cancer

    data = load_breast_cancer()
    x = (data.data - data.data.mean(axis=0)) / data.data.std(axis=0)
    return x, data.target.astype(float), [str(name) for name in data.feature_names]


def main(argv: Sequence[str] | None = None) -> dict[str, np.ndarray]:
    """Fit, print the strongest weights and the share of right answers, and return means and sds, the bias last."""
    x, benign, names = standardised_data()
    optimizer = ClippedAdam({"lr": 0.03, "lrd": 1e-3 ** (1.0 / STEPS), "clip_norm": 1e9})
    svi = SVI(model, guide, optimizer, loss=Trace_ELBO(num_particles=2))
    params, _state, losses = svi.run(STEPS, x, benign, seed=0, progress_bar=False)
    mean = np.append(params["weights_loc"], params["bias_loc"])
    sd = np.append(params["weights_scale"], params["bias_scale"])
    right = float(np.mean((x @ mean[:-1] + mean[-1] > 0.0) == (benign > 0.5)))
    print(f"{len(benign)} tumours, {right:.1%} classified right; loss {np.mean(losses[-1000:]):.1f}")
    print("the five strongest weights for `benign`:")
    for k in np.argsort(-np.abs(mean[:-1]))[:5]:
        print(f"  {names[k]:<24}{mean[k]:8.3f} +- {sd[k]:.3f}")
    return {"mean": mean, "sd": sd, "accuracy": np.array(right)}


if __name__ == "__main__":
    main()
