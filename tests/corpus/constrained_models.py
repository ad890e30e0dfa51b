"""The corpus, continued: parameters that are vectors and matrices of a set."""

import numpy as np
from corpus.cases import case

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import factor, param, plate, sample

RNG = np.random.default_rng(20261126)
COUNTS = RNG.poisson(4.0, size=5) + 1.0
ROWS = RNG.normal(size=(6, 3))


def shares_guide(y):
    share = param("share", lambda: np.full(len(y), 1.0 / len(y)), constraint=constraints.simplex)
    scale = param("scale", 0.4, constraint=constraints.interval(0.1, 2.0))
    sample("x", dist.Normal(share, scale).to_event(1))


@case(shares_guide, COUNTS)
def simplex_of_the_datas_length(y):
    x = sample("x", dist.Normal(np.zeros(len(y)), 1.0).to_event(1))
    level = param("level", lambda: np.arange(len(y)) + 1.0, constraint=constraints.positive_ordered_vector)
    with plate("counts", len(y)):
        sample("y", dist.Poisson(level * np.exp(0.1 * x)), obs=y)


def table_of_shares_guide(y):
    start = np.full((2, 3), 1.0) / 3.0
    shares = param("shares", start, constraint=constraints.simplex)
    offsets = param("offsets", np.zeros((2, 3)), constraint=constraints.zero_sum(2))
    sample("x", dist.Normal(shares + offsets, 0.5).to_event(2))


@case(table_of_shares_guide, COUNTS, particles=3)
def batches_of_simplexes(y):
    x = sample("x", dist.Normal(np.zeros((2, 3)), 1.0).to_event(2))
    sample("y", dist.Normal(np.sum(x**2), 2.0).expand([5]), obs=y)


def matrices_guide(y):
    factor_q = param("L", np.ones((3, 3)) * np.tri(3), constraint=constraints.lower_cholesky)
    sample("x", dist.Normal(factor_q @ np.array([0.3, -0.2, 0.5]), 0.5).to_event(1))


@case(matrices_guide, ROWS)
def correlations_and_covariances(y):
    x = sample("x", dist.Normal(np.zeros(3), 1.0).to_event(1))
    root = param("root", np.tri(3) / np.sqrt(np.arange(1.0, 4.0))[:, None], constraint=constraints.corr_cholesky)
    covariance = param("covariance", 0.5 * np.tri(3).dot(np.tri(3).T), constraint=constraints.positive_definite)
    factor("quadratic", -0.5 * np.sum((covariance @ x) ** 2))
    with plate("rows", len(y)):
        sample("y", dist.Normal(root @ x, 1.0).to_event(1), obs=y)
