"""The distribution declared on the page docs/add-a-distribution.md works as the page says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import integrate

from vicompile.autodiff import gradient
from vicompile.ir import ops
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import FLOAT, Input, make

PAGE = Path(__file__).parents[2] / "docs" / "add-a-distribution.md"


@pytest.fixture(scope="module")
def kumaraswamy() -> Any:
    code = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)[0]
    names: dict[str, Any] = {"__name__": "the_page"}
    exec(compile(code, str(PAGE), "exec"), names)
    return names["Kumaraswamy"]


def test_density(kumaraswamy: Any) -> None:
    a, b, x = 2.0, 3.0, np.array([0.1, 0.5, 0.9])
    np.testing.assert_allclose(
        kumaraswamy(a, b).log_prob(x), np.log(a * b * x ** (a - 1) * (1 - x**a) ** (b - 1)), rtol=1e-13
    )
    assert kumaraswamy(a, b).log_prob(1.5) == -np.inf
    total, _ = integrate.quad(lambda v: np.exp(kumaraswamy(a, b).log_prob(v)), 0, 1)
    assert total == pytest.approx(1.0, abs=1e-10)


def test_draws_follow_the_cdf(kumaraswamy: Any) -> None:
    count = 20_000
    x = np.sort(kumaraswamy(2.0, 3.0).sample((count,), key=1))
    distance = np.abs(kumaraswamy(2.0, 3.0).cdf(x) - (np.arange(count) + 0.5) / count).max()
    assert distance < np.sqrt(np.log(2 / 1e-4) / (2 * count)) + 0.5 / count


def test_gradient_through_the_graph(kumaraswamy: Any) -> None:
    a = make(Input, FLOAT, (), name="a", role="param")
    x = make(Input, FLOAT, (3,), name="x", role="data")
    values = {a: np.float64(2.0), x: np.array([0.1, 0.5, 0.9])}
    found = interpret(gradient(ops.total(kumaraswamy(a, 3.0).log_prob(x)), [a]), values, {})[0]

    def density(concentration1: float) -> float:
        return float(kumaraswamy(concentration1, 3.0).log_prob(values[x]).sum())

    h = 1e-3
    slope = (8 * (density(2 + h) - density(2 - h)) - (density(2 + 2 * h) - density(2 - 2 * h))) / (12 * h)
    assert found == pytest.approx(slope, rel=1e-9)


def test_arguments_are_checked(kumaraswamy: Any) -> None:
    with pytest.raises(
        ValueError, match=r"Kumaraswamy: the argument `concentration1` is -1.0, expected positive \(x > 0\)"
    ):
        kumaraswamy(-1.0, 2.0)
