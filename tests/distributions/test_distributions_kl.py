"""Divergences: every registered pair against quadrature or sums of both densities; shapes, masks, graphs, errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import integrate
from vector_pairs import VECTOR_PAIRS

import vicompile.distributions as dist
from vicompile.autodiff import gradient
from vicompile.distributions import kl, kl_divergence, register_kl
from vicompile.ir import ops
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import FLOAT, Input, make

PAIRS: list[tuple[Any, Any]] = [
    (dist.Normal(0.3, 0.7), dist.Normal(-0.2, 1.9)),
    (dist.LogNormal(0.3, 0.7), dist.LogNormal(-0.2, 1.9)),
    (dist.HalfNormal(0.7), dist.HalfNormal(1.9)),
    (dist.Laplace(0.5, 0.7), dist.Laplace(0.5, 1.9)),
    (dist.Laplace(0.5, 0.7), dist.Laplace(0.5 - np.sinh(1.25), 0.4)),
    (dist.Cauchy(0.3, 0.7), dist.Cauchy(-0.2, 1.9)),
    (dist.Gumbel(0.3, 0.7), dist.Gumbel(-0.2, 1.9)),
    (dist.Exponential(0.7), dist.Exponential(1.9)),
    (dist.Gamma(2.5, 0.7), dist.Gamma(1.4, 1.9)),
    (dist.InverseGamma(2.5, 0.7), dist.InverseGamma(1.4, 1.9)),
    (dist.Weibull(0.7, 1.6), dist.Gamma(1.4, 1.9)),
    (dist.Weibull(0.7, 1.6), dist.Weibull(1.9, 2.3)),
    (dist.Pareto(1.5, 2.5), dist.Pareto(0.7, 1.4)),
    (dist.Beta(2.5, 1.7), dist.Beta(1.4, 1.9)),
    (dist.Kumaraswamy(2.5, 1.7), dist.Beta(1.4, 1.9)),
    (dist.Kumaraswamy(0.9, 3.7), dist.Beta(0.4, 2.9)),
    (dist.Uniform(0.2, 0.7), dist.Uniform(-0.5, 1.0)),
    (dist.Poisson(0.7), dist.Poisson(1.9)),
    (dist.Bernoulli(0.3), dist.Bernoulli(logits=1.2)),
    (dist.Bernoulli(logits=-0.4), dist.Bernoulli(0.8)),
    (dist.Geometric(0.3), dist.Geometric(logits=1.2)),
    (dist.Geometric(logits=0.4), dist.Geometric(0.2)),
]
NAMES = [f"{k}-{type(p).__name__}-{type(q).__name__}" for k, (p, q) in enumerate(PAIRS)]
every_pair = pytest.mark.parametrize(("p", "q"), PAIRS, ids=NAMES)


def by_definition(p: Any, q: Any) -> float:
    """The mean of the difference of both log densities."""
    if p.is_discrete:
        x = np.arange(p.support.high + 1 if np.isfinite(p.support.high) else 2000.0)
        return float(np.sum(np.exp(p.log_prob(x)) * (p.log_prob(x) - q.log_prob(x))))
    t = np.linspace(-60.0, 60.0, 48001)
    if p.support.name == "real":
        x, log_slope = p.loc + np.sinh(t), np.log(np.cosh(t))
    else:
        t = t * 0.7 if np.isfinite(p.support.high) else t
        x, log_slope = p.support.transform(t), p.support.log_abs_det(t)
    height = np.exp(p.log_prob(x) + log_slope)
    with np.errstate(all="ignore"):
        integrand = np.where(height > 0.0, height * (p.log_prob(x) - q.log_prob(x)), 0.0)
    return float(integrate.simpson(integrand, x=t))


def test_every_registered_pair_is_tested() -> None:
    tested = {(type(p), type(q)) for p, q in PAIRS + VECTOR_PAIRS}
    assert {pair for pair in kl.registered_pairs() if pair[0] is not dist.Delta} == tested


@every_pair
def test_value(p: Any, q: Any) -> None:
    expected = by_definition(p, q)
    assert expected > 0.0
    assert kl_divergence(p, q) == pytest.approx(expected, rel=1e-8)


@every_pair
def test_equal_laws_do_not_diverge(p: Any, q: Any) -> None:
    if type(p) is type(q):
        assert abs(kl_divergence(q, q)) < 1e-13


@every_pair
def test_graph_has_the_value_and_the_gradient(p: Any, q: Any) -> None:
    inputs: dict[str, Any] = {}
    values: dict[Any, Any] = {}

    def symbolic(d: Any, side: str) -> Any:
        def as_input(name: str, value: Any) -> Any:
            node = inputs[f"{side}.{name}"] = make(Input, FLOAT, (), name=f"{side}_{name}", role="param")
            values[node] = np.float64(value)
            return node

        return d.with_params(as_input)

    node = kl_divergence(symbolic(p, "p"), symbolic(q, "q"))
    assert interpret([node], values, {})[0] == pytest.approx(kl_divergence(p, q), rel=1e-12)
    for (name, at), slope in zip(inputs.items(), interpret(gradient(node, list(inputs.values())), values, {})):
        side, parameter = name.split(".")
        h = 1e-3 * abs(values[at])

        def moved(s: float, side: str = side, parameter: str = parameter) -> float:
            change = lambda n, v: v + s if n == parameter else v  # noqa: E731
            pair = (p.with_params(change), q) if side == "p" else (p, q.with_params(change))
            return float(kl_divergence(*pair))

        if type(p) in (dist.Uniform, dist.Laplace) and moved(h) == np.inf:
            continue
        if type(p) is dist.Laplace and p.loc == q.loc and parameter == "loc":
            continue
        difference = (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h)
        assert slope == pytest.approx(difference, rel=1e-7, abs=1e-9), name


def test_nearly_equal_laws_keep_their_digits() -> None:
    e = 1e-6
    assert kl_divergence(dist.Normal(0, 1 + e), dist.Normal(0, 1)) == pytest.approx(e * e, rel=1e-5)
    assert kl_divergence(dist.Poisson(1e8), dist.Poisson(1e8 + 1)) == pytest.approx(0.5e-8, rel=1e-6)
    assert kl_divergence(dist.Laplace(e, 1), dist.Laplace(0, 1)) == pytest.approx(0.5 * e * e, rel=1e-4)


def test_a_point_mass_and_any_distribution() -> None:
    q = dist.Normal(0.5, 2.0)
    assert kl_divergence(dist.Delta(1.2), q) == pytest.approx(-q.log_prob(1.2))
    assert kl_divergence(dist.Delta(1.2, -0.5), q) == pytest.approx(-0.5 - q.log_prob(1.2))
    assert kl_divergence(dist.Delta(-1.0), dist.Gamma(2.0)) == np.inf
    assert kl_divergence(dist.Delta(1.0), dist.Delta(1.0)) == 0.0
    assert kl_divergence(dist.Delta([1.0, 2.0]).to_event(1), q.expand((2,)).to_event(1)) == pytest.approx(
        -q.log_prob(1.0) - q.log_prob(2.0)
    )


def test_impossible_under_the_second_is_infinite() -> None:
    assert kl_divergence(dist.Uniform(0, 2), dist.Uniform(0, 1)) == np.inf
    assert kl_divergence(dist.Pareto(0.5, 2), dist.Pareto(1.0, 1)) == np.inf
    assert kl_divergence(dist.Bernoulli(0.5), dist.Bernoulli(1.0)) == np.inf
    assert kl_divergence(dist.Bernoulli(1.0), dist.Bernoulli(0.5)) == pytest.approx(np.log(2))
    assert kl_divergence(dist.Bernoulli(0.0), dist.Bernoulli(0.0)) == 0.0
    assert kl_divergence(dist.Geometric(1.0), dist.Geometric(0.25)) == pytest.approx(np.log(4))
    assert kl_divergence(dist.Bernoulli(logits=700.0), dist.Bernoulli(logits=-700.0)) == pytest.approx(700.0)


def test_expansion_event_axes_and_masks() -> None:
    p, q = dist.Normal([0.0, 1.0, 2.0], 1.0), dist.Normal(0.0, 2.0)
    each = np.array([kl_divergence(dist.Normal(loc, 1.0), q) for loc in (0.0, 1.0, 2.0)])
    np.testing.assert_allclose(kl_divergence(p, q), each)
    assert kl_divergence(q.expand((4, 1)), p).shape == (4, 3)
    both = kl_divergence(p.expand((2, 3)).to_event(1), q.expand((3,)).to_event(1))
    np.testing.assert_allclose(both, [each.sum()] * 2)
    np.testing.assert_allclose(kl_divergence(p.mask([True, False, True]), q), [each[0], 0.0, each[2]])
    masked = kl_divergence(p.expand((2, 3)).to_event(1), q.expand((2, 3)).to_event(1).mask([False, True]))
    np.testing.assert_allclose(masked, [0.0, each.sum()])
    assert kl_divergence(p.to_event(1), q.expand((3,)).to_event(1)).shape == ()


def test_the_mean_of_a_kumaraswamys_complement() -> None:
    import mpmath as mp

    from vicompile.distributions.kumaraswamy import mean_log_complement

    for a, b in ((0.01, 0.3), (0.2, 40.0), (1.0, 1.0), (3.0, 0.05), (50.0, 2.0)):
        # By Gauss-Legendre quadrature of many digits over the logarithm of -log(1 - cdf)
        def integrand(t: Any, a: float = a, b: float = b) -> Any:
            s = mp.exp(t)
            return mp.log(-mp.expm1(mp.log1p(-mp.exp(-s / b)) / mp.mpf(a))) * s * mp.exp(-s)

        with mp.workdps(60):
            exact = mp.quad(integrand, [*range(-60, -8, 4), *mp.linspace(-8, 5, 53)])
        assert mean_log_complement(a, b) == pytest.approx(float(exact), rel=1e-11)


def test_wrong_pairs_are_told() -> None:
    with pytest.raises(NotImplementedError, match="knows no closed form for Normal and Gamma; estimate it as the mean"):
        kl_divergence(dist.Normal(), dist.Gamma(1.0))
    with pytest.raises(ValueError, match=r"have one axis, those of Normal.* no axes; use to_event"):
        kl_divergence(dist.Normal([0.0, 1.0]).to_event(1), dist.Normal())
    with pytest.raises(ValueError, match=r"the shapes \(2,\) and \(3,\) do not broadcast"):
        kl_divergence(dist.Normal([0.0, 1.0]), dist.Normal([0.0, 1.0, 2.0]))


def test_a_pair_of_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kl, "_pairs", dict(kl._pairs))

    @register_kl(dist.Rayleigh, dist.Rayleigh)
    def rayleigh(p: Any, q: Any) -> Any:
        t = 2.0 * (ops.log(p.scale) - ops.log(q.scale))
        return ops.expm1(t) - t

    p, q = dist.Rayleigh(0.7), dist.Rayleigh(1.9)
    assert kl_divergence(p, q) == pytest.approx(by_definition(p, q), rel=1e-8)
    assert kl_divergence(p.expand((3,)).to_event(1), q.expand((3,)).to_event(1)) == pytest.approx(3 * rayleigh(p, q))
