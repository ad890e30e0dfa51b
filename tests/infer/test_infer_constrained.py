"""Parameters that are vectors and matrices of a set: maximum likelihood against the exact answer, store and states."""

from __future__ import annotations

import numpy as np
import pytest

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.compiler import Pair
from vicompile.diagnostics import CompileError, DataError
from vicompile.infer import SVI
from vicompile.optim import Adam

COUNTS = np.array([3.0, 7.0, 10.0, 20.0])
ROWS = np.random.default_rng(4).normal(size=(60, 3)) @ np.array([[1.0, 0.4, -0.3], [0.0, 0.8, 0.5], [0.0, 0.0, 0.6]])
COVARIANCE = ROWS.T @ ROWS / len(ROWS)


def no_guide(y):
    pass


def fitted(model, *args, steps=3000, rate=0.03):
    return SVI(model, no_guide, Adam(rate)).run(steps, *args, seed=0, progress_bar=False).params


def multinomial(y):
    p = vc.param("p", np.full(len(y), 1.0 / len(y)), constraint=constraints.simplex)
    vc.factor("counts", np.sum(y * np.log(p)))


@pytest.mark.parametrize("counts", [COUNTS, np.array([5.0, 1.0]), np.arange(1.0, 12.0)], ids=len)
def test_probabilities_of_counts(counts):
    p = fitted(multinomial, counts)["p"]
    np.testing.assert_allclose(p, counts / counts.sum(), rtol=1e-6)
    assert p.sum() == pytest.approx(1.0, abs=1e-14)


def test_one_kernel_for_all_lengths_of_a_simplex():
    pair = Pair(multinomial, no_guide)
    for counts in (COUNTS, np.array([5.0, 1.0]), np.ones(9)):
        assert pair.bind((counts,), (counts,), {}, {}).parameter_count == len(counts) - 1
    assert sum(len(known) for known in pair._compiled.values()) == 1


def table(y):
    p = vc.param("p", lambda: np.full((2, 3), 1.0 / 3.0), constraint=constraints.simplex)
    vc.factor("counts", np.sum(y * np.log(p)))


def test_a_batch_of_simplexes():
    counts = np.array([[1.0, 2.0, 5.0], [4.0, 1.0, 1.0]])
    expected = counts / counts.sum(1, keepdims=True)
    np.testing.assert_allclose(fitted(table, counts)["p"], expected, rtol=1e-6)


def step_levels(y):
    level = vc.param("level", np.array([-1.0, 0.0, 1.0]), constraint=constraints.ordered_vector)
    vc.factor("y", -0.5 * np.sum((y - level) ** 2))


def test_ordered_levels_are_those_of_isotonic_regression():
    """Free where the data is ordered; where it is not, the two levels come together at their mean."""
    np.testing.assert_allclose(fitted(step_levels, np.array([-3.0, 0.5, 2.0]))["level"], [-3.0, 0.5, 2.0], rtol=1e-6)
    low, middle, high = fitted(step_levels, np.array([0.0, 3.0, 2.0]))["level"]
    assert low == pytest.approx(0.0, abs=1e-5)
    assert 0.5 * (middle + high) == pytest.approx(2.5, rel=1e-5)
    # The best levels are equal: on the boundary, which the map only comes close to.
    assert 0.0 < high - middle < 0.01


def gaussian(y):
    """The normal log likelihood of rows with mean 0 and the covariance C, 3 x 3, written with its inverse."""
    c = vc.param("C", np.eye(3), constraint=constraints.positive_definite)
    a, b, d = c[0, 0], c[1, 1], c[2, 2]
    x, q, z = c[0, 1], c[0, 2], c[1, 2]
    determinant = a * b * d + 2.0 * x * q * z - a * z**2 - b * q**2 - d * x**2
    u, v, w = y[:, 0], y[:, 1], y[:, 2]
    squares = u**2 * (b * d - z**2) + v**2 * (a * d - q**2) + w**2 * (a * b - x**2)
    products = u * v * (q * z - x * d) + u * w * (x * z - q * b) + v * w * (x * q - a * z)
    vc.factor("rows", -0.5 * np.sum((squares + 2.0 * products) / determinant) - 0.5 * len(y) * np.log(determinant))


def test_the_covariance_of_normal_rows():
    np.testing.assert_allclose(fitted(gaussian, ROWS)["C"], COVARIANCE, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("size", [1, 2, 4])
def test_correlations(size):
    start = np.eye(size)

    def correlated(y):
        factor = vc.param("L", start, constraint=constraints.corr_cholesky)
        vc.factor("fit", -0.5 * np.sum((factor @ factor.T - y) ** 2))

    def correlations(y):
        c = vc.param("C", start, constraint=constraints.corr_matrix)
        vc.factor("fit", -0.5 * np.sum((c - y) ** 2))

    root = np.linalg.qr(np.random.default_rng(size).normal(size=(size, size)))[0] * np.sqrt(np.arange(1.0, size + 1.0))
    target = root @ root.T
    target /= np.sqrt(np.outer(np.diagonal(target), np.diagonal(target)))
    factor = fitted(correlated, target)["L"]
    np.testing.assert_allclose(factor, np.linalg.cholesky(target), atol=1e-6)
    np.testing.assert_allclose(fitted(correlations, target)["C"], target, atol=1e-6)


SETS = {
    "l1_ball": (constraints.l1_ball, np.array([0.1, -0.2, 0.3])),
    "zero_sum": (constraints.zero_sum(), np.array([1.0, -3.0, 2.0])),
    "positive_ordered": (constraints.positive_ordered_vector, np.array([0.5, 1.0, 4.0])),
    "lower_cholesky": (constraints.lower_cholesky, np.array([[1.0, 0.0], [-2.0, 0.5]])),
    "softplus_lower_cholesky": (constraints.softplus_lower_cholesky, np.array([[1.0, 0.0], [-2.0, 0.5]])),
    "scaled_unit_lower_cholesky": (constraints.scaled_unit_lower_cholesky, np.array([[1.0, 0.0], [-2.0, 0.5]])),
    "unit_lower_cholesky": (constraints.unit_lower_cholesky, np.array([[1.0, 0.0], [-2.0, 1.0]])),
    "symmetric": (constraints.symmetric, np.array([[1.0, 3.0], [3.0, -0.5]])),
    "row_stochastic": (constraints.row_stochastic, np.array([[0.2, 0.8], [0.6, 0.4]])),
    "cat": (constraints.cat([constraints.positive, constraints.simplex], lengths=[1, 2]), np.array([3.0, 0.2, 0.8])),
    "stack": (constraints.stack([constraints.positive, constraints.less_than(0.0)]), np.array([3.0, -0.2])),
    "independent": (constraints.independent(constraints.positive, 1), np.array([3.0, 0.2])),
    "circular": (constraints.circular, np.array([1.5, -0.2])),
    "half_open": (constraints.half_open_interval(-1.0, 4.0), np.array([3.0, -0.2])),
}


@pytest.mark.parametrize("name", SETS)
def test_every_set_is_reached_from_its_inner_point(name):
    constraint, target = SETS[name]
    start = np.broadcast_to(constraint.inner_point(target.shape), target.shape)

    def model(y):
        x = vc.param("x", start, constraint=constraint, event_dim=constraint.event_dim)
        vc.factor("fit", -0.5 * np.sum((x - y) ** 2))

    np.testing.assert_allclose(fitted(model, target)["x"], target, rtol=1e-5, atol=1e-6)


def weighted(y):
    loc = vc.sample("loc", dist.Normal(0.0, 3.0))
    share = vc.param("share", np.array([0.2, 0.3, 0.5]), constraint=constraints.simplex)
    vc.sample("y", dist.Normal(loc + share, 1.0).to_event(1), obs=y)


def weighted_guide(y):
    vc.sample("loc", dist.Normal(vc.param("m", 0.0), vc.param("s", 1.0, constraint=constraints.positive)))


def test_steps_store_and_states_have_the_users_shape():
    y = np.array([1.0, 2.0, 3.0])
    svi = SVI(weighted, weighted_guide, Adam(0.05))
    state = svi.init(0, y)
    expected = state
    for _ in range(3):
        expected, _ = svi.update(expected, y)
    np.testing.assert_allclose(state.params()["share"], [0.2, 0.3, 0.5], rtol=1e-14)
    vc.clear_param_store()
    for _ in range(3):
        svi.step(y)
    store = vc.get_param_store()
    np.testing.assert_array_equal(vc.param("share"), expected.params()["share"])
    assert store["share"].shape == (3,)
    assert store.unconstrained("share").shape == (2,)
    assert store.constraint("share") == constraints.simplex
    store["share"] = np.array([0.5, 0.25, 0.25])
    svi.step(y)
    assert 0.0 < np.abs(vc.param("share") - [0.5, 0.25, 0.25]).max() < 0.05
    svi.init(0, y, init_params={"share": np.array([0.6, 0.2, 0.2])})
    with pytest.raises(ValueError, match=r"parameter `share` has shape \(3,\), the given value \(2,\)"):
        svi.init(0, y, init_params={"share": np.array([0.5, 0.5])})


def test_a_kernel_agrees_with_central_differences():
    y = np.array([1.0, 2.0, 3.0])
    svi = SVI(weighted, weighted_guide, Adam(0.05))
    u = np.array([0.3, -0.4])

    def loss(u):
        start = {"m": 0.1, "s": 0.8, "share": constraints.simplex.transform(u)}
        return svi.evaluate(svi.init(7, y, init_params=start), y)

    h = 1e-3
    slope = [(loss(u + h * e) - loss(u - h * e)) / (2 * h) for e in np.eye(2)]
    start = {"m": 0.1, "s": 0.8, "share": constraints.simplex.transform(u)}
    state = SVI(weighted, weighted_guide, vc.optim.SGD(1e-6)).init(7, y, init_params=start)
    moved = SVI(weighted, weighted_guide, vc.optim.SGD(1e-6)).update(state, y)[0].params()["share"]
    np.testing.assert_allclose((u - constraints.simplex.inverse(moved)) / 1e-6, slope, rtol=1e-4, atol=1e-6)


def wrong(initial, constraint):
    def model(y):
        p = vc.param("p", y, constraint=constraint)
        vc.factor("f", -np.sum(p))

    SVI(model, no_guide, Adam(0.01)).run(1, initial, seed=0, progress_bar=False)


@pytest.mark.parametrize(
    ("initial", "constraint", "message"),
    [
        (np.array([0.5, 0.6]), constraints.simplex, r"the initial value of parameter `p` is \[0.5, 0.6\], which is not "
         r"inside simplex \(a vector of numbers from 0 with sum 1\)"),
        (np.array([[0.5, 0.5], [0.0, 1.0]]), constraints.simplex, r"at index \[1\] of parameter `p` is \[0., 1.\]"),
        (np.array([1.0, 1.0]), constraints.ordered_vector, r"is \[1., 1.\], which is not inside ordered_vector"),
        (np.ones((2, 2)), constraints.positive_definite, r"is \[\[1., 1.\], \[1., 1.\]\], which is not inside"),
        (np.array([1.0, -1.0]), constraints.independent(constraints.positive, 1), r"at index \[1\] .* is -1, "),
    ],
)  # fmt: skip
def test_initial_values_are_checked(initial, constraint, message):
    with pytest.raises(DataError, match=message):
        wrong(initial, constraint)


@pytest.mark.parametrize(
    ("initial", "constraint", "message"),
    [
        (0.5, constraints.simplex, r"the initial value of `p` has the shape \(\), which is not simplex"),
        (np.ones(3), constraints.corr_cholesky, r"has the shape \(y\.shape\[0\],\), which is not corr_cholesky"),
        (np.ones(3), constraints.sphere, r"`p` cannot be learned: sphere .* has no smooth map from unconstrained"),
        (np.ones(3), constraints.one_hot, "must be one of vicompile.constraints over real numbers"),
    ],
)
def test_shapes_and_sets_that_cannot_be_are_told(initial, constraint, message):
    with pytest.raises(CompileError, match=message):
        wrong(initial, constraint)


def test_matrices_that_are_not_square():
    with pytest.raises(DataError, match=r"sizes of .*\(2\).*\(3\).* do not agree"):
        wrong(np.ones((2, 3)), constraints.positive_definite)


def test_event_dim_may_not_be_less_than_the_constraints():
    def model(y):
        vc.factor("f", -np.sum(vc.param("p", np.ones(2) / 2, constraint=constraints.simplex, event_dim=0) * y))

    with pytest.raises(CompileError, match="`event_dim` of `p` must be a whole number, from 1 for simplex"):
        SVI(model, no_guide, Adam(0.01)).run(1, 1.0, seed=0, progress_bar=False)
    with pytest.raises(ValueError, match="event_dim is 0; expected a whole number, from 1 for simplex"):
        vc.param("p", np.ones(2) / 2, constraint=constraints.simplex, event_dim=0)
    np.testing.assert_allclose(vc.param("p", np.ones((3, 2)) / 2, constraint=constraints.simplex, event_dim=2), 0.5)


def test_the_store_checks_vectors_and_matrices():
    with pytest.raises(ValueError, match=r"`x` at index 1 is \[0.5, 0.6\], expected simplex \(a vector"):
        vc.param("x", [[0.5, 0.5], [0.5, 0.6]], constraints.simplex)
    with pytest.raises(ValueError, match=r"`x` needs at least one axis, expected simplex"):
        vc.param("x", 0.5, constraints.simplex)
    with pytest.raises(ValueError, match=r"lies on the boundary of simplex"):
        vc.param("x", [0.0, 1.0], constraints.simplex)
    with pytest.raises(TypeError, match="`x` cannot be learned: sphere"):
        vc.param("x", [0.6, 0.8], constraints.sphere)


def computed_bound(y):
    x = vc.sample("x", dist.Uniform(0.0, 1.0))
    z = vc.sample("z", dist.ImproperUniform(constraints.interval(0.0, 1.0 - x)))
    vc.sample("y", dist.Normal(z + x, 1.0), obs=y)


def computed_bound_guide(y):
    vc.sample("x", dist.Delta(vc.param("x_at", 0.3)))
    vc.sample("z", dist.Delta(vc.param("z_at", 0.4)))


def test_a_support_may_have_computed_bounds():
    at = {"x_at": 0.3, "z_at": 0.4}
    loss = vc.infer.elbo(at, computed_bound, computed_bound_guide, (0.5,))
    assert loss == pytest.approx(0.5 * (0.5 - 0.7) ** 2 + 0.5 * np.log(2 * np.pi), rel=1e-13)
    assert vc.infer.elbo({**at, "z_at": 0.8}, computed_bound, computed_bound_guide, (0.5,)) == np.inf
