"""The cache: fresh processes, processes at the same time, damage, directories that cannot be used."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import numpy as np
import pytest
from jit_helpers import (
    STATUS_SIGNATURE,
    STATUS_TEXT,
    SUM_SCRIPT,
    SUM_SIGNATURE,
    SUM_TEXT,
    finish,
    start_python,
)

from vicompile.jit import NativeFunction, cache, cache_directory, cache_info, cache_stats, clear_cache, native
from vicompile.jit.function import forget_all


def _again() -> NativeFunction:
    forget_all()
    return native(STATUS_TEXT, "status", STATUS_SIGNATURE)


def _stored(home: Path) -> Path:
    (path,) = (home / "kernels").glob("*.kernel")
    return path


def test_cold_then_warm_process() -> None:
    cold = json.loads(finish(start_python(SUM_SCRIPT)))
    assert (cold["status"], cold["result"]) == (5, 55.0)
    assert cold["stats"] == {"hits": 0, "misses": 1, "rebuilt": 0, "reused": 0}
    warm = json.loads(finish(start_python(SUM_SCRIPT)))
    assert (warm["status"], warm["result"]) == (5, 55.0)
    assert warm["stats"] == {"hits": 1, "misses": 0, "rebuilt": 0, "reused": 0}
    assert warm["count"] == cold["count"] == 1
    assert warm["heavy"] == []


def test_eight_processes_on_an_empty_cache(cache_home: Path) -> None:
    running = [start_python(SUM_SCRIPT) for _ in range(8)]
    results = [json.loads(finish(process)) for process in running]
    assert [(r["status"], r["result"], r["stats"]["rebuilt"]) for r in results] == [(5, 55.0, 0)] * 8
    assert sorted(path.suffix for path in (cache_home / "kernels").iterdir()) == [".kernel", ".py"]
    assert json.loads(finish(start_python(SUM_SCRIPT)))["stats"]["hits"] == 1


def test_warm_code_is_the_same_bytes() -> None:
    cold = native(SUM_TEXT, "total", SUM_SIGNATURE)
    forget_all()
    warm = native(SUM_TEXT, "total", SUM_SIGNATURE)
    assert warm is not cold
    assert (warm.object_code, warm.symbol, warm.source_path) == (cold.object_code, cold.symbol, cold.source_path)
    assert cache_stats()._asdict() == {"hits": 1, "misses": 1, "rebuilt": 0, "reused": 0}


def _flip_code(data: bytes) -> bytes:
    return data[:-40] + bytes([data[-40] ^ 1]) + data[-39:]


def _sealed(body: bytes) -> bytes:
    return b"vicompile-kernel-1 " + hashlib.sha256(body).hexdigest().encode() + b"\n" + body


DAMAGES = {
    "empty": lambda data: b"",
    "flipped bit in the code": _flip_code,
    "flipped bit in the head": lambda data: data.replace(b'"symbol"', b'"symbom"'),
    "wrong hash": lambda data: data[:20] + b"0000" + data[24:],
    "cut in the head": lambda data: data[:50],
    "cut in the code": lambda data: data[:-1],
    "longer": lambda data: data + b"x",
    "not ours": lambda data: os.urandom(500),
    # From here on the hash is right, and what it seals is wrong.
    "invalid JSON": lambda data: _sealed(b"{" + data.split(b"\n", 2)[2]),
    "JSON, not an object": lambda data: _sealed(b"[1]\n" + data.split(b"\n", 2)[2]),
    "another key": lambda data: _sealed(data.split(b"\n", 1)[1].replace(b'"key": "', b'"key": "0', 1)),
    "a symbol that is not there": lambda data: _sealed(
        data.split(b"\n", 1)[1].replace(b'"symbol": "', b'"symbol": "no', 1)
    ),
    "no code": lambda data: _sealed(data.split(b"\n", 2)[1] + b"\n"),
    "half the code": lambda data: _sealed(data.split(b"\n", 1)[1][:-600]),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_entries_are_rebuilt(cache_home: Path, damage: str) -> None:
    first = native(STATUS_TEXT, "status", STATUS_SIGNATURE)
    path = _stored(cache_home)
    sound = path.read_bytes()
    broken = DAMAGES[damage](sound)
    assert broken != sound
    path.write_bytes(broken)
    assert _again().call(6) == 7
    assert cache_stats()._asdict() == {"hits": 0, "misses": 2, "rebuilt": 1, "reused": 0}
    assert _again().call(6) == 7
    assert cache_stats().hits == 1
    assert first.call(6) == 7


def test_entry_stored_by_another_process_meanwhile(cache_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between our look-up and our compile: the entry is sound, so nothing was rebuilt."""
    native(STATUS_TEXT, "status", STATUS_SIGNATURE)
    path = _stored(cache_home)
    sound = path.read_bytes()
    path.unlink()
    original = cache.read_entry

    def look_up_then_another_stores(stem: Path, key: str) -> cache.Entry | None:
        found = original(stem, key)
        path.write_bytes(sound)
        return found

    monkeypatch.setattr(cache, "read_entry", look_up_then_another_stores)
    assert _again().call(6) == 7
    assert cache_stats()._asdict() == {"hits": 0, "misses": 2, "rebuilt": 0, "reused": 0}


def test_unreadable_entry_is_compiled_in_memory(cache_home: Path) -> None:
    native(STATUS_TEXT, "status", STATUS_SIGNATURE)
    path = _stored(cache_home)
    path.unlink()
    path.mkdir()
    assert _again().call(6) == 7
    assert path.is_dir()
    assert list((cache_home / "kernels").glob("*.tmp")) == []


def test_missing_text_is_written_again(cache_home: Path) -> None:
    kernel = native(STATUS_TEXT, "status", STATUS_SIGNATURE)
    Path(kernel.source_path).unlink()
    assert Path(_again().source_path).read_text(encoding="utf-8") == STATUS_TEXT
    assert cache_stats().hits == 1


def test_directory_below_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("")
    monkeypatch.setenv("VICOMPILE_CACHE_DIR", str(blocker / "cache"))
    assert native(STATUS_TEXT, "status", STATUS_SIGNATURE).call(1) == 2
    assert _again().call(1) == 2
    assert cache_stats()._asdict() == {"hits": 0, "misses": 2, "rebuilt": 0, "reused": 0}
    assert (cache_info().entries, cache_info().size) == (0, 0)


@pytest.mark.parametrize("error", [PermissionError(13, "denied"), OSError(30, "read-only"), OSError(28, "full")])
def test_directory_that_cannot_be_written(cache_home: Path, monkeypatch: pytest.MonkeyPatch, error: OSError) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(os, "replace", refuse)
    assert native(STATUS_TEXT, "status", STATUS_SIGNATURE).call(1) == 2
    assert list((cache_home / "kernels").iterdir()) == []
    monkeypatch.setattr(Path, "mkdir", refuse)
    assert _again().call(1) == 2


def test_key_depends_on_everything_that_shapes_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    from vicompile.jit import key
    from vicompile.jit.signature import parse_signature

    def current(text: str = "t", entry: str = "e", signature: str = "i8(i8)") -> str:
        key.environment_key.cache_clear()
        return key.kernel_key(text, entry, parse_signature(signature))

    try:
        base = current()
        assert current() == base
        seen = {base, current(text="u"), current(entry="d"), current(signature="i8(u8)"), current(text="te", entry="")}
        for name in ("cpu_identity", "runtime_sources_hash"):
            with monkeypatch.context() as patch:
                patch.setattr(key, name, lambda: "other")
                seen.add(current())
        for package in ("numba", "llvmlite"):
            with monkeypatch.context() as patch:
                original = key.package_version_hash
                patch.setattr(key, "package_version_hash", lambda n, p=package, o=original: "9" if n == p else o(n))
                seen.add(current())
        with monkeypatch.context() as patch:
            patch.setenv("NUMBA_CPU_NAME", "generic")
            seen.add(current())
        assert len(seen) == 10
    finally:
        key.environment_key.cache_clear()


def test_versions_are_read_without_importing() -> None:
    from importlib.util import find_spec

    from vicompile.jit.key import package_version_hash

    assert package_version_hash("numba") not in ("absent", "unknown")
    assert package_version_hash("numba") != package_version_hash("llvmlite")
    assert find_spec("no_such_package_xyz") is None
    assert package_version_hash("no_such_package_xyz") == "absent"


def test_default_directory_is_that_of_platformdirs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    platformdirs = pytest.importorskip("platformdirs")
    monkeypatch.delenv("VICOMPILE_CACHE_DIR")
    for value in (None, str(tmp_path / "xdg"), "", "relative/path"):
        if value is None:
            monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
        else:
            monkeypatch.setenv("XDG_CACHE_HOME", value)
        assert cache_directory() == platformdirs.user_cache_path("vicompile", appauthor=False)


def test_info_and_clear_touch_only_our_files(cache_home: Path) -> None:
    native(STATUS_TEXT, "status", STATUS_SIGNATURE)
    native(SUM_TEXT, "total", SUM_SIGNATURE)
    foreign = cache_home / "kernels" / "notes.py"
    foreign.write_text("mine")
    files = [path for path in (cache_home / "kernels").iterdir() if path != foreign]
    info = cache_info()
    assert (info.path, info.entries, info.size) == (cache_home, 2, sum(path.stat().st_size for path in files))
    assert clear_cache() == info
    assert foreign.read_text() == "mine"
    assert cache_info().entries == 0
    assert clear_cache().size == 0
    assert _again().call(1) == 2


def test_cold_start_leaves_scipy_linalg_alone() -> None:
    """A compile needs no scipy.linalg; numba code of the user that needs it still gets it afterwards."""
    pytest.importorskip("scipy")
    script = SUM_SCRIPT + (
        "assert 'scipy.linalg' not in sys.modules\n"
        "import numba\n"
        "dot = numba.njit(lambda a, b: np.dot(a, b))\n"
        "a = np.arange(6.0).reshape(2, 3)\n"
        "np.testing.assert_allclose(dot(a, a.T.copy()), a @ a.T)\n"
        "solve = numba.njit(lambda a, b: np.linalg.solve(a, b))\n"
        "np.testing.assert_allclose(solve(np.eye(2) * 2, np.ones(2)), [0.5, 0.5])\n"
        "assert 'scipy.linalg.cython_blas' in sys.modules\n"
    )
    finish(start_python(script))


def test_entry_round_trip(tmp_path: Path) -> None:
    entry = cache.Entry("k" * 64, "f", "int64()", "symbol", b"\x00\n{}" * 7)
    stem = tmp_path / "a" / "b_000000000000"
    assert cache.write_entry(stem, entry)
    assert cache.read_entry(stem, entry.key) == entry
    assert cache.read_entry(tmp_path / "other", entry.key) is None
    with pytest.raises(cache.DamagedEntry):
        cache.read_entry(stem, "j" * 64)


def test_forked_child_can_compile() -> None:
    if not hasattr(os, "fork"):
        pytest.skip("no fork on this system")
    script = (
        "import os, threading\n"
        "from vicompile.jit import native\n"
        "import vicompile.jit.function as module\n"
        "held, done = threading.Event(), threading.Event()\n"
        "def hold():\n"
        "    with module._lock:\n"
        "        held.set(); done.wait()\n"
        "thread = threading.Thread(target=hold); thread.start(); held.wait()\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        f"    os._exit(native({STATUS_TEXT!r}, 'status', 'i8(i8)').call(41))\n"
        "status = os.waitpid(child, 0)[1]\n"
        "done.set(); thread.join()\n"
        "assert os.waitstatus_to_exitcode(status) == 42, status\n"
    )
    finish(start_python(script))


def test_results_of_threads_agree() -> None:
    from concurrent.futures import ThreadPoolExecutor

    values = np.arange(1.0, 6.0)

    def one(_: int) -> float:
        out = np.zeros(1)
        native(SUM_TEXT, "total", SUM_SIGNATURE).call(values, np.array([5]), out)
        return float(out[0])

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(one, range(16))) == [55.0] * 16
    assert cache_stats().misses == 1
