"""Divergences between families of vectors: known values, the mean over draws, gradients, batches."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from settings import shifted
from vector_pairs import COVARIANCE, VECTOR_PAIRS

import vicompile.distributions as dist
from vicompile.autodiff import gradient
from vicompile.distributions import kl_divergence
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import FLOAT, Input, make

every_pair = pytest.mark.parametrize(
    ("p", "q"), VECTOR_PAIRS, ids=[f"{type(p).__name__}-{type(q).__name__}" for p, q in VECTOR_PAIRS]
)


def test_a_known_answer() -> None:
    """By hand: the inverse is [[0.5, -0.8], [-0.8, 2]] / 0.36. In single precision it is told as 3.21138."""
    p = dist.MultivariateNormal(np.zeros(2), np.eye(2))
    assert kl_divergence(p, dist.MultivariateNormal(np.ones(2), COVARIANCE)) == pytest.approx(
        0.5 * (2.5 / 0.36 + 0.9 / 0.36 - 2.0 + np.log(0.36)), rel=1e-13
    )


@every_pair
def test_the_mean_over_draws(p: Any, q: Any) -> None:
    if p.is_discrete and not p.event_dim:
        x = np.arange(3)
        assert kl_divergence(p, q) == pytest.approx(np.sum(p.probs * (p.log_prob(x) - q.log_prob(x))), rel=1e-12)
        return
    x = p.sample((40_000,), key=3)
    gap = p.log_prob(x) - q.log_prob(x)
    assert abs(gap.mean() - kl_divergence(p, q)) < 4 * gap.std() / np.sqrt(len(gap))


@every_pair
def test_equal_laws_do_not_diverge(p: Any, q: Any) -> None:
    assert abs(kl_divergence(q, q)) < 1e-13
    if type(p) is dist.Normal:
        same = dist.MultivariateNormal([0.3, 0.3], np.diag([0.25, 4.0]))
        assert abs(kl_divergence(p, same)) < 1e-13
        assert abs(kl_divergence(same, p)) < 1e-13


@every_pair
def test_graph_has_the_value_and_the_gradient(p: Any, q: Any) -> None:
    inputs: dict[str, Any] = {}
    values: dict[Any, Any] = {}

    def symbolic(d: Any, side: str) -> Any:
        def as_input(name: str, value: Any) -> Any:
            array = np.asarray(value, float)
            node = inputs[f"{side}.{name}"] = make(Input, FLOAT, array.shape, name=f"{side}_{name}", role="param")
            values[node] = array
            return node

        return d.with_params(as_input)

    node = kl_divergence(symbolic(p, "p"), symbolic(q, "q"))
    assert interpret([node], values, {})[0] == pytest.approx(kl_divergence(p, q), rel=1e-12)
    for (name, at), slope in zip(inputs.items(), interpret(gradient(node, list(inputs.values())), values, {})):
        side, parameter = name.split(".")
        if parameter == "probs":
            continue  # moved alone they are no probabilities
        for place in np.ndindex(values[at].shape):

            def moved(h: float, side: str = side, parameter: str = parameter, place: Any = place) -> float:
                change = lambda n, v: shifted(v, place, h) if n == parameter else v  # noqa: E731
                pair = (p.with_params(change), q) if side == "p" else (p, q.with_params(change))
                return float(kl_divergence(*pair))

            h = 1e-3
            difference = (8 * (moved(h) - moved(-h)) - (moved(2 * h) - moved(-2 * h))) / (12 * h)
            assert slope[place] == pytest.approx(difference, rel=1e-7, abs=1e-8), (name, place)


def test_batches_event_axes_and_point_masses() -> None:
    p, q = VECTOR_PAIRS[0]
    one = kl_divergence(p, q)
    np.testing.assert_allclose(kl_divergence(p.expand((3,)), q), [one] * 3)
    assert kl_divergence(p.expand((3,)).to_event(1), q.expand((3,)).to_event(1)) == pytest.approx(3 * one)
    independent = dist.Normal(0.0, 2.0)
    both = kl_divergence(p.expand((3,)).to_event(1), independent.expand((3, 2)).to_event(2))
    assert both == pytest.approx(3 * kl_divergence(p, independent.expand((2,)).to_event(1)))
    back = kl_divergence(independent.expand((3, 2)).to_event(2), p.expand((3,)).to_event(1))
    assert back == pytest.approx(3 * kl_divergence(independent.expand((2,)).to_event(1), p))
    point = np.array([0.4, -0.3])
    assert kl_divergence(dist.Delta(point, -0.25).to_event(1), p) == pytest.approx(-0.5 - p.log_prob(point))


def test_impossible_categories() -> None:
    certain, even = dist.Categorical([1.0, 0.0]), dist.Categorical([0.5, 0.5])
    assert kl_divergence(certain, even) == pytest.approx(np.log(2))
    assert kl_divergence(even, certain) == np.inf
    assert kl_divergence(certain, certain) == 0.0
