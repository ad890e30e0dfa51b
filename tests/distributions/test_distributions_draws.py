"""Draws: against SciPy's cdf, their moments, their derivatives, and the closed forms they must agree with."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from distribution_row import Row
from distribution_rows import CASE_NAMES, CASES, gamma_draws_exist
from scipy import stats
from settings import shifted

import vicompile.distributions as dist
from vicompile.autodiff import gradient
from vicompile.distributions.noise import NumpyNoise
from vicompile.ir import ops
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import FLOAT, Draw, Input, make

COUNT = 20_000


def on_the_line(case: tuple[Row, dict[str, Any]]) -> bool:
    return case[0].kind(**case[1]).event_dim == 0


WITH_SCIPY = [(row, s) for row, s in CASES if row.scipy is not None and on_the_line((row, s))]
WITH_SCIPY_NAMES = [n for n, (row, s) in zip(CASE_NAMES, CASES) if row.scipy is not None and on_the_line((row, s))]
every_case = pytest.mark.parametrize(("row", "setting"), WITH_SCIPY, ids=WITH_SCIPY_NAMES)


def drawn(row: Row, setting: dict[str, Any]) -> np.ndarray:
    if row.needs_gamma and not gamma_draws_exist():
        pytest.skip("the gamma draw does not exist yet")
    return row.kind(**setting).sample((COUNT,), key=20261121)


@every_case
def test_draws_follow_the_cdf(row: Row, setting: dict[str, Any]) -> None:
    x = np.sort(drawn(row, setting))
    frozen = row.scipy(**setting)
    steps = np.arange(COUNT + 1) / COUNT
    if row.kind(**setting).is_discrete:
        values = np.unique(x)
        distance = np.abs(np.searchsorted(x, values, side="right") / COUNT - frozen.cdf(values)).max()
    else:
        f = frozen.cdf(x)
        distance = max(np.abs(steps[1:] - f).max(), np.abs(f - steps[:-1]).max())
    # Dvoretzky-Kiefer-Wolfowitz: a right sampler goes beyond this once in ten thousand seeds
    assert distance < np.sqrt(np.log(2 / 1e-4) / (2 * COUNT))


@every_case
def test_moments_of_draws(row: Row, setting: dict[str, Any]) -> None:
    if not row.four_moments:
        pytest.skip("the moments do not exist")
    x = drawn(row, setting)
    mean, variance, kurtosis = (float(v) for v in row.scipy(**setting).stats(moments="mvk"))
    assert abs(x.mean() - mean) < 4 * np.sqrt(variance / COUNT)
    assert abs(((x - mean) ** 2).mean() - variance) < 4 * variance * np.sqrt((kurtosis + 2) / COUNT)


@every_case
def test_closed_forms_agree_with_scipy(row: Row, setting: dict[str, Any]) -> None:
    d, frozen = row.kind(**setting), row.scipy(**setting)
    mean, variance = frozen.stats(moments="mv")
    kind = type(d)
    if kind._mean is not None and row.has_scipy_moments:
        np.testing.assert_allclose(d.mean, mean, rtol=1e-12, atol=1e-15)
    if kind._variance is not None and row.has_scipy_moments:
        np.testing.assert_allclose(d.variance, variance, rtol=1e-11)
    points = np.array([*row.points, -7.3, 2.5, 100.0])
    if kind._cdf is not None:
        np.testing.assert_allclose(d.cdf(points), frozen.cdf(points), rtol=1e-11, atol=1e-15)
    if kind._icdf is not None:
        p = np.array([1e-8, 0.01, 0.3, 0.5, 0.9, 0.999])
        np.testing.assert_allclose(d.icdf(p), frozen.ppf(p), rtol=1e-9, atol=1e-12)
        assert np.isnan(d.icdf(-0.1))
        assert np.isnan(d.icdf(1.1))
    if kind._icdf is not None and not d.is_discrete:
        x = d.icdf(p)
        # the quantile itself is rounded, and before it the location is added
        size = np.abs(x) + abs(setting.get("loc", 0.0))
        rounding = 4 * np.finfo(float).eps * size * frozen.pdf(x)
        assert (np.abs(d.cdf(x) - p) <= 1e-9 * p + rounding).all()
    if kind._entropy is not None and row.has_scipy_entropy:
        np.testing.assert_allclose(d.entropy(), frozen.entropy(), rtol=1e-9, atol=1e-12)


WITH_CDF = [
    (c, n) for c, n in zip(CASES, CASE_NAMES) if type(c[0].kind(**c[1]))._cdf is not None and c[0].is_normalised
]


@pytest.mark.parametrize(("row", "setting"), [c for c, _ in WITH_CDF], ids=[n for _, n in WITH_CDF])
def test_closed_forms_agree_with_draws(row: Row, setting: dict[str, Any]) -> None:
    x, d = drawn(row, setting), row.kind(**setting)
    for below in np.quantile(x, [0.1, 0.5, 0.8]):
        p = float(d.cdf(below))
        assert abs((x <= below).mean() - p) < 4 * np.sqrt(p * (1 - p) / COUNT) + 1e-12
    if type(d)._entropy is not None:
        surprise = -d.log_prob(x)
        assert abs(surprise.mean() - d.entropy()) < 4 * surprise.std() / np.sqrt(COUNT) + 1e-12


WITH_MOMENTS = [
    (c, n) for c, n in zip(CASES, CASE_NAMES) if type(c[0].kind(**c[1]))._variance is not None and c[0].four_moments
]


@pytest.mark.parametrize(("row", "setting"), [c for c, _ in WITH_MOMENTS], ids=[n for _, n in WITH_MOMENTS])
def test_own_moments_are_those_of_the_draws(row: Row, setting: dict[str, Any]) -> None:
    """Also of vectors, element by element."""
    x, d = np.asarray(drawn(row, setting), float), row.kind(**setting)
    spread = ((x - d.mean) ** 2).std(0)
    assert (np.abs(x.mean(0) - d.mean) <= 4.5 * x.std(0) / np.sqrt(COUNT) + 1e-12).all()
    assert (np.abs(((x - d.mean) ** 2).mean(0) - d.variance) <= 4.5 * spread / np.sqrt(COUNT) + 1e-12).all()


@pytest.mark.parametrize("logits", [[0.3, -1.0, 2.0], [0.0, 0.0, 0.0]])
def test_the_largest_element_of_a_relaxed_draw_has_the_probabilities(logits: list[float]) -> None:
    d = dist.RelaxedOneHotCategorical(0.7, logits=logits)
    x = d.sample((COUNT,), key=11)
    assert d.support.check(x).all()
    share = np.bincount(x.argmax(-1), minlength=3) / COUNT
    p = dist.Categorical(logits=logits).probs
    assert (np.abs(share - p) < 4 * np.sqrt(p * (1 - p) / COUNT)).all()
    # the density of the draws: its integral over the triangle, by quasi-random points
    u = np.sort(np.random.default_rng(3).random((400_000, 2)), -1)
    corners = np.stack([u[:, 0], u[:, 1] - u[:, 0], 1 - u[:, 1]], -1)
    density = np.exp(d.log_prob(corners / corners.sum(-1, keepdims=True))) / 2
    assert abs(density.mean() - 1.0) < 5 * density.std() / np.sqrt(len(u))


class GraphNoise:
    """Base noise as graph nodes; the numbers that they stand for are kept for the interpreter."""

    def __init__(self, shape: tuple[int, ...], event_dim: int = 0) -> None:
        self.shape, self.event_dim = shape, event_dim
        self.numbers = NumpyNoise(np.random.default_rng(7), shape, event_dim)
        self.values: dict[Draw, np.ndarray] = {}

    def of_shape(self, shape: tuple[int, ...], event_dim: int) -> GraphNoise:
        other = GraphNoise(shape, event_dim)
        other.numbers.generator, other.values = self.numbers.generator, self.values
        return other

    def _next(self, noise: str, event_shape: tuple[int, ...] | None) -> Draw:
        numbers = getattr(self.numbers, noise)(event_shape)
        node = make(Draw, FLOAT, numbers.shape, noise=noise, site="z", slot=len(self.values))
        self.values[node] = numbers
        return node

    def normal(self, event_shape: tuple[int, ...] | None = None) -> Draw:
        return self._next("normal", event_shape)

    def uniform(self, event_shape: tuple[int, ...] | None = None) -> Draw:
        return self._next("uniform", event_shape)


PATHWISE = [(c, n) for c, n in zip(CASES, CASE_NAMES) if c[0].kind(**c[1]).has_rsample]


@pytest.mark.parametrize(("row", "setting"), [c for c, _ in PATHWISE], ids=[n for _, n in PATHWISE])
def test_draws_are_differentiable(row: Row, setting: dict[str, Any]) -> None:
    if row.needs_gamma and not gamma_draws_exist():
        pytest.skip("the gamma draw does not exist yet")
    d = row.kind(**setting)
    shape = (5, *d.event_shape)
    noise = GraphNoise(shape, d.event_dim)
    numbers = {name: np.asarray(v, float) for name, v in d.numbers().items() if np.isfinite(v).all()}
    inputs = {name: make(Input, FLOAT, v.shape, name=name, role="param") for name, v in numbers.items()}
    node = ops.broadcast_to(d.with_params(lambda name, value: inputs.get(name, value)).draw_from(noise), shape)
    values = {**noise.values, **{inputs[name]: v for name, v in numbers.items()}}
    weights = np.random.default_rng(5).normal(size=shape)
    weight = make(Input, FLOAT, shape, name="w", role="data")
    values[weight] = weights
    eager = d.draw_from(NumpyNoise(np.random.default_rng(7), shape, d.event_dim))
    x = interpret([node], values, {})[0]
    np.testing.assert_allclose(x, np.broadcast_to(eager, shape), rtol=1e-13)
    found = interpret(gradient(ops.total(node * weight), list(inputs.values())), values, {})
    for name, slope in zip(numbers, found):
        at = numbers[name]
        if row.needs_gamma and name.startswith(("concentration", "df", "mean")):
            # The draw itself is not smooth in these (a rejected try jumps); its derivative is that of the quantile.
            if not row.one_gamma:
                continue
            p = d.cdf(x)
            make_one = lambda other, p=p: other.icdf(p)  # noqa: E731
        elif row.draw_jumps:
            p = row.scipy(**setting).cdf(x)
            make_one = lambda other, p=p: row.scipy(**{k: other.params[k] for k in setting}).ppf(p)  # noqa: E731
        else:
            make_one = lambda other: other.draw_from(NumpyNoise(np.random.default_rng(7), shape, d.event_dim))  # noqa: E731
        for place in np.ndindex(at.shape):
            h = 1e-4 * max(abs(at[place]), 1.0)

            def move(step: float, name: str = name, place: tuple[int, ...] = place, make_one: Any = make_one) -> Any:
                return make_one(d.with_params(lambda n, v: shifted(v, place, step) if n == name else v))

            difference = (8 * (move(h) - move(-h)) - (move(2 * h) - move(-2 * h))) / (12 * h)
            assert slope[place] == pytest.approx(np.sum(weights * difference), rel=1e-6, abs=1e-8)


@pytest.mark.parametrize(
    ("kind", "setting", "argument"),
    [
        (dist.Beta, {"concentration1": 2.5, "concentration0": 1.5}, "concentration1"),
        (dist.Beta, {"concentration1": 2.5, "concentration0": 1.5}, "concentration0"),
        (dist.Beta, {"concentration1": 0.4, "concentration0": 0.7}, "concentration1"),
        (dist.StudentT, {"df": 5.0}, "df"),
    ],
)
def test_mean_gradient_of_draws_is_the_gradient_of_the_mean(kind: type, setting: dict[str, Any], argument: str) -> None:
    """Draws made from several gammas: only the mean of the gradient is determined. f is bounded and smooth."""
    if not gamma_draws_exist():
        pytest.skip("the gamma draw does not exist yet")
    noise = GraphNoise((COUNT,))
    params = kind(**setting).params
    # one copy of the parameter per draw gives one gradient per draw, and so a standard error
    inputs = {name: make(Input, FLOAT, (COUNT,), name=name, role="param") for name in params}
    x = kind(**setting).with_params(lambda name, _: inputs[name]).draw_from(noise)
    f = 1.0 / (1.0 + ops.square(x - 0.3))
    values = {**noise.values, **{inputs[name]: np.full(COUNT, v) for name, v in params.items()}}
    slopes = interpret(gradient(ops.total(f), [inputs[argument]]), values, {})[0]

    def expectation(shift: float) -> float:
        moved = {**setting, argument: setting[argument] + shift}
        frozen = stats.beta(*moved.values()) if kind is dist.Beta else stats.t(moved["df"])
        return float(frozen.expect(lambda v: 1.0 / (1.0 + (v - 0.3) ** 2), epsabs=1e-13, epsrel=1e-12, limit=200))

    h = 1e-2 * setting[argument]
    expected = (8 * (expectation(h) - expectation(-h)) - (expectation(2 * h) - expectation(-2 * h))) / (12 * h)
    assert abs(slopes.mean() - expected) < 4 * slopes.std() / np.sqrt(COUNT)


def test_uniform_noise_excludes_the_ends() -> None:
    class Extreme:
        def __init__(self, value: int) -> None:
            self.value = value

        def integers(self, low: int, high: int, shape: tuple[int, ...]) -> np.ndarray:
            return np.full(shape, low if self.value == 0 else high - 1)

    for value in (0, 1):
        u = NumpyNoise(Extreme(value), (2,)).uniform()  # type: ignore[arg-type]
        assert ((u > 0.0) & (u < 1.0)).all()
