"""What the bar says of the losses, where it is shown, and that phases of unknown length have one too."""

from __future__ import annotations

import importlib.util
import re
import sys
import types

import numpy as np
import pytest

from vicompile.svi import progress
from vicompile.svi.progress import AVERAGED, Progress, course

NOISE = np.random.default_rng(0).normal(size=40_000)


def test_the_loss_is_the_mean_of_the_last_ones():
    assert course(NOISE[:1]).startswith(f"loss {NOISE[0]:.6g}")
    assert course(NOISE[:1000]).startswith(f"loss {NOISE[750:1000].mean():.6g} ")
    assert course(NOISE).startswith(f"loss {NOISE[-AVERAGED:].mean():.6g} ")


@pytest.mark.parametrize("length", [400, 4000, 40_000])
def test_a_trend_is_told_by_a_thousand_steps(length):
    steps = np.arange(length)
    falling, rising = (course(0.1 * NOISE[:length] + slope * steps) for slope in (-0.01, 0.01))
    assert float(re.search(r"\(down (\S+)/1k steps\)", falling)[1]) == pytest.approx(10.0, rel=0.11)
    assert float(re.search(r"\(up (\S+)/1k steps\)", rising)[1]) == pytest.approx(10.0, rel=0.11)


def test_noise_is_no_trend():
    texts = [course(np.random.default_rng(seed).normal(size=1000)) for seed in range(200)]
    assert sum("steady" in text for text in texts) > 180
    assert "(" not in course(NOISE[:31])
    assert course(np.full(100, 3.0)) == "loss 3 (steady)"
    assert course(np.full(100, np.nan)) == "loss nan (steady)"


@pytest.fixture
def notebook(monkeypatch):
    class ZMQInteractiveShell:
        pass

    class Shell(ZMQInteractiveShell):
        pass

    module = types.ModuleType("IPython")
    module.get_ipython = Shell
    monkeypatch.setitem(sys.modules, "IPython", module)


def test_a_notebook_without_widgets_gets_a_line_of_text(notebook, monkeypatch, capsys):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(progress, "QUIET_SECONDS", 0.0)
    with Progress(1000, None) as bar:
        bar.move(NOISE, 1000)
    shown = capsys.readouterr().err
    assert "1000/1000" in shown
    assert "Warning" not in shown


def test_a_notebook_with_widgets_gets_its_own_bar(notebook, monkeypatch):
    made = types.ModuleType("tqdm.notebook")
    made.tqdm = object()
    monkeypatch.setitem(sys.modules, "tqdm.notebook", made)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    assert progress._bar_class() is made.tqdm


def test_a_shell_in_a_terminal_is_no_notebook(monkeypatch):
    module = types.ModuleType("IPython")
    module.get_ipython = type("TerminalInteractiveShell", (), {})
    monkeypatch.setitem(sys.modules, "IPython", module)
    assert not progress._in_notebook()


def test_phases_of_unknown_length(capsys):
    with Progress(None, True) as bar:
        bar.phase("mode")
        bar.phase("full rank, 256 draws", -123.456789)
    shown = capsys.readouterr().err
    assert "mode [" in shown
    assert "full rank, 256 draws, ELBO -123.457 [" in shown
    assert "%" not in shown
    with Progress(None, None) as quiet:
        quiet.phase("mode")
    assert capsys.readouterr().err == ""


def test_a_run_that_goes_on_begins_where_it_was(capsys):
    with Progress(1000, True, 600) as bar:
        bar.move(NOISE, 700)
    assert "700/1000" in capsys.readouterr().err
