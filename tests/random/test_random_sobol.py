"""Sobol points: SciPy's before they are scrambled; after it still balanced, and uniform over scrambles."""

import numpy as np
import pytest
from make_sobol_table import DIMENSIONS, text
from scipy import stats

from vicompile.reference import sobol, sobol_points
from vicompile.reference.sobol_table import __file__ as table_file
from vicompile.svi.quantiles import normal_quantiles


class NoScramble:
    """A generator whose matrix is the identity and whose shift is zero."""

    def integers(self, low, high, shape, dtype):
        return np.zeros(shape, dtype)


def test_the_table_is_what_its_script_makes():
    with open(table_file, encoding="utf-8") as file:
        assert file.read() == text()


@pytest.mark.parametrize("size", [1, 2, 7, 40, DIMENSIONS])
def test_unscrambled_they_are_scipys(size):
    ours = sobol_points(256, size, NoScramble())
    theirs = stats.qmc.Sobol(size, scramble=False, bits=sobol.BITS).random_base2(8)
    # Another order of the same points, each in the middle of its cell and not in its corner.
    assert set(map(tuple, ours.T - 0.5**31)) == set(map(tuple, theirs))


@pytest.mark.parametrize("seed", range(3))
def test_scrambled_they_are_balanced_as_before(seed):
    points = sobol_points(64, 30, np.random.default_rng(seed))
    assert points.shape == (30, 64)
    # One in each of 64 intervals of any dimension, and in each box of area 1 / 64 of the first two.
    assert (np.sort((points * 64).astype(int), axis=1) == np.arange(64)).all()
    for bits in range(7):
        shape = 2**bits, 2 ** (6 - bits)
        cells = np.ravel_multi_index([(points[k] * shape[k]).astype(int) for k in (0, 1)], shape)
        assert sorted(cells) == list(range(64))


def test_each_point_is_uniform_over_scrambles():
    found = np.array([sobol_points(8, 4, np.random.default_rng(seed))[:, [0, 5]] for seed in range(2000)])
    for values in found.reshape(2000, -1).T:
        assert stats.kstest(values, "uniform").pvalue > 1e-3
    # Two dimensions of one point are independent.
    correlation = np.corrcoef(found[:, :, 1].T) - np.eye(4)
    assert np.abs(correlation).max() < 4.5 / np.sqrt(2000)


def test_the_mean_of_a_smooth_function_is_as_exact_as_by_scipys():
    def error(points):
        return np.prod(1.0 + 0.5 * (points - 0.5), axis=0).mean() - 1.0

    ours = [error(sobol_points(256, 8, np.random.default_rng(seed))) for seed in range(200)]
    theirs = [error(stats.qmc.Sobol(8, rng=np.random.default_rng(seed)).random(256).T) for seed in range(200)]
    # The logarithm of a ratio of two variances of 200 numbers has a standard error of about 2 / sqrt(200) = 0.14.
    assert abs(np.log(np.var(ours) / np.var(theirs))) < 0.6
    assert abs(np.mean(ours)) < 4 * np.std(ours) / np.sqrt(200)


@pytest.mark.parametrize(("count", "size"), [(1, 1), (100, 3), (64, DIMENSIONS + 20)])
def test_any_number_and_dimension(count, size):
    points = sobol_points(count, size, np.random.default_rng(0))
    assert points.shape == (size, count)
    assert ((points > 0.0) & (points < 1.0)).all()
    assert len(np.unique(points)) == points.size
    np.testing.assert_array_equal(points, sobol_points(count, size, np.random.default_rng(0)))


def test_normal_quantiles_are_scipys():
    probabilities = np.concatenate([[2.0**-31, 1.0 - 2.0**-31, 0.5], np.random.default_rng(0).uniform(size=1000)])
    np.testing.assert_allclose(normal_quantiles(probabilities), stats.norm.ppf(probabilities), rtol=1e-13, atol=1e-16)
    assert normal_quantiles(probabilities.reshape(17, 59)).shape == (17, 59)
