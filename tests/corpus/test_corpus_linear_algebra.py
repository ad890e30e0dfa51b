"""Linear algebra at every stage: plain, with particles, inside plates and loops; small, empty and large matrices."""

import numpy as np
import pytest
import scipy.linalg
from support.stages import Evaluated

import vicompile.distributions as dist
from vicompile.language import factor, param, plate, sample


def applied(which, a, b):
    """One function of a well-conditioned matrix A and a matrix B, as a person writes it."""
    if which == "cholesky":
        return np.linalg.cholesky(a)
    if which == "upper factor":
        return scipy.linalg.cholesky(a)
    if which == "solve_lower":
        return scipy.linalg.solve_triangular(a, b, lower=True)
    if which == "solve_lower_transposed":
        return scipy.linalg.solve_triangular(a, b, trans="T", lower=True)
    if which == "solve_upper":
        return scipy.linalg.solve_triangular(a, b)
    if which == "solve":
        return np.linalg.solve(a, b)
    if which == "vector":
        return np.linalg.solve(a, b[:, 0])
    if which == "inverse":
        return np.linalg.inv(a)
    if which == "slogdet":
        sign, logarithm = np.linalg.slogdet(a)
        return sign * logarithm
    if which == "det":
        return np.log(np.linalg.det(a))
    if which == "norm":
        return np.linalg.norm(a @ b)
    if which == "cho_solve":
        return scipy.linalg.cho_solve(scipy.linalg.cho_factor(a), b)
    return a @ b


WHICH = [
    "cholesky", "upper factor", "solve_lower", "solve_lower_transposed", "solve_upper", "solve", "vector", "inverse",
    "slogdet", "det", "norm", "cho_solve", "product",
]  # fmt: skip


def guide(a, b, y, which):
    sample("x", dist.Normal(param("x_loc", 0.4), 0.3))


def alone(a, b, y, which):
    x = sample("x", dist.Normal(0.0, 1.0))
    w = param("w", lambda: a)
    v = param("v", lambda: b)
    factor("f", np.sum(np.sin(applied(which, w, v))) + x)


def with_particles(a, b, y, which):
    x = sample("x", dist.Normal(0.0, 1.0))
    w = param("w", lambda: a)
    factor("f", np.sum(np.sin(applied(which, (1.0 + 0.1 * x * x) * w, b))))


def in_loop(a, b, y, which):
    x = sample("x", dist.Normal(0.0, 1.0))
    w = param("w", lambda: a)
    for i in range(len(y)):
        f = np.sum(np.sin(applied(which, (1.0 + 0.1 * y[i] * y[i]) * w + 0.1 * x * x * a, b)))
        sample(f"y_{i}", dist.Normal(f, 1.0), obs=y[i])


def arguments(n, which):
    rng = np.random.default_rng(n)
    a = rng.normal(size=(n, n)) / max(n, 1) ** 0.5
    return a @ a.T + 2.0 * np.eye(n), rng.normal(size=(n, 2)), rng.normal(size=5), which


def check(model, n, which, particles):
    one = Evaluated(model, guide, arguments(n, which), particles, spread=0.02)
    loss, gradient = one.graph()
    assert np.isfinite(loss)
    assert loss == pytest.approx(one.objective_loss(), rel=1e-11)
    scale = 1.0 + np.abs(gradient).max(initial=0.0)
    for stage in (one.python, one.native) if n < 30 else (one.native,):
        found_loss, found_gradient = stage()
        assert found_loss == pytest.approx(loss, rel=1e-9, abs=1e-10)
        np.testing.assert_allclose(found_gradient, gradient, rtol=1e-9, atol=1e-9 * scale)
    rng = np.random.default_rng(17)
    for _ in range(2):
        direction = rng.normal(size=len(one.flat))
        step = 1e-5
        ends = [one.objective_loss(one.flat + sign * step * direction) for sign in (1.0, -1.0)]
        total = np.sum(np.abs(gradient * direction)) + 1.0
        assert abs((ends[0] - ends[1]) / (2 * step) - gradient @ direction) <= 1e-6 * total


SOME = ["cholesky", "solve_lower_transposed", "vector", "inverse", "slogdet", "product"]


def check_small_sizes(model, which):
    for n in (0, 1, 2, 3, 17):
        if n > 0 or which != "norm":  # the gradient of a norm at zero
            check(model, n, which, particles=2)


@pytest.mark.parametrize("which", WHICH)
def test_all_stages_agree(which):
    check_small_sizes(alone, which)


@pytest.mark.parametrize("which", SOME)
@pytest.mark.parametrize("model", [with_particles, in_loop], ids=lambda m: m.__name__)
def test_batches_agree_at_all_stages(model, which):
    check_small_sizes(model, which)


@pytest.mark.parametrize("which", ["cholesky", "solve_lower", "solve", "slogdet", "product"])
def test_large_matrices_agree(which):
    check(with_particles, 60, which, particles=3)
    check(alone, 60, which, particles=1)


def plate_guide(a, y):
    with plate("rows", len(y)):
        sample("z", dist.Normal(param("z_loc", lambda: 0.5 * np.ones(len(y))), 0.3))


def plate_model(a, y):
    """One covariance matrix for each row of a plate that is longer than a block."""
    w = param("w", lambda: a)
    with plate("rows", len(y)):
        z = sample("z", dist.Normal(0.0, 1.0))
        covariance = w + (z * z)[:, None, None] * a
        factor_of = np.linalg.cholesky(covariance)
        sample("y", dist.Normal(np.sum(np.sum(np.tanh(factor_of), axis=-1), axis=-1), 1.0), obs=y)


@pytest.mark.parametrize("rows", [1, 7, 300])
def test_a_matrix_for_each_row_of_a_plate(rows):
    a = np.array([[2.0, 0.3, 0.1], [0.3, 1.5, -0.2], [0.1, -0.2, 1.8]])
    one = Evaluated(plate_model, plate_guide, (a, np.linspace(-1.0, 1.0, rows)), 2, spread=0.02)
    loss, gradient = one.graph()
    assert loss == pytest.approx(one.objective_loss(), rel=1e-11)
    for stage in (one.python, one.native):
        found_loss, found_gradient = stage()
        assert found_loss == pytest.approx(loss, rel=1e-10)
        np.testing.assert_allclose(found_gradient, gradient, rtol=1e-9, atol=1e-9 * np.abs(gradient).max())
    direction = np.random.default_rng(3).normal(size=len(one.flat))
    ends = [one.objective_loss(one.flat + sign * 1e-5 * direction) for sign in (1.0, -1.0)]
    assert (ends[0] - ends[1]) / 2e-5 == pytest.approx(gradient @ direction, rel=1e-6)


def cells_guide(a, table):
    rows, columns = table.shape
    with plate("columns", columns), plate("rows", rows):
        sample("z", dist.Normal(param("z_loc", lambda: 0.5 * np.ones(table.shape)), 0.3))


def cells_model(a, table):
    """A matrix for each cell of two plates, a shared triangular matrix, and a reader that needs all rows."""
    rows, columns = table.shape
    w = param("w", lambda: a)
    with plate("columns", columns), plate("rows", rows):
        z = sample("z", dist.Normal(0.0, 1.0))
        root = np.linalg.cholesky(w + (z * z)[:, :, None, None] * a)
        solved = np.linalg.solve(w + a, root)
        sample("cell", dist.Normal(solved[:, :, 2, 0] + root[:, :, 1, 1], 1.0), obs=table)
    total = np.sum(np.sum(root, axis=0), axis=0) / (rows * columns)
    factor("all", -np.sum((np.linalg.inv(total + 0.5 * a)) ** 2))


@pytest.mark.parametrize("shape", [(1, 1), (3, 2), (5, 270), (270, 3)])
def test_a_matrix_for_each_cell_of_two_plates(shape):
    a = np.array([[2.0, 0.3, 0.1], [0.3, 1.5, -0.2], [0.1, -0.2, 1.8]])
    table = np.random.default_rng(0).normal(size=shape)
    one = Evaluated(cells_model, cells_guide, (a, table), 2, spread=0.02)
    loss, gradient = one.graph()
    assert loss == pytest.approx(one.objective_loss(), rel=1e-11)
    for stage in (one.python, one.native) if table.size < 100 else (one.native,):
        found_loss, found_gradient = stage()
        assert found_loss == pytest.approx(loss, rel=1e-10)
        np.testing.assert_allclose(found_gradient, gradient, rtol=1e-9, atol=1e-9 * np.abs(gradient).max())
    direction = np.random.default_rng(3).normal(size=len(one.flat))
    ends = [one.objective_loss(one.flat + sign * 1e-5 * direction) for sign in (1.0, -1.0)]
    assert abs((ends[0] - ends[1]) / 2e-5 - gradient @ direction) < 1e-6 * np.sum(np.abs(gradient * direction))
