"""Models for the corpus about plates: subsampled, crossed, reused, scaled, masked, partly observed."""

import numpy as np
from corpus.cases import case

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.handlers import mask, scale
from vicompile.language import factor, param, plate, plate_stack, sample, subsample

RNG = np.random.default_rng(20261126)
Y = RNG.normal(1.0, 2.0, size=9)
X = RNG.normal(size=(9, 3))
GROUP = np.array([0, 1, 1, 2, 0, 2, 2, 1, 0])
GAPS = np.where(np.arange(9) % 3 == 1, np.nan, Y)
TABLE = RNG.normal(size=(4, 3))


def line_guide(x, y, k):
    loc = param("loc", np.zeros(3))
    sample("w", dist.Normal(loc, param("scale", 0.5, constraint=constraints.positive)).to_event(1))


@case(line_guide, X, (Y > 0.0).astype(float), 4)
def subsampled_logistic(x, y, k):
    w = sample("w", dist.Normal(np.zeros(3), 1.0).to_event(1))
    with plate("rows", len(y), subsample_size=k) as i:
        sample("y", dist.Bernoulli(logits=x[i] @ w), obs=y[i])


@case(line_guide, X, np.round(np.exp(Y)), 9)
def subsample_of_everything(x, y, k):
    w = sample("w", dist.Normal(np.zeros(3), 1.0).to_event(1))
    with plate("rows", len(y), subsample_size=k):
        rate = np.exp(0.1 * subsample(x, event_dim=1) @ w)
        sample("y", dist.Poisson(rate), obs=subsample(y, event_dim=0))


def local_guide(y, k):
    loc = param("loc", lambda: 0.1 * np.arange(len(y)))
    spread = param("spread", lambda: np.full(len(y), 0.7), constraint=constraints.positive)
    with plate("data", len(y), subsample_size=k) as i:
        sample("z", dist.Normal(loc[i], spread[i]))


@case(local_guide, Y, 3, particles=3)
def local_latents(y, k):
    with plate("data", len(y), subsample_size=k) as i:
        z = sample("z", dist.Normal(0.0, 1.0))
        sample("y", dist.Normal(z, 1.0), obs=y[i])


def local_param_guide(y, k):
    with plate("data", len(y), subsample_size=k):
        loc = param("loc", lambda: 0.1 * np.arange(len(y)), event_dim=0)
        sample("z", dist.Normal(loc, 0.6))


@case(local_param_guide, Y, 1)
def one_element_of_local_latents(y, k):
    with plate("data", len(y), subsample_size=k):
        z = sample("z", dist.Normal(0.0, 1.0))
        sample("y", dist.Normal(z, 1.0), obs=subsample(y, 0))


def group_guide(y, group, k):
    loc = param("loc", np.zeros(3))
    with plate("groups", 3):
        sample("level", dist.Normal(loc, 0.5))


@case(group_guide, Y, GROUP, 5)
def subsampled_groups(y, group, k):
    with plate("groups", 3):
        level = sample("level", dist.Normal(0.0, 2.0))
    with plate("data", len(y), subsample_size=k) as i:
        sample("y", dist.Normal(level[group[i]], 1.0), obs=y[i])


@case(group_guide, Y, GROUP, 4)
def loop_over_a_subsample(y, group, k):
    with plate("groups", 3):
        level = sample("level", dist.Normal(0.0, 2.0))
    for i in plate("data", len(y), subsample_size=k):
        sample(f"y_{i}", dist.Normal(level[group[i]], 1.0), obs=y[i])


def mean_guide(y, rows):
    sample("m", dist.Normal(param("loc", 0.2), 0.5))


@case(mean_guide, Y, np.array([1, 4, 8]))
def given_indices(y, rows):
    m = sample("m", dist.Normal(0.0, 1.0))
    with plate("data", len(y), subsample=rows) as i:
        sample("y", dist.Normal(m, 1.0), obs=y[i])
    with plate("data", len(y), subsample=rows):
        factor("again", -0.1 * (subsample(y) - m) ** 2)


def crossed_guide(table):
    rows, columns = plate("rows", table.shape[0], dim=-2), plate("columns", table.shape[1], dim=-1)
    with rows:
        sample("a", dist.Normal(param("a_loc", lambda: np.zeros((table.shape[0], 1))), 0.5))
    with columns:
        sample("b", dist.Normal(param("b_loc", lambda: np.zeros(table.shape[1])), 0.5))


@case(crossed_guide, TABLE)
def crossed_plates(table):
    rows, columns = plate("rows", table.shape[0], dim=-2), plate("columns", table.shape[1], dim=-1)
    with rows:
        a = sample("a", dist.Normal(0.0, 1.0))
    with columns:
        b = sample("b", dist.Normal(0.0, 1.0))
    with rows, columns:
        sample("y", dist.Normal(a + b, 1.0), obs=table)


def stacked_guide(table):
    loc = param("loc", lambda: np.zeros(table.shape))
    with plate_stack("axis", table.shape):
        sample("z", dist.Normal(loc, 0.5))


@case(stacked_guide, TABLE)
def stacked_plates(table):
    with plate_stack("axis", table.shape):
        z = sample("z", dist.Normal(0.0, 1.0))
        sample("y", dist.Normal(z, 1.0), obs=table)


def two_batches_guide(table, k):
    loc = param("loc", lambda: np.zeros(table.shape[1]))
    with plate("columns", table.shape[1], subsample_size=k) as j:
        sample("b", dist.Normal(loc[j], 0.5))


@case(two_batches_guide, TABLE, 2)
def crossed_subsamples(table, k):
    rows = plate("rows", table.shape[0], subsample_size=3, dim=-2)
    columns = plate("columns", table.shape[1], subsample_size=k, dim=-1)
    with columns:
        b = sample("b", dist.Normal(0.0, 1.0))
    with rows, columns:
        sample("y", dist.Normal(b, 1.0), obs=subsample(table, event_dim=0))
    with rows as i:
        factor("rest", -0.1 * (table[i, 0][:, None] - np.sum(b)) ** 2)


def shared_guide(x, y, known):
    loc = param("loc", np.zeros(3))
    with scale(scale=0.3):
        sample("w", dist.Normal(loc, 0.5).to_event(1))


def likelihood(x, y, w):
    with plate("rows", len(y)):
        sample("y", dist.Normal(x @ w, 1.0), obs=y)


@case(shared_guide, X, Y, Y > 0.0)
def scaled_and_masked(x, y, known):
    with scale(scale=0.3):
        w = sample("w", dist.Normal(np.zeros(3), 1.0).to_event(1))
    with mask(mask=known), scale(scale=2.0), scale(scale=0.5 + np.exp(y)):
        likelihood(x, y, w)
    with plate("pairs", len(y)), mask(mask=known):
        sample("pair", dist.Normal(w, 1.0).to_event(1), obs=x)
        factor("f", -np.abs(y) * w[0])


@case(shared_guide, X, Y, Y > 0.0)
def scaled_function(x, y, known):
    with scale(scale=0.3):
        w = sample("w", dist.Normal(np.zeros(3), 1.0).to_event(1))
    scale(mask(likelihood, mask=known), scale=0.1)(x, y, w)
    for i in range(len(y)):
        with scale(scale=1.0 + y[i] ** 2), mask(mask=y[i] > 0.0):
            sample(f"again_{i}", dist.Normal(w, 1.0).to_event(1), obs=x[i])


def gaps_guide(y, x):
    sample("m", dist.Normal(param("loc", 0.2), param("scale", 0.5, constraint=constraints.positive)))
    with plate("data", len(y)):
        sample("y_unobserved", dist.Normal(param("gap", lambda: np.zeros(len(y))), 0.5))


@case(gaps_guide, GAPS, X[:, 0])
def partly_observed(y, x):
    m = sample("m", dist.Normal(0.0, 1.0))
    with plate("data", len(y)):
        whole = sample("y", dist.Normal(m, 1.0), obs=y, obs_mask=~np.isnan(y))
        sample("x", dist.Normal(whole, 1.0), obs=x)


def dropped_guide(y, x, k):
    sample("m", dist.Gamma(param("a", 2.0, constraint=constraints.positive), 1.5))


@case(dropped_guide, np.exp(GAPS), np.where(np.isnan(GAPS[:, None]), X, np.nan), 5)
def missing_and_dropped(y, x, k):
    m = sample("m", dist.Gamma(2.0, 1.0))
    with plate("data", len(y), subsample_size=k) as i:
        sample("y", dist.Gamma(m, 1.0).mask(~np.isnan(y[i])), obs=y[i])
        with mask(mask=~np.isnan(x[i, 0])):
            sample("x", dist.Normal(m, 1.0).expand((k, 3)).to_event(1), obs=x[i])


@case(mean_guide, Y, np.array([1, 4, 8]))
def loop_over_given_indices(y, rows):
    m = sample("m", dist.Normal(0.0, 1.0))
    for i in plate("data", len(y), subsample=rows):
        sample(f"y_{i}", dist.Normal(m, 1.0), obs=y[i])


def gaps_in_loop_guide(y, known):
    loc = param("loc", lambda: np.zeros(len(y)))
    sample("m", dist.Normal(0.1, 0.5))
    for i in range(len(y)):
        sample(f"y_{i}_unobserved", dist.Normal(loc[i], 0.5))


@case(gaps_in_loop_guide, GAPS, ~np.isnan(GAPS))
def gaps_in_loop(y, known):
    m = sample("m", dist.Normal(0.0, 1.0))
    for i in range(len(y)):
        with scale(scale=0.5):
            sample(f"y_{i}", dist.Normal(m, 1.0), obs=y[i], obs_mask=known[i])


def gaps_in_batches_guide(y, x, k):
    loc = param("loc", lambda: np.zeros((len(y), 3)))
    sample("m", dist.Normal(param("m_loc", 0.1), 0.5))
    with plate("data", len(y), subsample_size=k) as i:
        sample("x_unobserved", dist.Normal(loc[i], 0.5).to_event(1))


@case(gaps_in_batches_guide, np.where(np.isnan(GAPS), -3.0, GAPS), np.where(np.isnan(GAPS[:, None]), np.nan, X), 4)
def gaps_in_batches(y, x, k):
    m = sample("m", dist.Normal(0.0, 1.0))
    with plate("data", len(y), subsample_size=k) as i:
        row = sample("x", dist.Normal(m, np.ones(3)).to_event(1), obs=x[i], obs_mask=~np.isnan(x[i, 0]))
        sample("y", dist.LogNormal(np.sum(row, axis=1), 1.0).mask(y[i] > 0.0), obs=y[i])


def bounded_guide(y, high, k):
    sample("m", dist.Beta(param("a", 2.0, constraint=constraints.positive), 2.0))


@case(bounded_guide, np.array([0.2, 0.5, 0.1, 0.6]), np.full(2, 0.9), 2)
def bounds_of_a_batch(y, high, k):
    m = sample("m", dist.Uniform(0.0, 1.0))
    with plate("data", len(y), subsample_size=k) as i, scale(scale=1.0 + y[i]):
        sample("y", dist.Uniform(0.0, high + m), obs=y[i])
        sample("again", dist.Normal(m, 1.0).mask(y[i] > 0.3), obs=y[i])
