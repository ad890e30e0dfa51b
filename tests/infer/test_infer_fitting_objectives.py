"""What a fit minimises natively: against NumPy on the same points, against differences, and its refusals."""

import math

import numpy as np
import pytest
from support.lbfgs import lbfgs

import vicompile as vc
import vicompile.distributions as dist
from vicompile.infer import LogDensity
from vicompile.infer.fitting.diagonal import Diagonal
from vicompile.infer.fitting.draws import fixed_draws
from vicompile.infer.fitting.full_rank import Whitened, fit_full_rank
from vicompile.infer.fitting.gaussian import Gaussian
from vicompile.infer.fitting.lbfgs import minimise
from vicompile.infer.fitting.mean_field import Independent
from vicompile.infer.fitting.objectives import AtPoint, NumpyObjective
from vicompile.infer.fitting.target import OutOfGradients, Target

ROOT2 = math.sqrt(2.0)
RNG = np.random.default_rng(4)


def skewed(size):
    with vc.plate("sites", size):
        x = vc.sample("x", dist.Normal(0.3, 2.0))
    vc.factor("skew", -np.sum(np.exp(0.3 * x)) - 0.1 * x[0] * x[size - 1])


def only_left_of(limit):
    x = vc.sample("x", dist.Normal(0.0, 1.0))
    vc.factor("wall", np.log(limit - x))


def target_of(model, *args, most=10**9):
    density = LogDensity(model)(*args)
    return Target(density._points, density.size, most)


def coordinates(size):
    factor = np.tril(RNG.normal(size=(size, size))) * 0.3 / np.sqrt(size)
    factor[np.diag_indices(size)] = RNG.uniform(0.3, 0.6, size)
    return Gaussian(RNG.normal(size=size), factor)


def full_rank(target, start, z):
    """The objective by whole arrays."""
    d, below = start.size, np.tril_indices(start.size, -1)

    def objective(v):
        triangle = np.diag(np.exp(v[d : 2 * d] / ROOT2))
        triangle[below] = v[2 * d :]
        values, gradients = target((z @ triangle.T + v[:d]) @ start.factor.T + start.mean)
        products = start.factor.T @ gradients.T @ z / len(z)
        slopes = -(np.diag(triangle) * np.diag(products) + 1.0) / ROOT2
        gradient = np.concatenate([-start.factor.T @ gradients.mean(axis=0), slopes, -products[below]])
        return -values.mean() - v[d : 2 * d].sum() / ROOT2, gradient

    return Whitened(target, start, z), objective


def independent(target, start, z):
    d, sds = start.size, RNG.uniform(0.1, 0.5, start.size)

    def objective(v):
        scale = sds * np.exp(v[d:] / ROOT2)
        values, gradients = target(start.mean + start.factor @ v[:d] + scale * z)
        slopes = -(scale * (gradients * z).mean(axis=0) + 1.0) / ROOT2
        gradient = np.concatenate([-start.factor.T @ gradients.mean(axis=0), slopes])
        return -values.mean() - v[d:].sum() / ROOT2, gradient

    return Independent(target, start, sds, z), objective


# 1 to 9 dimensions: whole tiles of a product and parts of them; 1024 draws: more than one call of the kernel.
@pytest.mark.parametrize(
    ("size", "count"), [(1, 64), (2, 8), (3, 64), (4, 32), (5, 1024), (8, 64), (9, 128), (33, 2048)]
)
@pytest.mark.parametrize("make", [full_rank, independent])
def test_it_is_what_whole_arrays_give(make, size, count):
    target = target_of(skewed, size)
    native, objective = make(target, coordinates(size), fixed_draws(count, size, 1))
    v = 0.2 * RNG.normal(size=native.size)
    expected, slopes = objective(v)
    before = target.gradients
    value, gradient = native(v)
    assert target.gradients - before == count
    assert value == pytest.approx(expected, rel=1e-12)
    np.testing.assert_allclose(gradient, slopes, rtol=1e-10, atol=1e-11 * np.abs(slopes).max())


@pytest.mark.parametrize("make", [full_rank, independent, lambda target, *_: (AtPoint(target), None)])
def test_gradients_are_those_of_the_value(make):
    target = target_of(skewed, 3)
    native, _ = make(target, coordinates(3), fixed_draws(32, 3, 0))
    v = 0.2 * RNG.normal(size=native.size)
    _, gradient = native(v)
    for k, step in enumerate(1e-5 * np.eye(native.size)):
        assert (native(v + step)[0] - native(v - step)[0]) / 2e-5 == pytest.approx(gradient[k], rel=1e-7, abs=1e-7)


def test_independent_components_in_coordinates_that_are_so_as_well():
    target, z = target_of(skewed, 5), fixed_draws(64, 5, 0)
    mean, sds, v = RNG.normal(size=5), RNG.uniform(0.1, 1.0, 5), 0.2 * RNG.normal(size=10)
    dense = Independent(target, Gaussian(mean, np.diag(sds)), sds, z)
    diagonal = Independent(target, Diagonal(mean, sds), sds, z)
    for ours, theirs in zip((*diagonal(v), *diagonal.parts(v)), (*dense(v), *dense.parts(v))):
        np.testing.assert_allclose(ours, theirs, rtol=1e-13)


@pytest.mark.parametrize("make", [full_rank, independent, lambda target, *_: (AtPoint(target), None)])
def test_minimising_visits_the_points_that_one_in_numpy_visits(make):
    target = target_of(skewed, 4)
    native, _ = make(target, coordinates(4), fixed_draws(64, 4, 0))
    settings = {"memory": 7, "most_iterations": 300, "tolerance": 1e-10, "first_step": 1.0, "most_move": 2.0}
    found = minimise(native, np.zeros(native.size), **settings, keeps_path=True)
    path, reason = lbfgs(native, np.zeros(native.size), **settings)
    assert found.reason == reason == "converged"
    # Roundings grow along the way.
    for k, x in enumerate(path[:12]):
        np.testing.assert_allclose(found.path[k].x, x, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(found.x, path[-1], atol=1e-4)


def test_at_a_point():
    target = target_of(skewed, 4)
    x = RNG.normal(size=4)
    value, gradient = target.at(x)
    ours, slope = AtPoint(target)(x)
    assert (ours, *slope) == (-value, *-gradient)
    assert target.gradients == 2


def test_it_is_infinite_where_a_draw_is_outside_of_the_support():
    target = target_of(only_left_of, 2.0)
    assert AtPoint(target)(np.array([3.0]))[0] == np.inf
    start, z = Gaussian(np.zeros(1), np.ones((1, 1))), fixed_draws(64, 1, 0)
    for objective in (Whitened(target, start, z), Independent(target, start, np.ones(1), z)):
        assert objective(np.array([-30.0, 0.0]))[0] < np.inf
        assert objective(np.zeros(2))[0] == np.inf
        # What was not finite is forgotten.
        assert np.isfinite(objective(np.array([-30.0, 0.0]))[1]).all()


@pytest.mark.parametrize("make", [full_rank, independent, lambda target, *_: (AtPoint(target), None)])
def test_gradients_beyond_the_limit_are_refused_before_they_are_taken(make):
    target = target_of(skewed, 2, most=640)
    native, _ = make(target, coordinates(2), fixed_draws(64, 2, 0))
    while target.gradients < 640:
        native(np.zeros(native.size))
    with pytest.raises(OutOfGradients):
        native(np.zeros(native.size))
    assert target.gradients == 640
    with pytest.raises(OutOfGradients):
        minimise(native, np.zeros(native.size), memory=5, most_iterations=5, tolerance=1e-9)


def gaussian_model(mean, covariance):
    vc.sample("x", dist.MultivariateNormal(mean, covariance_matrix=covariance))


def test_a_gaussian_is_found_exactly_from_afar():
    root = RNG.normal(size=(5, 5)) * np.geomspace(1e-3, 1e3, 5)[:, None]
    mean, covariance = 100.0 * RNG.normal(size=5), root @ root.T
    target = target_of(gaussian_model, mean, covariance)
    sds = np.sqrt(np.diag(covariance))
    start = Gaussian(mean + 5.0 * sds, np.diag(3.0 * sds))
    found = fit_full_rank(target, start, 0)
    assert found.status == "ok"
    np.testing.assert_allclose((found.gaussian.mean - mean) / sds, 0.0, atol=1e-3)
    ours = found.gaussian.factor @ found.gaussian.factor.T
    np.testing.assert_allclose(ours / np.outer(sds, sds), covariance / np.outer(sds, sds), atol=1e-2)


def test_a_function_in_python_is_minimised_alike_and_what_it_raises_is_raised():
    target = target_of(skewed, 3)
    native = AtPoint(target)
    settings = {"memory": 10, "most_iterations": 50, "tolerance": 1e-10}
    ours = minimise(NumpyObjective(native, 3), np.zeros(3), **settings)
    theirs = minimise(native, np.zeros(3), **settings)
    assert (ours.iterations, ours.reason, ours.value) == (theirs.iterations, "converged", theirs.value)
    assert ours.x.tobytes() == theirs.x.tobytes()
    target.most = target.gradients + 3
    for raised in (OutOfGradients, KeyboardInterrupt):

        def function(x, raised=raised):
            if target.gradients == target.most:
                raise raised
            return native(x)

        with pytest.raises(raised):
            minimise(NumpyObjective(function, 3), np.zeros(3), **settings)


def test_it_is_watched_every_five_iterations():
    native = AtPoint(target_of(skewed, 3))
    asked = []
    found = minimise(
        native,
        np.full(3, 4.0),
        memory=1,
        most_iterations=40,
        tolerance=0.0,
        watch=lambda x: len(asked) == 2 or asked.append(x),
    )
    assert (found.reason, found.iterations) == ("asked", 15)


def test_the_pairs_of_a_point_on_the_way_give_the_inverse_hessian():
    precision = np.array([[4.0, 1.0, 0.0], [1.0, 3.0, 0.5], [0.0, 0.5, 2.0]])
    target = target_of(gaussian_model, np.zeros(3), np.linalg.inv(precision))
    found = minimise(
        AtPoint(target), np.array([5.0, -4.0, 3.0]), memory=9, most_iterations=50, tolerance=1e-12, keeps_path=True
    )
    assert len(found.path) == found.iterations + 1
    assert found.path[0].factor() is None
    last = found.path[len(found.path) - 1]
    assert last.x.tobytes() == found.x.tobytes()
    np.testing.assert_allclose(last.gradient, precision @ last.x, atol=1e-12)
    factor = last.factor()
    np.testing.assert_allclose(factor @ factor.T @ precision, np.eye(3), atol=0.05)
