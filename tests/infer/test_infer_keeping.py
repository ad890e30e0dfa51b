"""Fits that are saved and loaded: the same bits, without the data; and files that are no fits are told."""

from __future__ import annotations

import copy
import io
import json
import os
import pickle
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from infer_models import coin, coin_guide, location, location_guide

import vicompile as vc
import vicompile.distributions as dist
from vicompile import DataError, constraints
from vicompile.infer import SVI, archive
from vicompile.optim import SGD, Adam, ClippedAdam

DATA = np.random.default_rng(0).normal(3.0, 1.0, 10)
FLIPS = np.array([1.0, 1.0, 0.0, 1.0])
ROOT = Path(__file__).parents[2]


def amortised(x, y):
    with vc.plate("rows", len(y)):
        z = vc.sample("z", dist.Normal(0.0, 1.0))
        vc.sample("y", dist.Normal(z * x, 0.5), obs=y)


def amortised_guide(x, y):
    w = vc.param("w", np.zeros(2))
    s = vc.param("s", np.ones(2), constraint=constraints.interval(0.1, 3.0))
    with vc.plate("rows", len(y)):
        vc.sample("z", dist.Normal(w[0] * np.tanh(y) + w[1], s[0]))


def same(one, other):
    return one.shape == other.shape and one.tobytes() == other.tobytes()


def assert_same_fit(one, other):
    assert list(one.params) == list(other.params)
    assert all(same(np.asarray(one.params[name]), np.asarray(other.params[name])) for name in one.params)
    assert type(one.losses) is np.ndarray
    assert same(one.losses, other.losses)
    assert same(one.state.inner.params, other.state.inner.params)
    assert same(one.state.inner.optimizer_state, other.state.inner.optimizer_state)
    assert (one.state.step, one.state.seed, one.stopped) == (other.state.step, other.state.seed, other.stopped)
    drawn = [fit.sample(5, seed=3) for fit in (one, other)]
    assert list(drawn[0]) == list(drawn[1])
    assert all(same(drawn[0][site], drawn[1][site]) for site in drawn[0])


@pytest.fixture
def saved(tmp_path):
    fit = SVI(coin, coin_guide, Adam(0.01)).run(20, FLIPS)
    fit.save(tmp_path / "coin.fit")
    return tmp_path / "coin.fit"


@pytest.mark.parametrize("optim", [Adam(0.01), ClippedAdam(0.01, lrd=0.99), SGD(0.01, momentum=0.5)])
@pytest.mark.parametrize(
    ("model", "guide", "args"),
    [(location, location_guide, (DATA,)), (amortised, amortised_guide, (DATA[:3], DATA[3:6]))],
)
def test_a_loaded_fit_is_the_saved_one_and_goes_on_with_the_same_bits(tmp_path, model, guide, args, optim):
    svi = SVI(model, guide, optim)
    whole = svi.run(50, *args, seed=2**64 - 5)
    part = svi.run(20, *args, seed=2**64 - 5)
    part.save(tmp_path / "part.fit")
    loaded = vc.load_fit(str(tmp_path / "part.fit"))
    assert type(loaded) is type(part)
    assert_same_fit(loaded, part)
    rest = svi.run(30, *args, init_state=loaded.state)
    assert same(rest.state.inner.params, whole.state.inner.params)
    assert same(np.concatenate([loaded.losses, rest.losses]), whole.losses)


def test_another_process_needs_no_model_and_no_data(tmp_path):
    x, y = DATA[:4].copy(), DATA[4:8].copy()
    fit = SVI(amortised, amortised_guide, Adam(0.05)).run(20, x, y)
    fit.save(tmp_path / "a.fit")
    code = (
        "import sys, vicompile as vc; fit = vc.load_fit(sys.argv[1]);"
        "print(*fit.sample(2, seed=7)['z'].ravel().tolist());"
        "print(fit.params['w'].tolist(), 'numba' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "a.fit")], env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    expected = fit.sample(2, seed=7)["z"]
    lines = done.stdout.splitlines()
    assert [float(number) for number in lines[0].split()] == expected.ravel().tolist(), done.stderr
    assert lines[1] == f"{fit.params['w'].tolist()} False"
    # The guide reads y, and so y is in the file; it does not read x.
    with np.load(tmp_path / "a.fit", allow_pickle=False) as arrays:
        kept = [arrays[name] for name in arrays.files if name.startswith("draws.sampler.data.")]
        assert any(np.array_equal(array, y) for array in kept)
        assert not any(np.array_equal(array, x) for array in kept)
        assert np.array_equal(arrays["params.w"], fit.params["w"])


def test_results_can_be_pickled_and_copied():
    fit = SVI(amortised, amortised_guide, Adam(0.05)).run(20, DATA[:4], DATA[4:8])
    assert_same_fit(pickle.loads(pickle.dumps(fit)), fit)
    assert_same_fit(copy.deepcopy(fit), fit)
    assert type(copy.copy(fit)) is type(fit)


def test_later_changes_of_the_data_do_not_reach_a_fit():
    x, y = DATA[:4].copy(), DATA[4:8].copy()
    fit = SVI(amortised, amortised_guide, Adam(0.05)).run(20, x, y)
    before = fit.sample(5, seed=3)["z"]
    y[:] = 1e6
    assert same(fit.sample(5, seed=3)["z"], before)


def test_the_same_fit_is_the_same_file_and_replaces_an_earlier_one(saved, tmp_path):
    first = saved.read_bytes()
    saved.write_bytes(b"something else")
    SVI(coin, coin_guide, Adam(0.01)).run(20, FLIPS).save(saved)
    assert saved.read_bytes() == first
    assert list(tmp_path.iterdir()) == [saved]


def test_a_write_that_fails_leaves_what_was_there(saved, tmp_path, monkeypatch):
    before = saved.read_bytes()

    def no_space(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive.os, "fsync", no_space)
    with pytest.raises(OSError, match="No space"):
        SVI(coin, coin_guide, Adam(0.01)).run(30, FLIPS).save(saved)
    assert saved.read_bytes() == before
    assert list(tmp_path.iterdir()) == [saved]


@pytest.mark.parametrize("seed", range(40))
def test_no_changed_byte_goes_unnoticed(saved, seed):
    expected, content, rng = vc.load_fit(saved), bytearray(saved.read_bytes()), random.Random(seed)
    place = rng.randrange(len(content))
    content[place] ^= 1 << rng.randrange(8)
    saved.write_bytes(content)
    # Bytes of the zip file that carry nothing, as times of day, may be any.
    try:
        found = vc.load_fit(saved)
    except DataError:
        return
    assert_same_fit(found, expected)


@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_short_is_told(saved, part):
    content = saved.read_bytes()
    saved.write_bytes(content[: int(part * len(content))])
    with pytest.raises(DataError, match=r"fit-file-invalid.*coin\.fit.*(damaged|another kind)"):
        vc.load_fit(saved)


def test_files_of_something_else_are_told(tmp_path):
    text, arrays = tmp_path / "text", tmp_path / "arrays.npz"
    text.write_text("mean: 3.0")
    np.savez(arrays, loc=np.zeros(3))
    for path, told in [(text, "another kind of file"), (arrays, "a zip file of something else")]:
        with pytest.raises(DataError, match=told) as raised:
            vc.load_fit(path)
        assert str(path) in str(raised.value)
        assert "help: give a file that `save`" in str(raised.value)
    with pytest.raises(FileNotFoundError):
        vc.load_fit(tmp_path / "none")


def rewritten(path, change_head=lambda head: head, facts=None, extra=()):
    """The file with another head or other facts, and with a hash that fits."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    head = json.loads(parts.pop("head.json"))
    parts.update(extra)
    if facts is not None:
        parts["facts.json"] = json.dumps({**json.loads(parts["facts.json"]), **facts}).encode()
    head = change_head({**head, "sha256": archive._digest(parts)})
    with zipfile.ZipFile(path, "w") as new:
        for name, content in {"head.json": json.dumps(head).encode(), **parts}.items():
            new.writestr(name, content)


def test_files_of_later_versions_are_told(saved):
    rewritten(saved, lambda head: {**head, "version": 2})
    with pytest.raises(DataError, match="it has format 2, this version reads format 1") as raised:
        vc.load_fit(saved)
    assert "later" in str(raised.value)
    rewritten(saved, lambda head: {**head, "version": 1}, {"kind": "Ensemble"})
    with pytest.raises(DataError, match="a fit of the kind 'Ensemble'"):
        vc.load_fit(saved)
    rewritten(saved, facts={"kind": "SVIRunResult", "fields": {"params": {"constraint": "open_ball"}}})
    with pytest.raises(DataError, match="unknown constraint `open_ball`"):
        vc.load_fit(saved)
    for fields in ({"params": {"record": "Rotated", "fields": {}}}, {"params": 3}, {"params": {"tensor": "a"}}):
        rewritten(saved, facts={"fields": fields})
        with pytest.raises(DataError, match="this version does not understand it"):
            vc.load_fit(saved)


def test_nothing_is_unpickled(saved):
    buffer = io.BytesIO()
    np.save(buffer, np.array([print], dtype=object), allow_pickle=True)
    rewritten(saved, extra={"losses.npy": buffer.getvalue()})
    with pytest.raises(DataError, match="damaged"):
        vc.load_fit(saved)
