"""Models, guides and data for the stop rule: from conjugate ones to badly scaled and hierarchical ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints


@dataclass
class Case:
    """A model with its guide and data."""

    name: str
    model: Callable[..., Any]
    guide: Callable[..., Any]
    args: tuple[Any, ...]


def mean(y):
    mu = vc.sample("mu", dist.Normal(0.0, 10.0))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.Normal(mu, 1.0), obs=y)


def mean_guide(y):
    vc.sample("mu", dist.Normal(vc.param("m", 0.0), vc.param("s", 1.0, constraint=constraints.positive)))


def coin(y):
    f = vc.sample("f", dist.Beta(10.0, 10.0))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.Bernoulli(f), obs=y)


def coin_guide(y):
    a = vc.param("a", 15.0, constraint=constraints.positive)
    vc.sample("f", dist.Beta(a, vc.param("b", 15.0, constraint=constraints.positive)))


def counts(y):
    rate = vc.sample("rate", dist.Gamma(2.0, 1.0))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.Poisson(rate), obs=y)


def counts_guide(y):
    a = vc.param("a", 1.0, constraint=constraints.positive)
    vc.sample("rate", dist.Gamma(a, vc.param("b", 1.0, constraint=constraints.positive)))


def regression(x, y):
    w = vc.sample("w", dist.Normal(np.zeros(x.shape[1]), 10.0).to_event(1))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.Normal(x @ w, 1.0), obs=y)


def logistic(x, y):
    w = vc.sample("w", dist.Normal(np.zeros(x.shape[1]), 2.0).to_event(1))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.Bernoulli(logits=x @ w), obs=y)


def poisson(x, y):
    w = vc.sample("w", dist.Normal(np.zeros(x.shape[1]), 1.0).to_event(1))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.Poisson(np.exp(x @ w)), obs=y)


def robust(x, y):
    w = vc.sample("w", dist.Normal(np.zeros(x.shape[1]), 10.0).to_event(1))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.StudentT(3.0, x @ w, 1.0), obs=y)


def weights_guide(x, y):
    m = vc.param("m", np.zeros(x.shape[1]))
    s = vc.param("s", np.ones(x.shape[1]), constraint=constraints.positive)
    vc.sample("w", dist.Normal(m, s).to_event(1))


def schools(y, sigma):
    mu = vc.sample("mu", dist.Normal(0.0, 5.0))
    tau = vc.sample("tau", dist.HalfCauchy(5.0))
    with vc.plate("schools", len(y)):
        theta = vc.sample("theta", dist.Normal(mu, tau))
        vc.sample("y", dist.Normal(theta, sigma), obs=y)


def schools_guide(y, sigma):
    vc.sample("mu", dist.Normal(vc.param("mm", 0.0), vc.param("ms", 1.0, constraint=constraints.positive)))
    vc.sample("tau", dist.LogNormal(vc.param("tm", 0.0), vc.param("ts", 1.0, constraint=constraints.positive)))
    m = vc.param("m", np.zeros(len(y)))
    s = vc.param("s", np.ones(len(y)), constraint=constraints.positive)
    with vc.plate("schools", len(y)):
        vc.sample("theta", dist.Normal(m, s))


def schools_apart(y, sigma):
    mu = vc.sample("mu", dist.Normal(0.0, 5.0))
    tau = vc.sample("tau", dist.HalfCauchy(5.0))
    with vc.plate("schools", len(y)):
        theta = vc.sample("theta", dist.Normal(0.0, 1.0))
        vc.sample("y", dist.Normal(mu + tau * theta, sigma), obs=y)


def groups(group, y, count=100):
    mu = vc.sample("mu", dist.Normal(0.0, 5.0))
    tau = vc.sample("tau", dist.HalfNormal(2.0))
    with vc.plate("groups", count):
        theta = vc.sample("theta", dist.Normal(mu, tau))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.Normal(theta[group], 1.0), obs=y)


def groups_guide(group, y, count=100):
    vc.sample("mu", dist.Normal(vc.param("mm", 0.0), vc.param("ms", 1.0, constraint=constraints.positive)))
    vc.sample("tau", dist.LogNormal(vc.param("tm", 0.0), vc.param("ts", 1.0, constraint=constraints.positive)))
    m = vc.param("m", np.zeros(count))
    s = vc.param("s", np.ones(count), constraint=constraints.positive)
    with vc.plate("groups", count):
        vc.sample("theta", dist.Normal(m, s))


def cases() -> list[Case]:
    """All models with their data."""
    rng = np.random.default_rng(20261126)
    x = rng.normal(size=(200, 5))
    wide = rng.normal(size=(200, 50))
    shared = np.sqrt(0.9) * rng.normal(size=(200, 1)) + np.sqrt(0.1) * rng.normal(size=(200, 5))
    scaled = x * np.array([0.03, 0.3, 1.0, 10.0, 100.0])
    w = np.array([1.0, -1.0, 0.5, 0.0, 2.0])
    noise = rng.normal(size=200)
    group = rng.integers(100, size=500)
    theta = 3.0 + 1.5 * rng.normal(size=100)
    ys, sigma = np.array([28.0, 8, -3, 7, -1, 1, 18, 12]), np.array([15.0, 10, 16, 11, 9, 11, 10, 18])
    return [
        Case("normal mean", mean, mean_guide, (3.0 + noise[:20],)),
        Case("normal mean, far away", mean, mean_guide, (60.0 + noise[:20],)),
        Case("normal mean, 20,000 rows", mean, mean_guide, (3.0 + rng.normal(size=20_000),)),
        Case("coin", coin, coin_guide, (np.array([1.0] * 6 + [0.0] * 4),)),
        Case("gamma-Poisson", counts, counts_guide, (rng.poisson(4.0, 50),)),
        Case("regression, 5 coefficients", regression, weights_guide, (x, x @ w + noise)),
        Case("regression, 50 coefficients", regression, weights_guide, (wide, wide @ rng.normal(size=50) + noise)),
        Case("regression, correlated columns", regression, weights_guide, (shared, shared @ w + noise)),
        Case("regression, scales 0.03 to 100", regression, weights_guide, (scaled, scaled @ w + noise)),
        Case("Student t regression", robust, weights_guide, (x, x @ w + rng.standard_t(3.0, 200))),
        Case("logistic regression", logistic, weights_guide, (x, (rng.random(200) < 1 / (1 + np.exp(-x @ w))) * 1.0)),
        Case("Poisson regression", poisson, weights_guide, (0.3 * x, rng.poisson(np.exp(0.3 * x @ w)))),
        Case("eight schools, centred", schools, schools_guide, (ys, sigma)),
        Case("eight schools, not centred", schools_apart, schools_guide, (ys, sigma)),
        Case("100 groups", groups, groups_guide, (group, theta[group] + rng.normal(size=500))),
    ]
