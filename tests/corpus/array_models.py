"""Models made of array functions: extremes, logarithms of sums, products of many axes, shapes, running sums."""

import numpy as np
from corpus.cases import case
from scipy import special

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import factor, param, plate, sample

RNG = np.random.default_rng(31)
X = RNG.normal(size=(7, 3))
Y = RNG.normal(1.0, 2.0, size=7)
LABEL = np.array([0, 2, 1, 1, 0, 2, 2])
STEPS = RNG.normal(size=(2, 5, 3))


def matrix_guide(x, y):
    loc = param("loc", lambda: 0.1 * np.ones((x.shape[1], 3)))
    sample("w", dist.Normal(loc, param("scale", 0.3, constraint=constraints.positive)).to_event(2))


@case(matrix_guide, X, LABEL)
def softmax_regression(x, y):
    w = sample("w", dist.Normal(np.zeros((x.shape[1], 3)), 1.0).to_event(2))
    logits = special.log_softmax(x @ w, axis=1)
    factor("y", np.sum(np.take_along_axis(logits, y[:, None], axis=1)))


@case(matrix_guide, X, Y)
def mixture_of_lines(x, y):
    w = sample("w", dist.Normal(np.zeros((x.shape[1], 3)), 1.0).to_event(2))
    parts = -0.5 * (y[:, None] - x @ w) ** 2
    factor("y", np.sum(special.logsumexp(parts, axis=-1) - np.log(3.0)))


@case(matrix_guide, X, Y)
def extremes_over_rows(x, y):
    w = sample("w", dist.Normal(np.zeros((x.shape[1], 3)), 1.0).to_event(2))
    scores = x @ w
    sample("y", dist.Normal(np.max(scores, axis=1) - np.min(scores), 1.0 + np.ptp(w)).to_event(1), obs=y)
    factor("top", -np.sum(np.max(scores, axis=0) ** 2) + special.logsumexp(scores))


def walk_guide(steps):
    loc = param("loc", lambda: 0.1 * np.ones(steps.shape[1:]))
    sample("z", dist.Normal(loc, 0.4).to_event(2))


@case(walk_guide, STEPS)
def walks_of_many_axes(steps):
    z = sample("z", dist.Normal(np.zeros(steps.shape[1:]), 1.0).to_event(2))
    walk = np.cumsum(z, axis=0)
    with plate("series", steps.shape[0], dim=-3):
        sample("x", dist.Normal(walk, 0.7), obs=steps)
    factor("smooth", -np.sum(np.diff(walk, axis=0) ** 2) - np.sum(np.einsum("sti,ti,tj->sj", steps, z, walk) ** 2))
    factor("ends", np.sum(np.roll(walk, 1, axis=0)[::2] * np.flip(walk)[::2]) - np.trace(walk.T @ walk))


@case(walk_guide, STEPS)
def batches_of_matrices(steps):
    z = sample("z", dist.Normal(np.zeros(steps.shape[1:]), 1.0).to_event(2))
    inner = steps @ z.T
    factor("inner", -0.01 * np.sum((inner @ inner.mT + np.eye(steps.shape[1])) ** 2))
    pairs = z.reshape(-1)[: len(z) // 2 * 2].reshape(-1, 2)
    factor("pairs", -np.sum(np.prod(pairs, axis=1)) - np.sum(np.tril(z.T @ z)))


def halves_guide(y):
    loc = param("loc", lambda: 0.2 * np.ones(len(y) // 2))
    with plate("halves", len(y) // 2):
        sample("z", dist.Normal(loc, 0.4))


@case(halves_guide, Y)
def every_other_element(y):
    half = len(y) // 2
    with plate("halves", half):
        z = sample("z", dist.Normal(0.0, 1.0))
        sample("even", dist.Normal(z, 1.0), obs=y[::2][:half])
        sample("odd", dist.Normal(z + np.roll(z, 1), 2.0), obs=y[1::2])
    factor("folded", -np.sum((z - y[half:][:half][::-1]) ** 2) / len(y))


def labelled_guide(label, y):
    loc = param("loc", lambda: 0.1 * np.ones(len(np.unique(label))))
    sample("effect", dist.Normal(loc, 0.3).to_event(1))


@case(labelled_guide, 10 * LABEL - 7, np.where(LABEL == 1, np.nan, Y))
def labels_and_gaps(label, y):
    values, code = np.unique(label, return_inverse=True)
    effect = sample("effect", dist.Normal(np.zeros(len(values)), 1.0).to_event(1))
    seen = ~np.isnan(y)
    with plate("seen", np.sum(seen)):
        sample("y", dist.Normal(effect[code][seen], 1.0), obs=y[seen])
    factor("high", -np.sum(effect[values > 0] ** 2) + 0.1 * np.sum(np.cumsum(label) * effect[0]))
