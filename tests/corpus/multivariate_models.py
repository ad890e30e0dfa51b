"""Models of the corpus with families of vectors and matrices: latent, observed, in plates and in loops over data."""

import numpy as np
from corpus.cases import case

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import param, plate, sample

RNG = np.random.default_rng(20261127)
ROWS = RNG.normal(size=(7, 3)) @ np.array([[1.0, 0.4, 0.0], [0.0, 0.8, -0.3], [0.0, 0.0, 0.6]])
COVARIANCE = np.array([[1.0, 0.4, 0.1], [0.4, 0.9, -0.2], [0.1, -0.2, 1.2]])
GROUPS = np.array([0, 1, 2, 3, 0, 1, 2])
COUNTS = np.array([3.0, 0.0, 7.0, 2.0])
RING = np.roll(np.eye(5), 1, 0) + np.roll(np.eye(5), -1, 0)


def full_rank_guide(y):
    loc = param("loc", np.zeros(3))
    root = param("root", np.eye(3), constraint=constraints.lower_cholesky)
    sample("mean", dist.MultivariateNormal(loc, scale_tril=root))


@case(full_rank_guide, ROWS, particles=3)
def mean_of_correlated_rows(y):
    """A full-rank guide; rows with a covariance that is given and one that is learnt."""
    mean = sample("mean", dist.MultivariateNormal(np.zeros(3), COVARIANCE))
    root = param("noise", np.eye(3), constraint=constraints.lower_cholesky)
    with plate("rows", len(y)):
        sample("y", dist.MultivariateNormal(mean, scale_tril=root), obs=y)


def varying_guide(x, y, group):
    sample("correlation", dist.LKJCholesky(2, param("eta", 1.5, constraint=constraints.positive)))
    log_scale = param("log_scale", np.zeros(2))
    sample("scale", dist.LogNormal(log_scale, 0.3).to_event(1))
    with plate("groups", 4):
        loc = param("effect_loc", np.zeros((4, 2)))
        root = param("effect_root", np.tile(0.5 * np.eye(2), (4, 1, 1)), constraint=constraints.lower_cholesky)
        sample("effect", dist.MultivariateNormal(loc, scale_tril=root))


@case(varying_guide, ROWS[:, 0], ROWS[:, 1], GROUPS)
def varying_intercepts_and_slopes(x, y, group):
    """Correlated effects of groups: the scale matrix is made of draws."""
    correlation = sample("correlation", dist.LKJCholesky(2, 2.0))
    scale = sample("scale", dist.LogNormal(np.zeros(2), 1.0).to_event(1))
    with plate("groups", 4):
        effect = sample("effect", dist.MultivariateNormal(np.zeros(2), scale_tril=scale[:, None] * correlation))
    with plate("rows", len(y)):
        sample("y", dist.Normal(effect[group, 0] + effect[group, 1] * x, 0.7), obs=y)


def shares_guide(counts):
    concentration = param("concentration", np.array([1.0, 2.0, 0.7, 3.0]), constraint=constraints.positive)
    sample("share", dist.Dirichlet(concentration))


@case(shares_guide, COUNTS, particles=3)
def dirichlet_and_counts(counts):
    share = sample("share", dist.Dirichlet(np.ones(4)))
    sample("counts", dist.Multinomial(12, share), obs=counts)


def wishart_guide(y):
    root = param("root", np.eye(3), constraint=constraints.lower_cholesky)
    degrees = param("degrees", 9.0, constraint=constraints.greater_than(2.0))
    sample("precision", dist.Wishart(degrees, scale_tril=root))


@case(wishart_guide, ROWS)
def wishart_prior(y):
    precision = sample("precision", dist.Wishart(5.0, COVARIANCE))
    with plate("rows", len(y)):
        sample("y", dist.MultivariateNormal(0.0, precision_matrix=precision), obs=y)


def low_rank_guide(y):
    loc = param("loc", lambda: np.zeros(len(y)))
    factor_q = param("factor", lambda: 0.1 * np.ones((len(y), 2)))
    diagonal = param("diagonal", lambda: np.ones(len(y)), constraint=constraints.positive)
    sample("level", dist.LowRankMultivariateNormal(loc, factor_q, diagonal))


@case(low_rank_guide, ROWS[:5, 0])
def areas_on_a_graph(y):
    """A low-rank guide; spatial effects with a correlation that is learnt."""
    correlation = param("correlation", 0.3, constraint=constraints.open_interval(-1.0, 1.0))
    level = sample("level", dist.CAR(0.0, correlation, 2.0, RING))
    with plate("areas", len(y)):
        sample("y", dist.StudentT(5.0, level, 0.5), obs=y)


def walk_guide(y):
    with plate("walks", 2):
        loc = param("loc", np.zeros((2, 12)))
        sample("walk", dist.Normal(loc, param("width", 0.4, constraint=constraints.positive)).to_event(1))


@case(walk_guide, RNG.normal(size=(2, 12)))
def walks_in_a_plate(y):
    """Long enough for running sums that are recurrences; and a vector of heavy tails in every row of a loop."""
    scale = param("scale", 0.5, constraint=constraints.positive)
    with plate("walks", 2):
        walk = sample("walk", dist.GaussianRandomWalk(scale, 12))
        sample("y", dist.Normal(walk, 0.5).to_event(1), obs=y)


def loop_guide(y):
    loc = param("shift_loc", 0.1)
    for i in plate("rows", len(y)):
        sample(f"shift_{i}", dist.Normal(loc, 0.5))


@case(loop_guide, ROWS)
def covariances_in_a_loop(y):
    """A scale matrix that differs from row to row because a draw does."""
    root = param("root", 0.8 * np.eye(3) + 0.1 * np.tri(3), constraint=constraints.lower_cholesky)
    for i in plate("rows", len(y)):
        shift = sample(f"shift_{i}", dist.Normal(0.0, 1.0))
        sample(f"y_{i}", dist.MultivariateStudentT(4.0, shift, np.exp(0.1 * shift) * root), obs=y[i])


def states_guide(y):
    sample("states", dist.Normal(param("loc", lambda: np.zeros((4, 2))), 0.3).to_event(2))


@case(states_guide, RNG.normal(size=4))
def linear_states(y):
    turn = param("turn", np.array([[0.9, 0.1], [-0.2, 0.7]]))
    states = sample("states", dist.GaussianStateSpace(4, turn, scale_tril=np.array([[1.0, 0.0], [0.3, 0.8]])))
    sample("y", dist.Normal(states[:, 0], 0.4).to_event(1), obs=y)


def directions_guide(y):
    sample("direction", dist.ProjectedNormal(param("mean", np.array([0.4, 1.0, -0.2]))))
    sample("weights", dist.StickBreakingWeights(param("alpha", 2.0, constraint=constraints.positive), 2))


@case(directions_guide, ROWS, particles=3)
def directions_and_weights(y):
    direction = sample("direction", dist.VonMises3D(np.array([1.0, 0.5, 0.0])))
    weights = sample("weights", dist.Dirichlet(np.array([1.5, 1.0, 2.0])))
    with plate("rows", len(y)):
        sample("y", dist.Normal(direction * weights, 1.0).to_event(1), obs=y)


START_OF_DIRECTION = np.array([0.5, 1.0])
START_OF_MEMORY = np.array([0.5, -0.2])


def learned_length_guide(y):
    sample("direction", dist.ProjectedNormal(param("mean", START_OF_DIRECTION)))


@case(learned_length_guide, RNG.normal(size=6), particles=2)
def vectors_of_learned_length(y):
    """Densities that are written for one size, where only the initial value of a parameter tells it."""
    direction = sample("direction", dist.ProjectedNormal(np.array([0.5, 1.0])))
    memory = param("memory", START_OF_MEMORY)
    sample("y", dist.AR(rho=memory, sigma=1.0 + direction[0] ** 2, steps=4), obs=y)


def states_of_matrices_guide(y):
    rows = param("rows", np.eye(2), constraint=constraints.lower_cholesky)
    columns = param("columns", np.eye(3), constraint=constraints.lower_cholesky)
    sample("effect", dist.MatrixNormal(np.zeros((2, 3)), rows, columns))
    scale = param("scale", np.eye(2), constraint=constraints.lower_cholesky)
    sample("covariance", dist.InverseWishart(param("degrees", 8.0, constraint=constraints.greater_than(1.0)),
                                             scale_tril=scale))  # fmt: skip


@case(states_of_matrices_guide, ROWS[:, :2])
def matrices_of_effects(y):
    covariance = sample("covariance", dist.InverseWishart(6.0, np.array([[2.0, 0.3], [0.3, 1.0]])))
    effect = sample("effect", dist.MatrixNormal(np.zeros((2, 3)), np.eye(2), np.linalg.cholesky(COVARIANCE)))
    with plate("rows", len(y)):
        sample("y", dist.MultivariateNormal(effect @ np.ones(3), covariance), obs=y)


def autoregression_guide(y):
    loc = param("loc", lambda: np.zeros(len(y)))
    sample("x", dist.Normal(loc, 0.3).to_event(1))
    sample("path", dist.AR(param("rho_q", np.array([0.4, 0.2])), 0.5, steps=3))


@case(autoregression_guide, RNG.normal(size=9))
def autoregressions(y):
    """A process over the data's length, and a short one that is drawn."""
    rho = param("rho", np.array([0.1, 0.5, -0.2]))
    sigma = param("sigma", 0.7, constraint=constraints.positive)
    start = dist.Normal(np.zeros(2), 1.0)
    x = sample("x", dist.AR(rho, sigma, start, constant=True, steps=len(y) - 2))
    path = sample("path", dist.AR(np.array([0.7, -0.1]), 1.0, steps=3))
    sample("y", dist.Normal(x + path[0], 0.5).to_event(1), obs=y)
