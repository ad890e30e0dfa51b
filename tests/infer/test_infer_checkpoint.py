"""Runs with checkpoints: killed at any moment they end with the bits of a run that nobody has touched."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from infer_models import coin, coin_guide, location, location_guide

import vicompile as vc
import vicompile.distributions as dist
from vicompile import DataError, optim
from vicompile.infer import SVI, Trace_ELBO, archive
from vicompile.infer.checkpoint import Checkpoint
from vicompile.optim import Adam, ClippedAdam

HERE = Path(__file__).parent
DATA = np.random.default_rng(0).normal(3.0, 1.0, 10)
FLIPS = np.array([1.0, 1.0, 0.0, 1.0])

RUN = """
import sys
import numpy as np
from infer_models import location, location_guide
from vicompile.infer import SVI
from vicompile.optim import Adam
svi = SVI(location, location_guide, Adam(0.01))
data = np.random.default_rng(0).normal(3.0, 1.0, 10)
svi.run(1, data)
print("begins", flush=True)
svi.run(3000, data, seed=5, checkpoint=sys.argv[1], checkpoint_every=3)
"""


def loaded_coin(data):
    f = vc.sample("latent_fairness", dist.Beta(10.0, 12.0))
    with vc.plate("flips", len(data)):
        vc.sample("obs", dist.Bernoulli(f), obs=data)


def same(one, other):
    return one.shape == other.shape and one.tobytes() == other.tobytes()


def same_end(one, other):
    one_state, other_state = one.state.inner, other.state.inner
    return (
        same(one.losses, other.losses)
        and same(one_state.params, other_state.params)
        and same(one_state.optimizer_state, other_state.optimizer_state)
        and (one_state.step, one_state.seed) == (other_state.step, other_state.seed)
    )


def test_a_run_that_is_killed_again_and_again_ends_with_the_same_bits(tmp_path):
    path, rng, killed = tmp_path / "run.fit", random.Random(11), 0
    paths = os.pathsep.join([str(HERE), str(HERE.parents[1])])
    for turn in range(5):
        process = subprocess.Popen(
            [sys.executable, "-c", RUN, str(path)], env={**os.environ, "PYTHONPATH": paths}, stdout=subprocess.PIPE
        )
        try:
            assert process.stdout.readline() == b"begins\n"
            # It writes nearly all the time, so that most kills come in the middle of a write.
            process.wait(None if turn == 4 else rng.uniform(0.02, 0.3))
        except subprocess.TimeoutExpired:
            killed += 1
        finally:
            process.kill()
            process.communicate()
        assert vc.load_fit(path).state.step == len(vc.load_fit(path).losses)
    assert killed
    loaded = vc.load_fit(path)
    assert same_end(loaded, SVI(location, location_guide, Adam(0.01)).run(3000, DATA, seed=5))
    assert loaded.stopped == "steps"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "settings", [{}, {"checkpoint_every": 7}, {"checkpoint_seconds": 0.0}, {"checkpoint_seconds": None}]
)
def test_a_run_goes_on_from_its_file(tmp_path, settings):
    svi, path = SVI(coin, coin_guide, ClippedAdam(0.01, lrd=0.999), Trace_ELBO(2)), tmp_path / "run.fit"
    expected = svi.run(90, FLIPS, seed=3)
    first = svi.run(50, FLIPS, seed=3, checkpoint=path, **settings)
    assert same(first.losses, expected.losses[:50])
    result = svi.run(90, FLIPS, seed=3, checkpoint=str(path), **settings)
    assert same_end(result, expected)
    again = svi.run(90, FLIPS, seed=3, checkpoint=path, **settings)
    assert same_end(again, expected)
    assert dict(vc.get_param_store().items()) == expected.params
    assert same_end(vc.load_fit(path), expected)


def test_files_are_written_every_so_many_steps(tmp_path, monkeypatch):
    written, write = [], archive.write_archive

    def count(path, facts, arrays):
        written.append(len(arrays["losses"]))
        write(path, facts, arrays)

    monkeypatch.setattr("vicompile.infer.keeping.write_archive", count)
    svi, path = SVI(coin, coin_guide, Adam(0.01)), tmp_path / "run.fit"
    svi.run(25, FLIPS, checkpoint=path, checkpoint_every=10)
    assert written == [0, 10, 20, 25]
    svi.run(45, FLIPS, checkpoint=path, checkpoint_every=10)
    assert written == [0, 10, 20, 25, 30, 40, 45]
    del written[:]
    svi.run(100_000, FLIPS, checkpoint=tmp_path / "other.fit")
    assert written == [0, 100_000]


def test_a_run_that_has_arrived_stays_there(tmp_path):
    svi, path = SVI(coin, coin_guide, Adam(0.01)), tmp_path / "run.fit"
    expected = svi.run(50_000, FLIPS, tol=0.02)
    assert expected.stopped == "converged"
    assert 700 < len(expected.losses) < 50_000
    part = svi.run(700, FLIPS, tol=0.02, checkpoint=path)
    assert part.stopped == "steps"
    for _ in range(2):
        result = svi.run(50_000, FLIPS, tol=0.02, checkpoint=path)
        assert same_end(result, expected)
        assert result.stopped == vc.load_fit(path).stopped == "converged"
    # Without the rule, or with a stricter one, the same file goes on.
    assert svi.run(len(expected.losses) + 5, FLIPS, checkpoint=path).stopped == "steps"


def test_what_ctrl_c_ended_is_kept(tmp_path, monkeypatch, capsys):
    svi, path = SVI(coin, coin_guide, Adam(0.01)), tmp_path / "run.fit"
    look = Checkpoint.look

    def interrupted(self, losses, snapshot):
        if len(losses) == 30:
            raise KeyboardInterrupt
        return look(self, losses, snapshot)

    monkeypatch.setattr(Checkpoint, "look", interrupted)
    part = svi.run(90, FLIPS, checkpoint=path, checkpoint_every=10)
    assert part.interrupted
    assert "interrupted after 30 of 90 steps" in capsys.readouterr().err
    assert same_end(vc.load_fit(path), part)
    assert vc.load_fit(path).interrupted
    monkeypatch.undo()
    assert same_end(svi.run(90, FLIPS, checkpoint=path), svi.run(90, FLIPS))


def decay(rate):
    return Adam(optim.schedules.exponential_decay(0.05, 10, rate))


@pytest.mark.filterwarnings("ignore:Minimize ended")
@pytest.mark.parametrize(
    ("chosen", "other"),
    [
        (decay(0.9), decay(0.8)),
        (optim.Averaged(Adam(0.05)), Adam(0.05)),
        (optim.Minimize(), optim.Minimize(memory=3)),
    ],
    ids=["schedule", "average", "minimiser"],
)
def test_schedules_averages_and_minimisers_go_on(tmp_path, chosen, other):
    svi, path = SVI(coin, coin_guide, chosen, Trace_ELBO(20)), tmp_path / "run.fit"
    expected = svi.run(6, FLIPS)
    svi.run(4, FLIPS, checkpoint=path, checkpoint_every=2)
    result = svi.run(6, FLIPS, checkpoint=path)
    assert same_end(result, expected)
    assert result.params == expected.params == vc.load_fit(path).params
    with pytest.raises(DataError, match="another optimizer"):
        SVI(coin, coin_guide, other, Trace_ELBO(20)).run(6, FLIPS, checkpoint=path)


def test_a_run_from_a_state_has_its_checkpoint_too(tmp_path):
    svi, path = SVI(coin, coin_guide, Adam(0.01)), tmp_path / "run.fit"
    start = svi.run(10, FLIPS).state
    expected = svi.run(30, FLIPS, init_state=start)
    svi.run(20, FLIPS, init_state=start, checkpoint=path)
    assert same_end(svi.run(30, FLIPS, init_state=start, checkpoint=path), expected)
    with pytest.raises(DataError, match="from other initial values"):
        svi.run(30, FLIPS, checkpoint=path)


def test_the_checkpoint_of_another_run_is_refused(tmp_path):
    path, svi = tmp_path / "run.fit", SVI(coin, coin_guide, Adam(0.01))
    svi.run(20, FLIPS, checkpoint=path)

    def other(told, svi, *args, steps=30, **kwargs):
        with pytest.raises(DataError, match=r"checkpoint-of-another-run.*" + told) as raised:
            svi.run(steps, *args, checkpoint=path, **kwargs)
        assert str(path) in str(raised.value)
        assert "help: delete the file" in str(raised.value)

    other("other parameters", SVI(location, location_guide, Adam(0.01)), FLIPS)
    other("another model or guide", SVI(loaded_coin, coin_guide, Adam(0.01)), FLIPS)
    other("other data", svi, FLIPS[::-1].copy())
    other("other data or sizes", svi, FLIPS[:3])
    other("other data or sizes", SVI(coin, coin_guide, Adam(0.01), Trace_ELBO(2)), FLIPS)
    other("another optimizer", SVI(coin, coin_guide, Adam(0.02)), FLIPS)
    other("another optimizer", SVI(coin, coin_guide, ClippedAdam(0.01)), FLIPS)
    other("another seed", svi, FLIPS, seed=1)
    other("other initial values", svi, FLIPS, init_params={"alpha_q": 3.0})
    other("20 steps, and only 10 are asked for", svi, FLIPS, steps=10)
    svi.run(20, FLIPS).save(path)
    other("written by `save`", svi, FLIPS)
    path.write_bytes(b"nothing")
    with pytest.raises(DataError, match="fit-file-invalid"):
        svi.run(30, FLIPS, checkpoint=path)


def test_what_cannot_be_written_is_told_before_the_first_step(tmp_path):
    with pytest.raises(FileNotFoundError):
        SVI(coin, coin_guide, Adam(0.01)).run(10**9, FLIPS, checkpoint=tmp_path / "none" / "run.fit")


def test_a_disk_that_fills_up_does_not_end_the_run(tmp_path, monkeypatch):
    svi, path = SVI(coin, coin_guide, Adam(0.01)), tmp_path / "run.fit"
    svi.run(10, FLIPS, checkpoint=path)

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive.os, "fsync", full)
    with pytest.warns(UserWarning, match="the checkpoint after 30 steps was not written: .*No space left"):
        result = svi.run(30, FLIPS, checkpoint=path)
    assert same_end(result, svi.run(30, FLIPS))
    assert len(vc.load_fit(path).losses) == 10


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"checkpoint_every": 0}, "checkpoint_every must be a whole number"),
        ({"checkpoint_every": 2.5}, "checkpoint_every must be a whole number"),
        ({"checkpoint_seconds": -1.0}, "checkpoint_seconds must be a number"),
        ({"checkpoint_seconds": "1"}, "checkpoint_seconds must be a number"),
        ({"checkpoint": None, "checkpoint_every": 5}, "without a checkpoint"),
    ],
)
def test_settings_that_mean_nothing_are_refused(tmp_path, settings, told):
    with pytest.raises(ValueError, match=told):
        SVI(coin, coin_guide, Adam(0.01)).run(10, FLIPS, **{"checkpoint": tmp_path / "run.fit", **settings})
    assert not any(tmp_path.iterdir())
