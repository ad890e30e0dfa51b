"""The machinery around the fits: the command line, the worker, the tables, the judgement."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks import fresh_process
from benchmarks.__main__ import parse
from benchmarks.agreement import yardstick
from benchmarks.fresh_process import Worker, WorkerError
from benchmarks.report import EngineReport, WorkloadReport, as_json, step_ratio
from benchmarks.runner import save
from benchmarks.table import table
from benchmarks.workloads import WORKLOADS


def test_a_worker_fits_times_and_reports(tmp_path: Path) -> None:
    pytest.importorskip("numba")
    workload = WORKLOADS["coin-10"]
    files = save(workload.make_data(), tmp_path)
    with Worker("limit, sums kept", workload.name, files, tmp_path) as worker:
        answer = worker.ask("fit", steps=50, seed=1)
        expected, _ = workload.limits[0].fit(workload.make_data(), 50, 1)
        assert answer["parameters"] == {
            name: pytest.approx(float(value), rel=1e-12) for name, value in expected.items()
        }
        assert worker.ask("memory")["bytes"] > 1_000_000
        worker.ask("calibrate", seconds=0.001, try_all=True)
        assert worker.ask("time")["set_up"] > 0.0


def test_a_failing_program_is_told(tmp_path: Path) -> None:
    with (
        Worker("no such program", "coin-10", [], tmp_path) as worker,
        pytest.raises(WorkerError, match="no such program"),
    ):
        worker.ask("fit", steps=1, seed=0)


def test_a_hanging_program_is_ended_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    monkeypatch.setattr(fresh_process, "ANSWER_SECONDS", 0.01)
    files = save(WORKLOADS["coin-10"].make_data(), tmp_path)
    with (
        Worker("limit, sums kept", "coin-10", files, tmp_path) as worker,
        pytest.raises(WorkerError, match="no answer"),
    ):
        worker.ask("fit", steps=1, seed=0)


def test_unknown_names_on_the_command_line_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        parse(["coin-11"])
    assert "no workload called coin-11" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        parse(["--peers", "stan"])
    assert "no peer called stan" in capsys.readouterr().err
    assert parse(["--peers", ""]).peers == []


def test_yardstick_accepts_its_own_population_and_refuses_another() -> None:
    rng = np.random.default_rng(0)
    reference = yardstick(list(rng.normal(-7.0, 0.01, 40)))
    assert all(reference.agrees(value) for value in rng.normal(-7.0, 0.01, 200))
    assert not reference.agrees(-7.1)
    with pytest.raises(ValueError, match="at least 3"):
        yardstick([1.0, 2.0])


def report() -> WorkloadReport:
    fast = EngineReport("vicompile", loop="run", step_rounds=[1e-6, 2e-6, 3e-6], elbo=-7.0, agrees=True)
    slow = EngineReport("numpyro", step_rounds=[4e-6, 8e-6, 12e-6], elbo=-9.0, agrees=False)
    broken = EngineReport("pyro", error="ValueError: broken")
    limit = EngineReport("limit", step_rounds=[1e-6, 1e-6, 1e-6])
    return WorkloadReport("w", "a title", [fast, slow, broken, limit], 1, 2, -7.0, 0.1, 10)


def test_table_shows_ratios_errors_and_disagreement() -> None:
    lines = table(report(), "limit").splitlines()
    assert lines[0] == "a title"
    assert "2.000" in lines[2]
    assert "4.00" in lines[3]
    assert "NO" in lines[3]
    assert lines[4].endswith("ValueError: broken")


def test_ratio_is_taken_round_by_round() -> None:
    """A machine that gets slower during the run must not change a ratio."""
    one, other = report().engine("numpyro"), report().engine("vicompile")
    assert step_ratio(one, other) == pytest.approx(4.0, rel=1e-12)
    assert step_ratio(one, report().engine("pyro")) is None


def test_json_holds_every_round() -> None:
    record = as_json({"date": "today"}, [report()])
    assert record["workloads"][0]["engines"][1]["step_rounds"] == [4e-6, 8e-6, 12e-6]
