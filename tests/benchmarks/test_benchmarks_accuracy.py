"""The yardsticks of docs/accuracy.md, on targets whose optimum is known, and the peers' targets."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks.accuracy.optimum import Gaussian, Optimum, find_optimum, newton_step, pairs
from benchmarks.accuracy.problem import FOLDER, Moments, Problem, problems
from benchmarks.accuracy.scoring import against, score
from benchmarks.accuracy.store import Store
from benchmarks.accuracy.tally import Program, Scored, told

pytest.importorskip("numba")

MEAN = np.array([1.0, -20.0, 3e3])
ROOT = np.array([[2.0, 0.0, 0.0], [1.0, 0.1, 0.0], [50.0, 300.0, 100.0]])
COVARIANCE = ROOT @ ROOT.T
SDS = np.sqrt(np.diagonal(COVARIANCE))


def gaussian_problem():
    """The log density of a Gaussian, with the identity for parameters."""
    precision = np.linalg.inv(COVARIANCE)

    def density(points):
        gradients = -(points - MEAN) @ precision
        return 0.5 * ((points - MEAN) * gradients).sum(axis=1), gradients

    exact = Moments(MEAN, SDS)
    posterior = SimpleNamespace(name="none/gaussian", model=density)
    return Problem(posterior, (), 3, [], density, lambda points: points, ["a", "b", "c"], exact, exact, {})


def start():
    return Gaussian(MEAN + SDS, np.diag(3.0 * SDS))


def test_pairs_have_the_moments_of_a_standard_normal():
    z = pairs(256, 5, seed=1)
    np.testing.assert_allclose(z.mean(axis=0), 0.0, atol=1e-12)
    np.testing.assert_allclose(z.T @ z / len(z), np.eye(5), atol=1e-12)


def test_the_optimum_of_full_rank_is_the_gaussian_itself():
    found = find_optimum(gaussian_problem(), "fullrank", start(), start())
    np.testing.assert_allclose((found.gaussian.mean - MEAN) / SDS, 0.0, atol=1e-3)
    covariance = found.gaussian.factor @ found.gaussian.factor.T
    np.testing.assert_allclose(covariance / np.outer(SDS, SDS), COVARIANCE / np.outer(SDS, SDS), atol=3e-3)
    assert max(found.move, found.widening) < 3e-3


def test_the_optimum_of_mean_field_has_the_deviations_given_the_other_components():
    full = Gaussian(MEAN, ROOT)
    found = find_optimum(gaussian_problem(), "meanfield", start(), full)
    np.testing.assert_allclose((found.gaussian.mean - MEAN) / SDS, 0.0, atol=1e-3)
    np.testing.assert_allclose(found.gaussian.sds, np.diagonal(np.linalg.inv(COVARIANCE)) ** -0.5, rtol=3e-3)


def test_one_newton_step_tells_the_distance_to_the_optimum():
    """Of a Gaussian target, whatever the distance, up to the noise of the draws."""
    shifted = Gaussian(MEAN + 0.3 * SDS, 1.2 * ROOT)
    move, widening = newton_step(gaussian_problem(), "fullrank", shifted, Gaussian(MEAN, ROOT), 1 << 14, seed=2)
    assert move == pytest.approx(0.3, abs=0.01)
    assert widening == pytest.approx(np.log(1.2), abs=0.01)


def test_errors_against_a_reference():
    reference = Moments(np.array([0.0, 10.0]), np.array([1.0, 2.0]))
    assert against(reference, Moments(np.array([0.1, 9.0]), np.array([1.1, 1.0]))) == pytest.approx((0.5, 0.5, 1.1))
    assert against(reference, Moments(np.array([np.nan, 9.0]), np.array([1.1, 1.0]))) == (np.inf, 0.0, np.inf)


def test_misses_and_alarms_are_told_apart():
    problem = gaussian_problem()
    best = Optimum(Gaussian(MEAN, ROOT), 0.0, 0.0, 0.0, 0)
    good = {"mean": MEAN, "factor": ROOT, "converged": True, "quality": "good"}
    off = good | {"mean": MEAN + SDS}
    runs = [good, off, good | {"quality": "usable"}, off | {"converged": False}]
    scores = [score(problem, run, best, best) for run in runs]
    assert [one.is_hit() for one in scores] == [True, False, True, False]
    assert scores[1].at_mean == pytest.approx(1.0)
    program = Program("ours", "fullrank", True, [Scored(problem, runs, scores)])
    assert told(program) == {"silent": ["gaussian"], "false": ["gaussian"]}
    assert told(Program("ours", "fullrank", True, [Scored(problem, runs[::3], scores[::3])])) == {
        "silent": [],
        "false": [],
    }


def test_runs_are_made_once(tmp_path):
    store, made = Store(tmp_path), []

    def make():
        made.append(1)
        return [{"mean": np.array([1.0, 2.0]), "is_right": np.True_}]

    assert [store.runs("a", "b", make) for _ in range(2)] == [[{"mean": [1.0, 2.0], "is_right": True}]] * 2
    assert made == [1]


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"{FOLDER} is missing")
@pytest.mark.parametrize("name", ["eight_schools_noncentered", "garch", "gp_regr", "radon_hierarchical"])
def test_numpyro_has_the_same_target(name):
    pytest.importorskip("numpyro")
    from benchmarks.accuracy.numpyro_language import numpyro_models
    from benchmarks.accuracy.with_numpyro import check

    (problem,) = problems(name)
    check(numpyro_models()[problem.posterior.name], problem)
