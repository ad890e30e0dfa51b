"""Kernels over points: each row gets the log density and the gradient that the one-point form gives it."""

import numpy as np
import pytest
from corpus.everything import CASES
from support.stages import EvaluatedAtPoints

import vicompile as vc
import vicompile.distributions as dist
from vicompile.compiler import Pair, Points
from vicompile.objective import joint_log_density


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_stage_gives_each_point_its_density_and_gradient(case):
    try:
        one = EvaluatedAtPoints(case.model, case.args, kwargs=case.kwargs)
    except vc.CompileError as error:
        if error.diagnostics[0].code not in ("random-subsample", "no-unconstrained-form"):
            raise
        pytest.skip(error.diagnostics[0].text("message"))
    values, gradients = one.graph()
    np.testing.assert_allclose(values, [one.objective_loss(row) for row in one.rows], rtol=1e-10)
    size = 1.0 + np.abs(gradients).max(initial=0.0)
    for found_values, found_gradients in (one.python(), one.native()):
        np.testing.assert_allclose(found_values, values, rtol=1e-10)
        np.testing.assert_allclose(found_gradients, gradients, rtol=1e-9, atol=1e-10 * size)
    alone, its_gradient = Points(one.fit)(one.rows[1:2])
    # Not the same bits as with others: sums may run over other lanes.
    np.testing.assert_allclose(alone, values[1:2], rtol=1e-12)
    np.testing.assert_allclose(its_gradient, gradients[1:2], rtol=1e-9, atol=1e-10 * size)


def regression(x, y):
    slope = vc.sample("slope", dist.Normal(0.0, 1.0).expand([x.shape[1]]).to_event(1))
    scale = vc.sample("scale", dist.HalfNormal(1.0))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.Normal(x @ slope, scale), obs=y)


def bound_points(n=50, d=3):
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(n, d)), rng.normal(size=n)
    return Points(Pair(regression, None, question=joint_log_density).bind((x, y), (), {}, {}))


def test_many_points_come_in_parts_that_fit_the_memory(monkeypatch):
    rows = np.random.default_rng(1).normal(size=(23, 4))
    values, gradients = bound_points()(rows)
    monkeypatch.setattr("vicompile.compiler.memory.NATIVE_DOUBLES", 100)
    parts = bound_points()
    assert parts.most < 23
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
            unit = Pair(case.model, None, question=joint_log_density).bind(case.args, (), case.kwargs, {}).compiled.unit
        except vc.CompileError:
            continue
        for node in unit.definitions:
            assert "@particles" not in {name for size in node.shape for name in getattr(size, "symbols", ())}
