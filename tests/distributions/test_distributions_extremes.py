"""Gradients at the extreme points of the rows: what autodiff gives, against derivatives in many digits."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np
import pytest
from distribution_row import Row
from distribution_rows import ROWS

from vicompile.autodiff import gradient
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import FLOAT, Input, make

ALL = [(f"{row.kind.__name__}-{k}", row, *extreme[:2]) for row in ROWS for k, extreme in enumerate(row.extremes)]


def is_scalar(setting: dict[str, Any], x: Any) -> bool:
    return all(isinstance(value, (int, float)) for value in (x, *setting.values()))


EXTREMES = [(row, setting, x) for _, row, setting, x in ALL if is_scalar(setting, x)]
NAMES = [name for name, _, setting, x in ALL if is_scalar(setting, x)]
OTHERS = [(row, setting, x) for _, row, setting, x in ALL if not is_scalar(setting, x)]
OTHER_NAMES = [name for name, _, setting, x in ALL if not is_scalar(setting, x)]


def slope(row: Row, setting: dict[str, float], x: float, name: str) -> float:
    """The derivative of the exact log density by `name`, so many digits that no difference is lost."""
    with mp.workdps(800):
        numbers = {"x": mp.mpf(x), **{k: mp.mpf(v) for k, v in setting.items()}}
        h = abs(numbers[name]) * mp.mpf(10) ** -100 or mp.mpf(10) ** -100
        ends = []
        for sign in (1, -1):
            moved = {**numbers, name: numbers[name] + sign * h}
            ends.append(row.exact(moved.pop("x"), **moved))
        return float((ends[0] - ends[1]) / (2 * h))


@pytest.mark.parametrize(("row", "setting", "x"), EXTREMES, ids=NAMES)
def test_gradients_are_right_at_extreme_points(row: Row, setting: dict[str, float], x: float) -> None:
    d = row.kind(**setting)
    at_the_edge = not d.is_discrete and x in (d.support.low, d.support.high)
    if at_the_edge or any(setting.get("probs") == edge for edge in (0.0, 1.0)) or setting.get("peak") in (x, 0.0):
        pytest.skip("no derivative at the boundary")
    # Whole numbers are no parameters to be learnt.
    learnt = [name for name in setting if not row.kind.arg_constraints[name].is_discrete]
    params = {name: make(Input, FLOAT, (), name=name, role="param") for name in learnt}
    node = make(Input, FLOAT, (), name="x", role="data")
    density = d.with_params(lambda name, value: params.get(name, value)).elementwise_log_prob(node)
    values: dict[Any, Any] = {node: np.float64(x), **{params[name]: np.float64(setting[name]) for name in params}}
    wrt = {**params, **({} if row.kind.is_discrete else {"x": node})}
    for name, found in zip(wrt, interpret(gradient(density, list(wrt.values())), values, {})):
        at = x if name == "x" else setting[name]
        exact = slope(row, setting, x, name)
        if x in row.kinks and at == x:
            continue
        # In relative steps of the argument, because its size is extreme too.
        size = abs(at) or 1.0
        assert abs(found - exact) * size <= 1e-6 * max(1.0, abs(exact) * size), name


@pytest.mark.parametrize(("row", "setting", "x"), OTHERS, ids=OTHER_NAMES)
def test_gradients_of_vectors_and_inner_parameters_are_finite(row: Row, setting: dict[str, Any], x: Any) -> None:
    d = row.kind(**setting)
    if not np.isfinite(d.log_prob(x)):
        pytest.skip("no derivative where there is no density")
    if d.event_dim and 0.0 in setting.get("probs", ()):
        pytest.skip("counts and probabilities stay a product in a graph, and 0 * log(0) is NaN there")
    numbers = {k: np.asarray(v, float) for k, v in d.numbers().items() if not on_the_edge(k, v)}
    inputs = {name: make(Input, FLOAT, v.shape, name=name, role="param") for name, v in numbers.items()}
    point = np.asarray(x, float)
    node = make(Input, FLOAT, point.shape, name="x", role="data")
    density = d.with_params(lambda name, value: inputs.get(name, value)).elementwise_log_prob(node)
    values: dict[Any, Any] = {node: point, **{inputs[name]: v for name, v in numbers.items()}}
    for found in interpret(gradient(density, list(inputs.values())), values, {}):
        assert np.isfinite(found).all()


def on_the_edge(name: str, value: Any) -> bool:
    return name.endswith("gate") and value in (0.0, 1.0)
