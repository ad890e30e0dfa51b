"""Machine code divides as NumPy does, also where a / b is rounded to a whole number; extremes of whole numbers."""

import numpy as np
from support.stages import Evaluated

from vicompile.language import factor, param

RNG = np.random.default_rng(0)
A = np.concatenate([[1.0, -1.0, 1.0, 0.3, 6.0, 7.0, -7.0, 0.0], 10.0 * RNG.normal(size=20)])
B = np.concatenate([[0.1, 0.1, -0.1, 0.1, 2.0, -2.0, 2.0, 3.0], RNG.normal(size=20)])


def no_latents(a, b):
    pass


def floored(a, b):
    p, q = param("p", lambda: a), param("q", lambda: b)
    w = param("w", lambda: np.zeros(len(a)))
    v = param("v", lambda: np.zeros(len(a)))
    factor("f", -np.sum(w * (p // q)) - np.sum(v * (p % q)))


def test_quotients_and_remainders():
    one = Evaluated(floored, no_latents, (A, B), spread=0.0)
    _, gradient = one.native()
    quotients, remainders = gradient[2 * len(A) : 3 * len(A)], gradient[3 * len(A) :]
    np.testing.assert_array_equal(quotients, A // B)
    np.testing.assert_allclose(remainders, A % B, rtol=1e-15)
    np.testing.assert_array_equal(gradient, one.graph()[1])


def whole_extremes(a, b):
    k = (10.0 * param("p", lambda: a)).astype(int)
    factor("f", np.max(k) + 2.0 * np.min(k) + np.sum(np.maximum(k, 3) % 4) + np.sum(k // -3))


def test_extremes_of_whole_numbers():
    one = Evaluated(whole_extremes, no_latents, (A, B), spread=0.0)
    k = (10.0 * A).astype(int)
    expected = np.max(k) + 2.0 * np.min(k) + np.sum(np.maximum(k, 3) % 4) + np.sum(k // -3)
    assert one.native()[0] == -expected
