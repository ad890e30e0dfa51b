"""Models of the corpus with many rows (more than one block, a last short one), several axes, or no rows at all."""

import numpy as np
from corpus.cases import case
from corpus.models import normal_scalar_guide, regression_guide

import vicompile.distributions as dist
from vicompile.language import factor, param, plate, sample

RNG = np.random.default_rng(20261122)
ROWS = 600
LONG_X = RNG.normal(size=(ROWS, 3))
LONG_Y = RNG.normal(size=ROWS)
LONG_GROUP = RNG.integers(0, 5, size=ROWS)


@case(regression_guide, LONG_X, (LONG_Y > 0.0) * 1.0)
def long_logistic_regression(x, y):
    w = sample("w", dist.Normal(np.zeros(x.shape[1]), 1.0).to_event(1))
    b = sample("b", dist.Normal(0.0, 1.0))
    with plate("data", len(y)):
        sample("y", dist.Bernoulli(logits=x @ w + b), obs=y)


def slopes_guide(group, x, y, groups=5):
    loc, slope_loc = param("loc", np.zeros(groups)), param("slope_loc", np.zeros((groups, x.shape[1])))
    log_scale = param("log_scale", -1.0)
    sample("alpha", dist.Normal(loc, np.exp(log_scale)).to_event(1))
    sample("beta", dist.Normal(slope_loc, 0.2).to_event(2))


@case(slopes_guide, LONG_GROUP, LONG_X, LONG_Y)
def varying_slopes(group, x, y, groups=5):
    alpha = sample("alpha", dist.Normal(np.zeros(groups), 2.0).to_event(1))
    beta = sample("beta", dist.Normal(np.zeros((groups, x.shape[1])), 1.0).to_event(2))
    with plate("data", len(y)):
        mean = alpha[group] + np.sum(beta[group] * x, axis=1)
        sample("y", dist.StudentT(4.0, mean, 1.3), obs=y)


def network_guide(x, y, hidden=4):
    sample("w", dist.Normal(param("w_loc", lambda: np.full((x.shape[1], hidden), 0.1)), 0.3).to_event(2))
    sample("v", dist.Normal(param("v_loc", lambda: np.full(hidden, 0.2)), 0.3).to_event(1))


@case(network_guide, LONG_X, LONG_Y)
def small_network(x, y, hidden=4):
    w = sample("w", dist.Normal(np.zeros((x.shape[1], hidden)), 1.0).to_event(2))
    v = sample("v", dist.Normal(np.zeros(hidden), 1.0).to_event(1))
    layer = np.tanh(x @ w)
    with plate("data", len(y)):
        sample("y", dist.Normal(layer @ v, 0.8), obs=y)


def table_guide(table):
    sample("row", dist.Normal(param("row_loc", np.zeros(table.shape[0])), 0.4).to_event(1))
    sample("column", dist.Normal(param("column_loc", np.zeros(table.shape[1])), 0.4).to_event(1))


@case(table_guide, LONG_X)
def crossed_effects(table):
    row = sample("row", dist.Normal(np.zeros(table.shape[0]), 1.0).to_event(1))
    column = sample("column", dist.Normal(np.zeros(table.shape[1]), 1.0).to_event(1))
    sample("cell", dist.Normal(row[:, None] + column + 0.1 * row[:, None] * column, 1.0), obs=table)


@case(normal_scalar_guide, LONG_Y)
def standardised_by_the_mean(y):
    mu = sample("mu", dist.Normal(0.0, 10.0))
    shifted = y - np.mean(y) * mu
    spread = np.sqrt(np.mean(shifted**2))
    sample("y", dist.Normal(mu, 1.0 + spread), obs=y)


@case(normal_scalar_guide, np.empty(0))
def no_data(y):
    mu = sample("mu", dist.Normal(0.0, 10.0))
    with plate("data", len(y)):
        sample("y", dist.Normal(mu, 2.0), obs=y)


@case(normal_scalar_guide, np.array([0.7]))
def one_datum(y):
    mu = sample("mu", dist.Normal(0.0, 10.0))
    with plate("data", len(y)):
        sample("y", dist.Normal(mu, 2.0), obs=y)


def cube_guide(cube):
    shape = cube.shape
    sample("z", dist.Normal(param("z_loc", np.zeros((shape[1], shape[2]))), 0.3).to_event(2))


@case(cube_guide, RNG.normal(size=(5, 3, 2)))
def three_axes(cube):
    z = sample("z", dist.Normal(np.zeros(cube.shape[1:]), 1.0).to_event(2))
    sample("cube", dist.Normal(z * np.exp(0.1 * cube[0]), 1.0), obs=cube)


def latent_table_guide(y):
    sample("table", dist.Normal(param("loc", np.full((3, 4), 0.2)), 0.5).to_event(2))


def point_table_guide(y):
    sample("table", dist.Delta(param("table_point", np.full((3, 4), 0.2))).to_event(2))


@case(point_table_guide, LONG_Y[:5], particles=1)
def one_column_of_a_latent_table(y):
    # The gradient of a column is added to an array of zeros, in the loop that computes the column.
    table = sample("table", dist.Normal(np.zeros((3, 4)), 1.0).to_event(2))
    factor("waves", np.sum(np.sin(0.7 * table[:, 1] + 0.1)))


@case(latent_table_guide, LONG_Y[:5])
def powers_of_a_fixed_shape(y):
    # Constants of a shape without symbols are folded, too.
    table = sample("table", dist.Normal(np.zeros((3, 4)), 1.0).to_event(2))
    factor("cubes", np.sum(table**3 - 2.0**table) + np.sum(np.sqrt(table**2 + 1.0)))
    sample("y", dist.Bernoulli(0.25 + 0.5 / (1.0 + table[0, 0] ** 2)), obs=np.ones(3))


@case(regression_guide, LONG_X, LONG_Y)
def truth_of_data_and_of_draws(x, y):
    # What the data alone decides is computed once, and then meets a condition on a draw.
    w = sample("w", dist.Normal(np.zeros(x.shape[1]), 1.0).to_event(1))
    b = sample("b", dist.Normal(0.0, 1.0))
    mean = x @ w + b
    bent = np.where((np.exp(y) > 1.5) & (mean > 0.0) | ~(x[:, 0] > 0.0), mean, 0.5 * mean)
    with plate("data", len(y)):
        sample("y", dist.Normal(bent, 1.0), obs=y)
