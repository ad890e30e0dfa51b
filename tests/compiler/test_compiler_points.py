"""Kernels over points: each row gets the log density and the gradient that the one-point form gives it."""

from functools import partial

import numpy as np
import pytest
from corpus.everything import CASES
from support.stages import Evaluated

import vicompile as vc
import vicompile.distributions as dist
from vicompile.compiler import Pair, Points
from vicompile.infer import LogDensity
from vicompile.objective import joint_log_density

AT_POINTS = partial(joint_log_density, at_points=True)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_graph_at_points_is_that_of_one_point(case):
    try:
        one = Evaluated(case.model, None, case.args, kwargs=case.kwargs, machine_code=False)
    except vc.CompileError as error:
        if error.diagnostics[0].code not in ("random-subsample", "no-unconstrained-form"):
            raise
        pytest.skip(error.diagnostics[0].text("message"))
    value, gradient = one.graph()
    bound = LogDensity(case.model)(*case.args, **case.kwargs)
    rng = np.random.default_rng(2)
    rows = np.stack([rng.normal(size=bound.size), one.flat, rng.normal(size=bound.size)])
    values, gradients = bound.value_and_gradient(rows)
    assert values[1] == pytest.approx(value, rel=1e-10)
    np.testing.assert_allclose(gradients[1], gradient, rtol=1e-9, atol=1e-10 * (1.0 + np.abs(gradient).max(initial=0)))
    for k in (0, 2):
        alone, alone_gradient = bound.value_and_gradient(rows[k])
        # Not the same bits: sums may run over other lanes.
        assert values[k] == pytest.approx(alone, rel=1e-12)
        np.testing.assert_allclose(gradients[k], alone_gradient, rtol=1e-9, atol=1e-10)


def regression(x, y):
    slope = vc.sample("slope", dist.Normal(0.0, 1.0).expand([x.shape[1]]).to_event(1))
    scale = vc.sample("scale", dist.HalfNormal(1.0))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.Normal(x @ slope, scale), obs=y)


def bound_points(n=50, d=3):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(n, d)), rng.normal(size=n)
    return Points(Pair(regression, None, question=AT_POINTS).bind((x, y), (), {}, {}))


def test_many_points_come_in_parts_that_fit_the_memory(monkeypatch):
    rows = np.random.default_rng(1).normal(size=(23, 4))
    values, gradients = bound_points()(rows)
    monkeypatch.setattr("vicompile.compiler.points._MOST_DOUBLES", 100)
    parts = bound_points()
    assert parts._most < 23
    for got, wanted in zip(parts(rows), (values, gradients)):
        np.testing.assert_array_equal(got, wanted)


def test_results_stay_as_they_are_when_the_next_call_comes():
    points = bound_points()
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(4, 4))
    values, gradients = points(rows)
    before = values.copy(), gradients.copy()
    points(rng.normal(size=(4, 4)))
    np.testing.assert_array_equal(values, before[0])
    np.testing.assert_array_equal(gradients, before[1])


def test_nothing_that_is_known_when_data_is_bound_has_an_axis_of_points():
    """Their number differs from call to call, the data is bound once."""
    for case in CASES:
        try:
            unit = Pair(case.model, None, question=AT_POINTS).bind(case.args, (), case.kwargs, {}).compiled.unit
        except vc.CompileError:
            continue
        for node in unit.definitions:
            assert "@particles" not in {name for size in node.shape for name in getattr(size, "symbols", ())}
