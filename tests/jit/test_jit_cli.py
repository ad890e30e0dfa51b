"""The `vicompile` command."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from jit_helpers import STATUS_SIGNATURE, STATUS_TEXT

from vicompile.cli import main
from vicompile.jit import cache_info, native


def test_info_and_clear(cache_home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    native(STATUS_TEXT, "status", STATUS_SIGNATURE)
    size = cache_info().size
    assert main(["cache", "info"]) == 0
    assert capsys.readouterr().out == f"path:    {cache_home}\nentries: 1\nbytes:   {size}\n"
    assert main(["cache", "clear"]) == 0
    assert capsys.readouterr().out == f"removed 1 kernel, {size} bytes, from {cache_home}\n"
    assert main(["cache", "clear"]) == 0
    assert capsys.readouterr().out == f"removed 0 kernels, 0 bytes, from {cache_home}\n"


def test_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "usage: vicompile" in capsys.readouterr().out
    for argv in (["cache"], ["cache", "melt"], ["cook"]):
        with pytest.raises(SystemExit) as caught:
            main(argv)
        assert caught.value.code == 2


def test_files_that_resist(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    native(STATUS_TEXT, "status", STATUS_SIGNATURE)

    def refuse(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "unlink", refuse)
    assert main(["cache", "clear"]) == 1
    assert "Permission denied" in capsys.readouterr().err


def test_version_and_module() -> None:
    run = subprocess.run([sys.executable, "-m", "vicompile", "--version"], capture_output=True, text=True, check=True)
    assert run.stdout.startswith("vicompile ")
    assert len(run.stdout.split()) >= 2
