"""Every test of this room starts with an empty cache of its own, and with nothing known in the process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from vicompile.jit.counters import reset_counters
from vicompile.jit.function import forget_all


@pytest.fixture(autouse=True)
def cache_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    home = tmp_path / "cache"
    monkeypatch.setenv("VICOMPILE_CACHE_DIR", str(home))
    forget_all()
    reset_counters()
    yield home
    forget_all()
    reset_counters()
