"""Models of the corpus with matrices: covariances, factorisations, solves."""

import numpy as np
import scipy.linalg
from corpus.cases import case

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import factor, param, plate, sample

RNG = np.random.default_rng(20261126)
PLACES = np.sort(RNG.uniform(0.0, 4.0, size=6))
VALUES = np.sin(PLACES) + 0.1 * RNG.normal(size=6)
POINTS = RNG.normal(size=(7, 3))
SPREAD = np.array([[1.0, 0.4, 0.1], [0.4, 0.9, -0.2], [0.1, -0.2, 1.2]])


def process_guide(x, y):
    length_loc = param("length_loc", 0.2)
    sample("length", dist.LogNormal(length_loc, 0.2))


@case(process_guide, PLACES, VALUES, particles=3)
def gaussian_process(x, y):
    """A length scale with its posterior, the function integrated out."""
    length = sample("length", dist.LogNormal(0.0, 1.0))
    noise = param("noise", 0.3, constraint=constraints.positive)
    distance = (x[:, None] - x[None, :]) / length
    position = np.arange(len(x))
    matrix = np.exp(-0.5 * distance**2) + np.where(position[:, None] == position[None, :], noise**2, 0.0)
    root = np.linalg.cholesky(matrix)
    z = scipy.linalg.solve_triangular(root, y, lower=True)
    factor("y", -0.5 * np.sum(z * z) - np.sum(np.log(np.diagonal(root))))


def covariance_guide(points):
    scale = param("scale", np.ones(3), constraint=constraints.positive)
    sample("width", dist.LogNormal(np.zeros(3), scale).to_event(1))


@case(covariance_guide, POINTS)
def covariance_by_hand(points):
    """Correlated rows with drawn widths: a general matrix, its determinant and its inverse."""
    width = sample("width", dist.LogNormal(np.zeros(3), 1.0).to_event(1))
    mean = param("mean", np.zeros(3))
    matrix = width[:, None] * SPREAD * width[None, :]
    centred = points - mean
    logarithm = np.linalg.slogdet(matrix).logabsdet
    factor("points", -0.5 * np.sum(centred @ np.linalg.inv(matrix) * centred) - 0.5 * len(points) * logarithm)


def rows_guide(shift, y):
    with plate("rows", len(y)):
        sample("level", dist.Normal(param("level_loc", lambda: np.zeros(len(y))), 0.4))


@case(rows_guide, POINTS[:, 0], VALUES[0] * np.ones(7))
def a_matrix_in_every_row(shift, y):
    """A 3 x 3 system that differs from row to row."""
    with plate("rows", len(y)):
        level = sample("level", dist.Normal(0.0, 1.0))
        matrix = SPREAD + (level * level)[:, None, None] * np.tril(SPREAD)
        right = np.stack([level, shift, y], axis=1)
        answer = np.linalg.solve(matrix, right[:, :, None])
        sample("y", dist.Normal(answer[:, 0, 0] + answer[:, 2, 0], 1.0), obs=y)
