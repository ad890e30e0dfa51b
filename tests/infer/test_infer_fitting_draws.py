"""The fixed draws of a fit have the moments of a standard normal exactly."""

import numpy as np
import pytest

from vicompile.infer.fitting.draws import fixed_draws


@pytest.mark.parametrize(("count", "size"), [(64, 1), (64, 32), (256, 10), (1024, 300)])
def test_mean_and_covariance_are_exact(count, size):
    z = fixed_draws(count, size, 3)
    assert z.shape == (count, size)
    np.testing.assert_array_equal(z[count // 2 :], -z[: count // 2])
    np.testing.assert_allclose(z.T @ z / count, np.eye(size), atol=1e-12)


def test_fewer_draws_than_dimensions_have_the_variance_alone():
    z = fixed_draws(16, 20, 3)
    np.testing.assert_allclose((z * z).mean(axis=0), 1.0, rtol=1e-12)


def test_they_are_normal_and_depend_on_the_seed():
    z = fixed_draws(4096, 2, 0)
    assert (z**4).mean(axis=0) == pytest.approx([3.0, 3.0], abs=0.05)
    assert not np.array_equal(z, fixed_draws(4096, 2, 1))
    np.testing.assert_array_equal(z, fixed_draws(4096, 2, 0))
