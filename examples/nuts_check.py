"""A fit against NUTS on the very kernel that it was fitted with: does the Gaussian say what the posterior says?

`LogDensity` is a plain function of a NumPy vector, with its gradient; so any sampler in Python can use it. Here it is
nutpie's NUTS (pip install nutpie). The model is a regression with heavy tails, whose data has three outliers.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import vicompile as vc
import vicompile.distributions as dist
from vicompile.infer import LogDensity, fit

Moments = dict[str, tuple[float, float]]


def data() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(20261126)
    x = rng.uniform(-2.0, 2.0, size=60)
    y = 1.0 + 2.0 * x + 0.5 * rng.normal(size=60)
    y[:3] += 6.0
    return x, y


@vc.model
def model(x, y):
    intercept = vc.sample("intercept", dist.Normal(0.0, 10.0))
    slope = vc.sample("slope", dist.Normal(0.0, 10.0))
    scale = vc.sample("scale", dist.HalfNormal(5.0))
    with vc.plate("rows", len(x)):
        vc.sample("y", dist.StudentT(4.0, intercept + slope * x, scale), obs=y)


def nuts(density: Any, draws: int, chains: int, seed: int) -> dict[str, np.ndarray]:
    """Draws of each latent site by nutpie, (chains * draws, *shape)."""
    import nutpie
    from nutpie.compiled_pyfunc import from_pyfunc

    names, shapes = density.names, [slot.shape for slot in density.slots]

    def make_logp() -> Callable[[np.ndarray], tuple[float, np.ndarray]]:
        return density.value_and_gradient

    def make_expand(*_seeds: Any) -> Callable[[np.ndarray], dict[str, Any]]:
        return lambda u: {name: np.asarray(value) for name, value in density.constrain(u).items()}

    compiled = from_pyfunc(
        density.size, make_logp, make_expand, [np.dtype(np.float64)] * len(names), shapes, names
    )  # fmt: skip
    trace = nutpie.sample(compiled, draws=draws, tune=500, chains=chains, cores=1, seed=seed, progress_bar=False)
    return {name: np.asarray(trace.posterior[name]).reshape(-1, *shape) for name, shape in zip(names, shapes)}


def moments(draws: dict[str, np.ndarray]) -> Moments:
    return {name: (float(values.mean()), float(values.std())) for name, values in draws.items()}


def main(arguments: Sequence[str] = ()) -> dict[str, Any]:
    x, y = data()
    result = fit(model, x, y)
    sampled = nuts(LogDensity(model)(x, y), draws=1000, chains=2, seed=1)
    found, reference = moments(result.sample(4000)), moments(sampled)
    print(result)
    print(f"{'':10} {'fit':>16} {'NUTS':>16}")
    for name, (mean, sd) in found.items():
        print(f"{name:10} {mean:8.3f} +- {sd:5.3f} {reference[name][0]:8.3f} +- {reference[name][1]:5.3f}")
    return {"fit": found, "nuts": reference, "k_hat": result.k_hat}


if __name__ == "__main__":
    main(sys.argv[1:])
