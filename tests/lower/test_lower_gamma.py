"""scipy.special's gamma and beta left of zero, against mpmath: SciPy's own beta is infinite where it should not be."""

import mpmath
import numpy as np
import pytest
from support.lowered import Lowered

from vicompile.autodiff import gradient
from vicompile.ir import ops
from vicompile.ir.interpret import interpret

special = pytest.importorskip("scipy.special")
POINTS = np.concatenate([np.linspace(-6.3, 6.1, 41), [-170.5, -20.25, -1e-10, 1e-10, -0.5, 0.5]])


def gamma_of(x):
    return special.gamma(x)


def beta_of(a, b):
    return special.beta(a, b)


def test_gamma():
    expected = [float(mpmath.gamma(x)) for x in POINTS]
    np.testing.assert_allclose(Lowered(gamma_of, POINTS).value(), expected, rtol=1e-12)
    poles = np.array([0.0, -1.0, -2.0, -7.0])
    np.testing.assert_array_equal(Lowered(gamma_of, poles).value(), special.gamma(poles))


def test_beta():
    a, b = (axis.ravel() for axis in np.meshgrid(POINTS, POINTS[::3] + 0.013))
    expected = [float(mpmath.beta(*pair)) for pair in zip(a, b)]
    found = Lowered(beta_of, a, b).value()
    # Of three logarithms near 700 some 12 digits are left.
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-290)
    assert Lowered(beta_of, np.array([-0.5]), np.array([-0.5])).value() == 0.0
    assert np.isnan(Lowered(beta_of, np.array([-2.0]), np.array([0.5])).value())


@pytest.mark.parametrize("point", [-2.7, -1.2, -0.3, 0.4, 2.5])
def test_the_gradient_is_gamma_times_digamma(point):
    one = Lowered(gamma_of, np.array([point]))
    (x,) = one.values
    (found,) = gradient(ops.total(one.trace.result), [x])
    expected = float(mpmath.gamma(point) * mpmath.digamma(point))
    np.testing.assert_allclose(interpret([found], one.values, one.sizes)[0], expected, rtol=1e-12)
