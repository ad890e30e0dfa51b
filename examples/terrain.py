"""Income and rugged terrain: one regression, three guides, and what their standard deviations are worth.

As in Pyro's introduction: the logarithm of a nation's income depends on how rugged its land is, on whether it lies on
one continent, and on both together, with unknown noise. The 170 nations are made up here, so that the truth is known.

A mean-field guide makes every coefficient independent of the others. Here they are not: the intercept and the slope
trade off against each other. The means are right all the same; the standard deviations are too small, by half. A
multivariate normal has them right. And `vc.fit` needs no guide, no steps and no learning rate, and says how good it is.

    python examples/terrain.py [folder for the pictures]
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.infer import SVI, Posterior, Trace_ELBO, elbo
from vicompile.infer.autoguide import AutoMultivariateNormal, AutoNormal
from vicompile.optim import Adam, schedules
from vicompile.plots import plot_marginals, plot_pairs, plot_predictive_check

TRUTH = {"intercept": 9.2, "inside": -1.9, "rugged": -0.2, "both": 0.4, "sigma": 0.9}
COEFFICIENTS = ["intercept", "inside", "rugged", "both"]
NATIONS, INSIDE = 170, 49
STEPS = 6000


def data() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Ruggedness, 1 for nations on the continent and 0 for others, and the logarithm of income."""
    rng = np.random.default_rng(5)
    rugged = rng.gamma(1.3, 1.0, NATIONS)
    inside = (np.arange(NATIONS) < INSIDE).astype(float)
    mean = TRUTH["intercept"] + TRUTH["inside"] * inside + TRUTH["rugged"] * rugged + TRUTH["both"] * inside * rugged
    return rugged, inside, rng.normal(mean, TRUTH["sigma"])


def model(rugged, is_inside, income=None):
    intercept = vc.sample("intercept", dist.Normal(8.0, 10.0))
    inside = vc.sample("inside", dist.Normal(0.0, 2.0))
    slope = vc.sample("rugged", dist.Normal(0.0, 1.0))
    both = vc.sample("both", dist.Normal(0.0, 1.0))
    sigma = vc.sample("sigma", dist.HalfNormal(3.0))
    with vc.plate("nations", len(rugged)):
        mean = intercept + inside * is_inside + slope * rugged + both * is_inside * rugged
        return vc.sample("income", dist.Normal(mean, sigma), obs=income)


def mean_field(rugged, is_inside, income=None):
    """By hand: an independent normal for each coefficient, and a log-normal for the noise, which is positive."""
    for name in COEFFICIENTS:
        loc = vc.param(f"{name}_loc", 0.0)
        scale = vc.param(f"{name}_scale", 0.1, constraint=constraints.positive)
        vc.sample(name, dist.Normal(loc, scale))
    sigma_loc = vc.param("sigma_loc", 0.0)
    sigma_scale = vc.param("sigma_scale", 0.1, constraint=constraints.positive)
    vc.sample("sigma", dist.LogNormal(sigma_loc, sigma_scale))


def fit_with(guide, nations: Sequence[np.ndarray]) -> tuple[Posterior, float]:
    """The result of one guide, and its ELBO by fresh draws."""
    # The rate falls to zero, so that the fit ends at a point and not in a cloud around it.
    svi = SVI(model, guide, Adam(schedules.cosine_decay(0.03, STEPS)), loss=Trace_ELBO(num_particles=10))
    result = svi.run(STEPS, *nations, seed=0, progress_bar=False)
    return result, -elbo(result.params, model, guide, nations, num_particles=10_000)


def draws_of(result: Posterior) -> dict[str, np.ndarray]:
    """Draws of the coefficients and the noise, and of the slope outside and inside of the continent."""
    draws = result.sample(20_000, seed=0)
    slopes = {"slope outside": draws["rugged"], "slope inside": draws["rugged"] + draws["both"]}
    return {name: draws[name] for name in TRUTH} | slopes


def save_pictures(results: dict[str, Posterior], folder: Path) -> None:
    """What `vicompile.plots` has, and the guides against each other. ImportError without matplotlib."""
    narrow, full = results["by hand"], results["AutoMultivariateNormal"]
    figures = {
        "marginals": plot_marginals(full),
        "pairs_mean_field": plot_pairs(narrow, COEFFICIENTS),
        "pairs_full_rank": plot_pairs(full, COEFFICIENTS),
        "predictive_check": plot_predictive_check(full).figure,
        "guides": compare(results),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, figure in figures.items():
        figure.savefig(folder / f"{name}.png")
    print(f"\npictures: {folder}/{{{','.join(figures)}}}.png")


def compare(results: dict[str, Posterior]):
    """Both slopes as histograms, one line for each guide, and the trade-off that a mean-field guide does not see."""
    from matplotlib import pyplot

    figure, panels = pyplot.subplots(1, 3, figsize=(12, 3.5), layout="constrained")
    for k, (name, result) in enumerate(results.items()):
        draws = draws_of(result)
        for panel, slope in zip(panels, ("slope outside", "slope inside"), strict=False):
            panel.hist(draws[slope], 60, density=True, histtype="step", linestyle=["-", "--"][k % 2], label=name)
            panel.set_title(slope)
    for name in ("AutoMultivariateNormal", "by hand"):
        draws = draws_of(results[name])
        panels[2].plot(draws["intercept"][:2000], draws["rugged"][:2000], ".", markersize=3, label=name)
    panels[2].set(xlabel="intercept", ylabel="rugged")
    panels[2].legend()
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower left", ncols=4)
    return figure


def main(argv: Sequence[str] | None = None) -> dict[str, dict[str, tuple[float, float]]]:
    """Fit, print means and standard deviations by guide, save pictures, and return the (mean, sd) pairs by guide."""
    nations = data()
    guides = {
        "by hand": mean_field,
        "AutoNormal": AutoNormal(model),
        "AutoMultivariateNormal": AutoMultivariateNormal(model),
    }
    fits = {name: fit_with(guide, nations) for name, guide in guides.items()}
    automatic = vc.fit(model, *nations)
    fits["vc.fit"] = automatic, automatic.elbo

    results = {name: result for name, (result, _) in fits.items()}
    found = {
        name: {number: (float(x.mean()), float(x.std())) for number, x in draws_of(result).items()}
        for name, result in results.items()
    }
    print(f"{'':14}{'truth':>8}" + "".join(f"{name:>24}" for name in found))
    for number in found["vc.fit"]:
        columns = (f"{mean:.3f} +- {sd:.3f}" for mean, sd in (one[number] for one in found.values()))
        print(f"{number:14}{TRUTH.get(number, ''):>8}" + "".join(f"{column:>24}" for column in columns))
    print(f"{'ELBO':22}" + "".join(f"{bound:>24.2f}" for _, bound in fits.values()))
    print(f"\nvc.fit says: {automatic.verdict}")
    try:
        save_pictures(results, Path(argv[0] if argv else "terrain-pictures"))
    except ImportError as error:
        print(f"\nno pictures: {error}, or vicompile[plots]")
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
