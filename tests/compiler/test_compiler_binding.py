"""Binding: one kernel for all sizes, new ones only where the code must differ, and memory as the kernel reads it."""

import numpy as np
import pytest
from corpus.everything import CASES
from support.stages import Evaluated

import vicompile.distributions as dist
from vicompile.compiler import Pair
from vicompile.diagnostics import DataError
from vicompile.distributions import constraints
from vicompile.language import param, plate, sample


def kernels(pair):
    return sum(len(known) for known in pair._compiled.values())


def bind(pair, *args, particles=1, **kwargs):
    return pair.bind(args, args, kwargs, kwargs, particles)


def regression(x, y):
    w = sample("w", dist.Normal(np.zeros(x.shape[1]), 1.0).to_event(1))
    with plate("data", len(y)):
        sample("y", dist.Normal(x @ w, 1.0), obs=y)


def regression_guide(x, y):
    loc = param("loc", np.zeros(x.shape[1]))
    scale = param("scale", np.ones(x.shape[1]), constraint=constraints.positive)
    sample("w", dist.Normal(loc, scale).to_event(1))


def test_one_kernel_for_all_sizes_and_particles():
    pair = Pair(regression, regression_guide)
    rng = np.random.default_rng(0)
    for rows, columns, particles in ((5, 2, 1), (300, 7, 3), (1, 2, 1), (0, 2, 1), (4, 1, 2), (2, 2, 1)):
        bind(pair, rng.normal(size=(rows, columns)), rng.normal(size=rows), particles=particles)
    assert kernels(pair) == 1


@pytest.mark.parametrize("rows", [0, 1, 255, 256, 257, 700])
def test_block_edges(rows):
    rng = np.random.default_rng(rows)
    one = Evaluated(regression, regression_guide, (rng.normal(size=(rows, 3)), rng.normal(size=rows)))
    loss, gradient = one.graph()
    native_loss, native_gradient = one.native()
    assert native_loss == pytest.approx(loss, rel=1e-11)
    np.testing.assert_allclose(native_gradient, gradient, rtol=1e-9, atol=1e-9)


def scaled(y, weight):
    mu = sample("mu", dist.Normal(0.0, 1.0))
    sample("y", dist.Normal(mu * weight, 1.0), obs=y)


def scaled_guide(y, weight):
    sample("mu", dist.Normal(param("loc", 0.3), 1.0))


def test_an_axis_of_length_one_that_broadcasts_is_a_kernel_of_its_own():
    pair = Pair(scaled, scaled_guide)
    y = np.array([1.0, 2.0, 4.0])
    bind(pair, y, np.array([1.0, 1.0, 2.0]))
    bind(pair, y, np.array([2.0]))
    assert kernels(pair) == 2
    assert Evaluated(scaled, scaled_guide, (y, np.array([2.0]))).native()[0] == pytest.approx(
        Evaluated(scaled, scaled_guide, (y, np.array([2.0, 2.0, 2.0]))).native()[0], rel=1e-12
    )


def test_sizes_that_do_not_agree_are_an_error():
    pair = Pair(scaled, scaled_guide)
    with pytest.raises(DataError, match=r"sizes of .*\(3\).*\(2\).* do not agree"):
        bind(pair, np.zeros(3), np.zeros(2))


def powers(y, degree):
    mu = sample("mu", dist.Normal(0.0, 1.0))
    mean = mu
    for _ in range(degree):
        mean = mean * 0.5 + 1.0
    if degree > 2:
        mean = -mean
    sample("y", dist.Normal(mean, 1.0), obs=y)


def powers_guide(y, degree):
    sample("mu", dist.Normal(param("loc", 0.3), 1.0))


def test_a_number_that_the_code_depends_on_is_fixed_and_others_get_their_own_kernel():
    pair = Pair(powers, powers_guide)
    y = np.array([0.5])
    for degree in (1, 3, 1, 3):
        bind(pair, y, degree)
    assert kernels(pair) == 2
    one = Evaluated(powers, powers_guide, (y, 3), particles=1)
    mu = one.flat[0] + one.noise[0, 0]
    mean = mu
    for _ in range(3):
        mean = mean * 0.5 + 1.0
    log_p = -0.5 * mu**2 - 0.5 * (0.5 + mean) ** 2 - np.log(2 * np.pi)
    log_q = -0.5 * one.noise[0, 0] ** 2 - 0.5 * np.log(2 * np.pi)
    assert one.native()[0] == pytest.approx(log_q - log_p, rel=1e-12)


def test_parameters_are_packed_with_the_leading_axis_contiguous():
    case = next(c for c in CASES if c.name == "nested_plates")
    fit = Pair(case.model, case.guide).bind(case.args, case.args, {}, {})
    table = np.arange(21.0).reshape(7, 3)
    flat = fit.initial_params({"loc": table})
    slot = next(s for s in fit.slots if s.name == "loc")
    np.testing.assert_array_equal(flat[slot.start : slot.start + 7], table[:, 0])
    np.testing.assert_array_equal(fit.constrained(flat)["loc"], table)


def test_matrices_are_laid_out_in_blocks_of_rows():
    x = np.arange(600.0 * 2).reshape(600, 2)
    fit = bind(Pair(regression, regression_guide), x, np.zeros(600))
    packed = next(a for a in fit.problem.keepalive if a.size == x.size)
    np.testing.assert_array_equal(packed[:256], x[:256, 0])
    np.testing.assert_array_equal(packed[256:512], x[:256, 1])
    np.testing.assert_array_equal(packed[1024 : 1024 + 88], x[512:, 0])


def test_a_vector_is_not_copied():
    y = np.zeros(10)
    fit = bind(Pair(scaled, scaled_guide), y, np.ones(10))
    assert any(np.shares_memory(a, y) for a in fit.problem.keepalive)


def bounded(y):
    mu = sample("mu", dist.Normal(0.0, 1.0))
    sample("y", dist.Normal(mu, 1.0), obs=y)


def outside_guide(y):
    sample("mu", dist.Normal(0.0, param("scale", -1.0, constraint=constraints.positive)))


def test_an_initial_value_outside_its_constraint_is_an_error():
    with pytest.raises(DataError, match="initial value of parameter `scale` is -1"):
        bind(Pair(bounded, outside_guide), np.zeros(2)).initial_params()


def test_a_density_that_is_written_for_one_size_takes_it_from_an_argument():
    def model(start, y):
        centre = param("centre", start)
        with plate("data", len(y)):
            sample("y", dist.ProjectedNormal(centre), obs=y)

    def guide(start, y):
        pass

    for size in (2, 3):
        start, y = np.linspace(1.0, 2.0, size), np.eye(size)[[0, 1, 0]]
        loss, _ = Evaluated(model, guide, (start, y), spread=0.0).native()
        assert loss == pytest.approx(-np.sum(dist.ProjectedNormal(start).log_prob(y)), rel=1e-12)
