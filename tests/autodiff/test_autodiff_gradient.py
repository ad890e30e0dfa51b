"""Gradients against central differences: of each primitive from the table, and of random expressions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special
from support import expressions

from vicompile.autodiff import gradient
from vicompile.ir import ops
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import FLOAT, INT, Axis, Input, make
from vicompile.ir.primitives import primitives
from vicompile.ir.verify import verify

STEP = 1e-5

# For each primitive points inside its domain, away from kinks: one row for each argument.
WIDE = [-2.3, -0.7, 0.4, 1.9]
POSITIVE = [0.05, 0.6, 1.7, 8.0]
UNIT = [0.03, 0.4, 0.71, 0.97]
POINTS = {
    "add": (WIDE, POSITIVE), "sub": (WIDE, POSITIVE), "mul": (WIDE, POSITIVE), "neg": (WIDE,), "div": (WIDE, POSITIVE),
    "pow": (POSITIVE, WIDE), "exp": (WIDE,), "log": (POSITIVE,), "log1p": (POSITIVE,), "expm1": (WIDE,),
    "sqrt": (POSITIVE,), "tanh": (WIDE,), "sigmoid": (WIDE,), "softplus": (WIDE,), "sin": (WIDE,), "cos": (WIDE,),
    "tan": ([-1.2, -0.3, 0.5, 1.3],), "arctan": (WIDE,), "abs": (WIDE,), "sign": (WIDE,), "floor": (WIDE,),
    "minimum": (WIDE, UNIT), "maximum": (WIDE, UNIT),
    "smaller": (WIDE, UNIT), "larger": (WIDE, UNIT), "erf": (WIDE,), "lgamma": (POSITIVE,), "digamma": (POSITIVE,),
    "log_beta": (POSITIVE, [2.5, 0.3, 9.0, 0.8]), "ndtri": (UNIT,),
    "erfc": (WIDE,), "ndtr": (WIDE,), "log_ndtr": ([-9.0, -0.7, 0.4, 3.0],), "ndtri_exp": ([-40.0, -2.0, -0.4, -0.02],),
    "log_ndtr_slope": ([-400.0, -9.0, 0.4, 3.0],), "log_bessel_i0e": ([-2.3, 0.4, 7.9, 30.0],),
    "log_bessel_i0e_slope": ([-2.3, 0.4, 7.9, 30.0],),
    "arcsin": (UNIT,), "arccos": (UNIT,), "arctan2": (WIDE, [-1.3, 0.2, -0.4, 2.0]), "sinh": (WIDE,), "cosh": (WIDE,),
    "arcsinh": (WIDE,), "arccosh": ([1.1, 1.7, 4.0, 90.0],), "arctanh": (UNIT,), "cbrt": (WIDE,),
    "hypot": (WIDE, [-1.3, 0.2, -0.4, 2.0]),
    "where": ([1.0, 0.0, 1.0, 0.0], WIDE, POSITIVE), "copy": (WIDE,),
    "floordiv": (WIDE, UNIT), "mod": (WIDE, [0.3, 0.5, 1.7, 1.1]),
}  # fmt: skip
# These compute no float from a float, or appear only inside gradients, which are not differentiated again.
WITHOUT = {
    "trigamma", "log_gamma_gradient", "less", "less_equal", "greater", "greater_equal", "equal", "not_equal", "detach",
    "logical_and", "logical_or", "logical_not", "to_float", "to_int", "random_position",
}  # fmt: skip
# A draw's gradient is that at fixed probability, not at fixed noise: it has a test of its own.
IMPLICIT = {"log_standard_gamma"}


def data(name, shape):
    return make(Input, FLOAT, shape, name=name, role="data")


def check(output, values, wrt, rtol=1e-6):
    """Gradients of the scalar node against central differences, elementwise."""
    adjoints = gradient(output, wrt)
    verify(adjoints)
    for node, adjoint in zip(wrt, adjoints):
        found = interpret([adjoint], values, {})[0]
        assert np.shape(found) == np.shape(values[node])
        expected = np.zeros(np.shape(values[node]))
        for place in np.ndindex(*expected.shape):
            ends = []
            for sign in (1.0, -1.0):
                moved = np.array(values[node], float)
                moved[place] += sign * STEP
                ends.append(float(interpret([output], {**values, node: moved}, {})[0]))
            expected[place] = (ends[0] - ends[1]) / (2 * STEP)
        # Central differences are off by about STEP^2 times the third derivative, and by rounding / STEP.
        scale = 1.0 + np.abs(expected).max(initial=0.0) + abs(ends[0])
        np.testing.assert_allclose(found, expected, rtol=rtol, atol=1e-8 * scale)


def test_every_primitive_has_points_or_a_reason():
    assert set(primitives()) == set(POINTS) | WITHOUT | IMPLICIT
    assert not set(POINTS) & WITHOUT


@pytest.mark.parametrize("name", sorted(POINTS))
def test_primitive(name):
    rows = [np.array(row) for row in POINTS[name]]
    nodes = [data(f"a{k}", row.shape) for k, row in enumerate(rows)]
    weights = data("weights", rows[0].shape)
    values = {**dict(zip(nodes, rows)), weights: np.array([0.5, -1.2, 2.0, 0.8])}
    output = ops.total(ops.apply(name, *nodes) * weights)
    check(output, values, nodes[1:] if name == "where" else nodes)


@pytest.mark.parametrize("concentration", [0.05, 0.6, 1.0, 1.7, 8.0, 60.0])
@pytest.mark.parametrize("noise", [(0.3, 0.5, 0.4), (-1.1, 0.4, 0.9), (0.9, 0.7, 0.2)])
def test_a_gamma_draw_moves_with_its_concentration_at_fixed_probability(concentration, noise):
    a = data("a", ())
    draw = ops.log_standard_gamma(a, *(ops.as_node(v) for v in noise))
    (adjoint,) = gradient(draw, [a])
    found, log_draw = interpret([adjoint, draw], {a: np.asarray(concentration)}, {})
    if log_draw < -30.0:
        pytest.skip("the probability of so small a draw is not a number that can be inverted")
    probability = special.gammainc(concentration, np.exp(log_draw))
    step = 1e-4 * concentration
    ends = [np.log(special.gammaincinv(concentration + s * step, probability)) for s in (1.0, -1.0)]
    # The differences are off by about (step / concentration)^2, relative to the gradient.
    assert float(found) == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-5, abs=1e-8)


@settings(deadline=None, max_examples=100)
@given(expressions.trees, st.integers(0, 5))
def test_random_expressions(tree, seed):
    arrays = expressions.arrays(seed)
    nodes = {name: data(name, value.shape) for name, value in arrays.items()}
    output = ops.total(ops.to_float(expressions.evaluate(tree, nodes)) * nodes["z"])
    check(output, {nodes[k]: arrays[k] for k in arrays}, list(nodes.values()), rtol=1e-5)


def test_gathers_and_scatters():
    rng = np.random.default_rng(0)
    x, w = data("x", (4, 3)), data("w", (3,))
    g = make(Input, INT, (4,), name="g", role="data")
    picked = ops.gather(w, (g,), (4,))
    shifted = ops.gather(x, (Axis(0, 1), 2), (3,))
    padded = ops.scatter(w, (Axis(0, 1),), (4,))
    output = ops.total(ops.sin(picked) * padded) + ops.total(shifted * w) ** 2 + ops.total(ops.total(x, [0]) * w)
    check(output, {x: rng.normal(size=(4, 3)), w: rng.normal(size=3), g: np.array([0, 2, 2, 1])}, [x, w])


def test_the_gradient_of_a_gradient():
    x = data("x", (3,))
    (first,) = gradient(ops.total(ops.exp(x) * ops.sin(x)), [x])
    check(ops.total(first * first), {x: np.array([0.3, -0.8, 1.1])}, [x])


def test_what_does_not_depend_has_the_gradient_zero():
    x, y = data("x", (3,)), data("y", (2,))
    (found,) = gradient(ops.total(ops.exp(x)), [y])
    np.testing.assert_array_equal(interpret([found], {}, {})[0], np.zeros(2))


def test_a_gradient_does_not_leak_from_the_branch_not_taken():
    x = data("x", (2,))
    output = ops.total(ops.where(x > 0.0, ops.log(ops.where(x > 0.0, x, 1.0)), 0.0))
    (found,) = gradient(output, [x])
    np.testing.assert_array_equal(interpret([found], {x: np.array([-1.0, 2.0])}, {})[0], [0.0, 0.5])


def test_a_primitive_without_a_gradient_says_so():
    x = data("x", (2,))
    with pytest.raises(NotImplementedError, match="trigamma"):
        gradient(ops.total(ops.trigamma(x)), [x])
