"""The distribution declared on the page docs/add-a-distribution.md works as the page says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import integrate

import vicompile.distributions as dist
from vicompile.autodiff import gradient
from vicompile.ir import ops
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import FLOAT, Input, make

PAGE = Path(__file__).parents[2] / "docs" / "add-a-distribution.md"


@pytest.fixture(scope="module")
def lomax() -> Any:
    code = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)[0]
    names: dict[str, Any] = {"__name__": "the_page"}
    exec(compile(code, str(PAGE), "exec"), names)
    return names["Lomax"]


def test_density(lomax: Any) -> None:
    scale, alpha, x = 2.0, 3.0, np.array([0.1, 0.5, 9.0])
    np.testing.assert_allclose(
        lomax(scale, alpha).log_prob(x), np.log(alpha / scale * (1 + x / scale) ** (-1 - alpha)), rtol=1e-13
    )
    assert lomax(scale, alpha).log_prob(-1.5) == -np.inf
    total, _ = integrate.quad(lambda v: np.exp(lomax(scale, alpha).log_prob(v)), 0, np.inf)
    assert total == pytest.approx(1.0, abs=1e-8)


def test_draws_follow_the_cdf(lomax: Any) -> None:
    count = 20_000
    x = np.sort(lomax(2.0, 3.0).sample((count,), key=1))
    distance = np.abs(lomax(2.0, 3.0).cdf(x) - (np.arange(count) + 0.5) / count).max()
    assert distance < np.sqrt(np.log(2 / 1e-4) / (2 * count)) + 0.5 / count


def test_gradient_through_the_graph(lomax: Any) -> None:
    scale = make(Input, FLOAT, (), name="scale", role="param")
    x = make(Input, FLOAT, (3,), name="x", role="data")
    values = {scale: np.float64(2.0), x: np.array([0.1, 0.5, 0.9])}
    found = interpret(gradient(ops.total(lomax(scale, 3.0).log_prob(x)), [scale]), values, {})[0]

    def density(at: float) -> float:
        return float(lomax(at, 3.0).log_prob(values[x]).sum())

    h = 1e-3
    slope = (8 * (density(2 + h) - density(2 - h)) - (density(2 + 2 * h) - density(2 - 2 * h))) / (12 * h)
    assert found == pytest.approx(slope, rel=1e-9)


def test_arguments_are_checked(lomax: Any) -> None:
    with pytest.raises(ValueError, match=r"Lomax: the argument `scale` is -1.0, expected positive \(x > 0\)"):
        lomax(-1.0, 2.0)


@pytest.fixture(scope="module")
def shifted() -> Any:
    names: dict[str, Any] = {"__name__": "the_page"}
    for code in re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)[:2]:
        exec(compile(code, str(PAGE), "exec"), names)
    return names["Shifted"]


def test_a_distribution_made_from_another_one(shifted: Any) -> None:
    d = shifted(dist.Normal(0.5, 2.0), 3.0, 0.3)
    x = np.array([-1.0, 0.2, 4.0])
    expected = np.log(0.3 * np.exp(dist.Normal(3.5, 2.0).log_prob(x)) + 0.7 * np.exp(dist.Normal(0.5, 2.0).log_prob(x)))
    np.testing.assert_allclose(d.log_prob(x), expected, rtol=1e-13)
    draws = d.sample((20_000,), key=2)
    assert abs(draws.mean() - d.mean) < 4 * draws.std() / np.sqrt(len(draws))
    with pytest.raises(ValueError, match="Shifted: `base_dist` must be a distribution of real numbers, not Gamma"):
        shifted(dist.Gamma(2.0), 3.0, 0.3)
    with pytest.raises(TypeError, match=r"Shifted: the argument `base_dist` is 0.5 of type float; a distribution was"):
        shifted(0.5, 3.0, 0.3)


def test_its_inner_parameters_have_gradients(shifted: Any) -> None:
    loc = make(Input, FLOAT, (), name="loc", role="param")
    node = ops.total(shifted(dist.Normal(loc, 2.0), 3.0, 0.3).log_prob(1.25))
    slope = interpret(gradient(node, [loc]), {loc: np.float64(0.5)}, {})[0]

    def density(value: float) -> float:
        return float(shifted(dist.Normal(value, 2.0), 3.0, 0.3).log_prob(1.25))

    h = 1e-3
    expected = (8 * (density(0.5 + h) - density(0.5 - h)) - (density(0.5 + 2 * h) - density(0.5 - 2 * h))) / (12 * h)
    assert slope == pytest.approx(expected, rel=1e-9)
