"""What a user declares outside of the package compiles like what is built in: here a module with public names only."""

import importlib.util

import numpy as np
import pytest
from support.eager import eager_loss
from support.stages import Evaluated

import vicompile as vc
from vicompile.ir import ops

OUTSIDE = '''"""A user's own distribution, transform, constraint and elementwise functions."""

import numpy as np

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.distributions import transforms
from vicompile.ir import ops


@vc.elementwise
def soft_sign(x):
    return x / (1.0 + ops.absolute(x))


@vc.elementwise(gradient=lambda out, x: ops.where(out > 0.0, 2.0, 0.5))
def steep(x):
    """max(2 x, x / 2), whose derivative is declared."""
    return ops.maximum(2.0 * x, 0.5 * x)


@vc.elementwise(gradient=lambda out, a, b: (b * out / a, ops.log(a) * out))
def raised(a, b):
    return ops.exp(b * ops.log(a))


class Rounded(dist.Distribution):
    """A logistic-like law on the real line, steeper on the right."""

    arg_constraints = {"loc": constraints.real, "scale": constraints.positive}
    support = constraints.real

    @staticmethod
    def log_density(x, loc, scale):
        z = (x - loc) / scale
        return -steep(z) * soft_sign(steep(z)) - ops.log(scale)

    @staticmethod
    def draw(noise, loc, scale):
        return loc + scale * soft_sign(noise.normal())


class Doubled(transforms.Transform):
    """y = exp(2 x)."""

    domain = constraints.real
    codomain = constraints.positive

    def __call__(self, x):
        return raised(np.e, 2.0 * x)

    def backward(self, y):
        return 0.5 * ops.log(y)

    def log_abs_det_jacobian(self, x, y):
        return 2.0 * x + np.log(2.0)


class Positive(constraints.Constraint):
    """0 < x by way of Doubled."""

    def check(self, x):
        return np.isfinite(x) & (np.asarray(x) > 0.0)

    def condition(self):
        return "x > 0"

    def bijection(self):
        return Doubled()


positive = Positive("positive_by_doubling")


def model(y):
    z = vc.sample("z", Rounded(0.0, 1.0))
    rate = vc.param("rate", 0.7, constraint=positive)
    with vc.plate("rows", len(y)):
        vc.sample("y", Rounded(soft_sign(steep(y)) * z + steep(z), rate), obs=y)
    for t in range(len(y)):
        vc.factor(f"f_{t}", -(raised(rate + 1.0, z) - ops.sigmoid(y[t])) ** 2)


def guide(y):
    vc.sample("z", Rounded(vc.param("loc", 0.1), vc.param("width", 0.4, constraint=constraints.positive)))
'''


@pytest.fixture
def outside(tmp_path):
    path = tmp_path / "outside_of_the_package.py"
    path.write_text(OUTSIDE, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_is_declared_outside_compiles(outside):
    y = np.array([0.3, -1.1, 0.8])
    one = Evaluated(outside.model, outside.guide, (y,), 2)
    loss, gradient = one.graph()
    assert one.objective_loss() == pytest.approx(eager_loss(one, outside.model, outside.guide, (y,)), rel=1e-12)
    np.testing.assert_allclose(gradient, one.central_differences(), rtol=1e-6, atol=1e-8)
    for stage in (one.python, one.native):
        found, found_gradient = stage()
        assert found == pytest.approx(loss, rel=1e-11)
        np.testing.assert_allclose(found_gradient, gradient, rtol=1e-10, atol=1e-12)


def test_the_declared_derivative_is_the_one_that_is_used():
    from vicompile.autodiff import gradient
    from vicompile.ir.interpret import interpret
    from vicompile.ir.nodes import FLOAT, Input, make

    tripled = vc.elementwise(lambda x: x * x, gradient=lambda out, x: 3.0 * out)
    x = make(Input, FLOAT, (), name="x", role="param")
    value, slope = interpret([tripled(x), *gradient(tripled(x), [x])], {x: np.float64(2.0)}, {})
    assert value == 4.0
    assert slope == 12.0
    assert tripled(np.array([2.0, 3.0])).tolist() == [4.0, 9.0]


def test_wrong_declarations_are_told():
    from vicompile.ir.nodes import FLOAT, Input, make

    with pytest.raises(TypeError, match="a function was expected"):
        vc.elementwise(3.0)
    with pytest.raises(TypeError, match="a function was expected"):
        vc.elementwise(gradient=2.0)(ops.exp)
    x = make(Input, FLOAT, (), name="x", role="param")
    with pytest.raises(ValueError, match="gives 2 derivatives for 1 arguments"):
        vc.elementwise(lambda x: x, gradient=lambda out, x: (1.0, 1.0))(x)
