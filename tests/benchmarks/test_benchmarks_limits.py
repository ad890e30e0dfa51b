"""The hand-written fits: their mathematics, their losses against the exact ELBO, and where they converge."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import minimize
from scipy.special import digamma, gammainc, gammaincc, gammaincinv, gammaln

from benchmarks.workload import Workload
from benchmarks.workloads import coin as coin_file
from benchmarks.workloads import eight_schools as schools_file
from benchmarks.workloads import garch as garch_file
from benchmarks.workloads import gaussian_process as process_file
from benchmarks.workloads import logistic as logistic_file
from benchmarks.workloads import negative_binomial as negative_binomial_file
from benchmarks.workloads import poisson as poisson_file
from benchmarks.workloads import radon as radon_file

pytest.importorskip("numba")

SMALL = {
    "coin": coin_file.coin_workload("coin", flips=5000, first_steps=10, agreement_steps=10),
    "schools": schools_file.eight_schools_workload("schools", particles=1),
    "schools-10": schools_file.eight_schools_workload("schools-10", particles=10),
    "logistic": logistic_file.logistic_workload("logistic", rows=500, columns=3),
    "radon": radon_file.radon_workload("radon", rows=60, groups=4),
    "process": process_file.gaussian_process_workload("process", points=12),
    "poisson": poisson_file.poisson_workload("poisson", rows=500, columns=3),
    "counts": negative_binomial_file.negative_binomial_workload("counts", rows=500, columns=3),
    "garch": garch_file.garch_workload("garch", days=80),
}
FILES = {
    "coin": coin_file,
    "schools": schools_file,
    "schools-10": schools_file,
    "logistic": logistic_file,
    "radon": radon_file,
    "process": process_file,
    "poisson": poisson_file,
    "counts": negative_binomial_file,
    "garch": garch_file,
}
STEPS_OF_A_FIT = {
    "coin": 20_000,
    "schools": 5_000,
    "schools-10": 5_000,
    "logistic": 2_000,
    "radon": 5_000,
    "process": 3_000,
    "poisson": 2_000,
    "counts": 2_000,
    "garch": 5_000,
}


def limits() -> list[tuple[str, int]]:
    return [(name, number) for name, workload in SMALL.items() for number in range(len(workload.limits))]


@pytest.mark.parametrize(("name", "number"), limits())
def test_mean_loss_at_fixed_parameters_is_the_exact_elbo(
    name: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a learning rate of 0 the losses are independent estimates of one number."""
    monkeypatch.setattr(FILES[name], "ADAM", replace(FILES[name].ADAM, learning_rate=0.0))
    workload = SMALL[name]
    data = workload.make_data()
    parameters, losses = workload.limits[number].fit(data, 20_000, 11)
    standard_error = losses.std(ddof=1) / np.sqrt(losses.size)
    assert abs(losses.mean() + workload.elbo(parameters, data)) < 5.0 * standard_error


def best_elbo(workload: Workload, start: dict[str, np.ndarray], data: tuple[np.ndarray, ...]) -> float:
    """Maximum of the exact ELBO over all parameters, positive ones on the log scale."""
    positive = {"alpha", "beta", *[name for name in start if name.endswith("scale")]}
    shapes = {name: value.shape for name, value in start.items()}

    def unpack(vector: np.ndarray) -> dict[str, np.ndarray]:
        parts = np.split(vector, np.cumsum([int(np.prod(shape)) for shape in shapes.values()])[:-1])
        named = zip(shapes.items(), parts, strict=True)
        return {name: (np.exp(part) if name in positive else part).reshape(shape) for (name, shape), part in named}

    packed = [np.log(value) if name in positive else value for name, value in start.items()]
    found = minimize(
        lambda v: -workload.elbo(unpack(v), data), np.concatenate([np.ravel(p) for p in packed]), method="BFGS"
    )
    return -float(found.fun)


@pytest.mark.parametrize("name", STEPS_OF_A_FIT)
def test_fits_scatter_around_the_best_elbo(name: str) -> None:
    """Averaging the fits of 64 seeds removes their noise; what a wrong gradient shifts would stay."""
    workload = (
        SMALL[name] if name != "coin" else coin_file.coin_workload("coin", flips=10, first_steps=1, agreement_steps=1)
    )
    data = workload.make_data()
    fits = [workload.limits[0].fit(data, STEPS_OF_A_FIT[name], seed)[0] for seed in range(64)]
    mean = {key: np.mean([fit[key] for fit in fits], axis=0) for key in fits[0]}
    best = best_elbo(workload, mean, data)
    gap_of_one = best - np.mean([workload.elbo(fit, data) for fit in fits])
    assert 0.0 <= best - workload.elbo(mean, data) < gap_of_one / 8.0


def test_exact_elbo_of_the_coin_at_its_posterior_is_the_evidence() -> None:
    """Six heads and four tails: log evidence from the ratio of Beta functions."""
    workload = coin_file.coin_workload("coin", flips=10, first_steps=1, agreement_steps=1)
    data = workload.make_data()
    evidence = gammaln(16) + gammaln(14) - gammaln(30) - 2 * gammaln(10) + gammaln(20)
    assert workload.elbo({"alpha": np.array(16.0), "beta": np.array(14.0)}, data) == pytest.approx(evidence, abs=1e-12)


def test_both_coin_kernels_draw_the_same_numbers_and_agree() -> None:
    workload = SMALL["coin"]
    data = workload.make_data()
    one, other = (limit.fit(data, 200, 3) for limit in workload.limits)
    np.testing.assert_allclose(one[1], other[1], rtol=1e-10)


def test_coin_out_of_range_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(coin_file, "START", 2.0)
    with pytest.raises(ArithmeticError, match="range"):
        coin_file.by_hand("fit_with_sums", SMALL["coin"].make_data(), 10, 0)


@pytest.mark.parametrize(("a", "tolerance"), [(8.0, 2e-4), (15.0, 3e-6), (100.0, 2e-8), (1e4, 1e-9)])
def test_gamma_gradient_against_finite_differences(a: float, tolerance: float) -> None:
    """Tolerances: the first term that the series leaves out, at the quantiles 1e-5 and 1 - 1e-5."""
    from benchmarks.limits.gamma import log_gradient

    probability = np.array([1e-5, 1e-3, 0.1, 0.5, 0.9, 0.999, 1.0 - 1e-5])
    x = gammaincinv(a, probability)
    step = 1e-3 * a**0.5
    # Five-point differences of the smaller tail, which does not cancel.
    tail = np.where(probability < 0.5, 1.0, -1.0)

    def smaller_tail(c: float) -> np.ndarray:
        return np.where(probability < 0.5, gammainc(c, x), gammaincc(c, x))

    wide, near = (
        smaller_tail(a + 2 * step) - smaller_tail(a - 2 * step),
        smaller_tail(a + step) - smaller_tail(a - step),
    )
    slope = tail * (8.0 * near - wide) / (12.0 * step)
    expected = -slope / np.exp((a - 1.0) * np.log(x) - x - gammaln(a)) * a / x
    found = np.array([log_gradient(1.0 / a, float(np.log(value / a))) for value in x])
    # SciPy's own rounding, divided by the step, is what is left at large a.
    rounding = 1e-13 / (step * np.exp((a - 1.0) * np.log(x) - x - gammaln(a)) * x / a)
    assert np.all(np.abs(found - expected) < tolerance * expected + rounding)


@pytest.mark.parametrize("a", [8.0, 15.0, 300.0, 1e6])
def test_stirling_series(a: float) -> None:
    from benchmarks.limits.gamma import digamma_minus_log, log_gamma

    assert log_gamma(a, np.log(a), 1.0 / a) == pytest.approx(gammaln(a), rel=1e-14)
    assert digamma_minus_log(1.0 / a) + np.log(a) == pytest.approx(digamma(a), rel=1e-13)


def test_vector_functions_against_numpy() -> None:
    import numba

    from benchmarks.limits import vector_math

    @numba.njit
    def evaluate(x: np.ndarray, out: np.ndarray) -> None:
        for i in range(x.size):
            out[0, i] = vector_math.exp(x[i])
            out[1, i] = vector_math.log(abs(x[i]))
            out[2, i] = vector_math.log1p_of_fraction(abs(x[i]) / 800.0)
            out[3, i], out[4, i] = vector_math.sine_cosine_of_turn(x[i])

    rng = np.random.default_rng(5)
    x = np.concatenate([rng.uniform(-700, 700, 20_000), rng.uniform(-2, 2, 20_000), 1.0 + rng.normal(size=2000) * 1e-6])
    out = np.empty((5, x.size))
    evaluate(x, out)
    for found, expected in zip(out, (np.exp(x), np.log(abs(x)), np.log1p(abs(x) / 800.0)), strict=False):
        assert np.max(np.abs(found - expected) / np.spacing(np.abs(expected))) <= 2.0
    turn = x - np.round(x)
    np.testing.assert_allclose(out[3], np.sin(2 * np.pi * turn), atol=5e-16, rtol=0)
    np.testing.assert_allclose(out[4], np.cos(2 * np.pi * turn), atol=5e-16, rtol=0)


def test_normals_and_uniforms_have_their_distributions() -> None:
    import numba

    from benchmarks.limits import random_lanes

    @numba.njit
    def fill(normals: np.ndarray, uniforms: np.ndarray) -> None:
        state = random_lanes.seeded_lanes(9)
        random_lanes.fill_normals(state, normals)
        random_lanes.fill_uniforms(state, uniforms)

    normals, uniforms = np.empty(1 << 17), np.empty(1 << 17)
    fill(normals, uniforms)
    assert stats.kstest(normals, "norm").pvalue > 1e-4
    assert stats.kstest(uniforms, "uniform").pvalue > 1e-4
    lag_one = np.corrcoef(normals[:-1], normals[1:])[0, 1]
    assert abs(lag_one) < 5.0 / np.sqrt(normals.size)
