"""Around a run: Ctrl-C, the progress bar, and what is not imported."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from svi_problems import adam, quadratic, same_state

from vicompile.svi import progress
from vicompile.svi.driver import advance_state, initial_state, run
from vicompile.svi.progress import Pace

ROOT = Path(__file__).parents[2]


def start(code: str) -> subprocess.Popen[str]:
    paths = os.pathsep.join([str(ROOT), str(Path(__file__).parent)])
    return subprocess.Popen(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": paths}, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


INTERRUPTED = """
import signal
from svi_problems import SLOW, adam, problem_of, same_bits, same_state
from vicompile.svi.driver import advance_state, initial_state, run
signal.signal(signal.SIGINT, signal.default_int_handler)
problem, optimizer = problem_of(SLOW, 1, [{work}]), adam(1)
begin = initial_state(problem, optimizer, [0.0], 3)
advance_state(problem, optimizer, begin)
print("running", flush=True)
outcome = run(problem, optimizer, begin, 100_000_000, progress_bar={bar})
again, losses = advance_state(problem, optimizer, begin, outcome.state.step)
print(outcome.stopped, outcome.state.step > 0, same_state(again, outcome.state), same_bits(losses, outcome.losses))
"""


@pytest.mark.parametrize(("work", "bar"), [(10, "False"), (10, "True"), (3_000_000, "False")])
def test_ctrl_c_gives_what_was_reached(work, bar):
    process = start(INTERRUPTED.format(work=work, bar=bar))
    try:
        assert process.stdout.readline() == "running\n"
        # Time enough for a few native calls; any moment must do.
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.7)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert out == "interrupted True True True\n", err
    assert "Traceback" not in err


def test_importing_the_driver_imports_no_compiler_and_no_bar():
    code = "import sys, vicompile.svi.driver; print({'numba', 'llvmlite', 'scipy', 'tqdm'} & sys.modules.keys())"
    out, err = start(code).communicate(timeout=60)
    assert out == "set()\n", err


def test_the_room_imports_no_compile_time_room():
    code = "import sys, vicompile.svi.driver; print(*sorted(m for m in sys.modules if m.startswith('vicompile.')))"
    out, err = start(code).communicate(timeout=60)
    rooms = {name.split(".")[1] for name in out.split()}
    assert rooms <= {"svi", "jit", "optim", "explain"}, (out, err)


def problem_and_state():
    problem, optimizer = quadratic(2), adam(2)
    return problem, optimizer, initial_state(problem, optimizer, [3.0, 3.0], 0)


def test_a_bar_that_is_asked_for_shows_losses_and_changes_nothing(capsys):
    problem, optimizer, begin = problem_and_state()
    outcome = run(problem, optimizer, begin, 1000, progress_bar=True)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "1000/1000" in shown.err
    assert f"loss {outcome.losses[750:].mean():.6g} (down " in shown.err
    expected, _ = advance_state(problem, optimizer, begin, 1000)
    assert same_state(outcome.state, expected)


@pytest.mark.parametrize("wanted", [None, False])
def test_no_terminal_no_bar(capsys, monkeypatch, wanted):
    monkeypatch.setattr(progress, "QUIET_SECONDS", 0.0)
    problem, optimizer, begin = problem_and_state()
    run(problem, optimizer, begin, 1000, progress_bar=wanted)
    assert capsys.readouterr().err == ""


def test_on_a_terminal_a_longer_run_has_a_bar(capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    problem, optimizer, begin = problem_and_state()
    monkeypatch.setattr(progress, "QUIET_SECONDS", 1e9)
    run(problem, optimizer, begin, 1000)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(progress, "QUIET_SECONDS", 0.0)
    run(problem, optimizer, begin, 1000)
    assert "1000/1000" in capsys.readouterr().err


def test_a_run_without_stderr_is_quiet(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    problem, optimizer, begin = problem_and_state()
    assert run(problem, optimizer, begin, 10).stopped is None


def test_calls_grow_from_one_step_to_the_chosen_time(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(progress.time, "perf_counter", lambda: now[0])
    pace, seen = Pace(), []
    for _ in range(8):
        steps = pace.next_steps(10**9)
        seen.append(steps)
        now[0] += 1e-4 * steps
        pace.measure()
    assert seen[:3] == [1, 8, 64]
    assert all(499 <= steps <= 500 for steps in seen[3:])  # 50 ms at 0.1 ms a step, rounded down
    assert pace.next_steps(7) == 7
    now[0] += 7.0
    pace.measure()
    assert pace.next_steps(10**9) == 1
