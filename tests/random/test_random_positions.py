"""The random permutation behind subsampled plates: a permutation, uniform, the same in NumPy and in machine code."""

import numpy as np
import pytest
from numba import njit
from scipy import stats

from vicompile.jit.mathlib import random_position as native_position
from vicompile.reference import random_position

# A chi-square test of this level fails once in ten thousand correct generators; seeds are fixed.
LEVEL = 1e-4


def uniforms(seed, count):
    return (np.random.default_rng(seed).integers(0, 1 << 52, (2, count)) + 0.5) * 2.0**-52


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 1000, 1024, 1025])
def test_every_position_occurs_once(size):
    for first, second in uniforms(size, 5).T:
        found = random_position(np.arange(size), size, first, second)
        assert sorted(found) == list(range(size))


def test_large_sizes_stay_inside():
    first, second = uniforms(1, 1)[:, 0]
    for size in (2**31 - 1, 2**40 + 3, 2**53):
        found = random_position(np.arange(1000), size, first, second)
        assert found.min() >= 0
        assert found.max() < size
        assert len(set(found.tolist())) == 1000


@pytest.mark.parametrize("size", [2, 3, 5, 10, 31])
def test_every_pair_is_equally_likely(size):
    steps = 200_000
    first, second = uniforms(100 + size, steps)
    a, b = (random_position(k, size, first, second) for k in (0, size - 1))
    counts = np.bincount(a * size + b, minlength=size * size).reshape(size, size)
    assert np.all(np.diag(counts) == 0)
    off = counts[~np.eye(size, dtype=bool)]
    expected = steps / len(off)
    assert stats.chi2.sf(np.sum((off - expected) ** 2) / expected, len(off) - 1) > LEVEL


@pytest.mark.parametrize("size", [256, 1000, 100_000])
def test_single_positions_and_their_distances_are_uniform(size):
    steps, cells = 200_000, 100
    first, second = uniforms(200 + size, steps)
    for i, j in ((0, 1), (size // 2, size - 1)):
        a, b = (random_position(k, size, first, second) for k in (i, j))
        for values, low in ((a, 0), (b, 0), ((b - a) % size, 1)):
            cell = (values - low) * cells // (size - low)
            share = np.bincount((np.arange(size - low)) * cells // (size - low), minlength=cells) / (size - low)
            statistic = np.sum((np.bincount(cell, minlength=cells) - steps * share) ** 2 / (steps * share))
            assert stats.chi2.sf(statistic, cells - 1) > LEVEL


@pytest.mark.parametrize("size", [1, 2, 9, 1000, 4096, 123_457, 2**40 + 3])
def test_machine_code_gives_the_same_positions(size):
    @njit
    def fill(count, size, first, second, out):
        for k in range(count):
            out[k] = native_position(k, size, first, second)

    count = min(size, 3000)
    for first, second in uniforms(size % 1000, 3).T:
        out = np.empty(count, np.int64)
        fill(count, size, first, second, out)
        np.testing.assert_array_equal(out, random_position(np.arange(count), size, first, second))
