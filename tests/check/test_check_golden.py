"""Each wrong program in `cases` gives exactly the report beside it. UPDATE_GOLDEN=1 writes the reports anew."""

from __future__ import annotations

import importlib.util
import os
import re
from pathlib import Path
from types import ModuleType

import pytest

from vicompile.check import check
from vicompile.diagnostics import CompileError, all_diagnostics, collect
from vicompile.frontend import parse

CASES = Path(__file__).parent / "cases"
ROOMS = ("vicompile.diagnostics", "vicompile.frontend", "vicompile.check")


def load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"case_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def report_of(module: ModuleType) -> str:
    with pytest.raises(CompileError) as raised, collect() as report:  # noqa: PT012
        programs = []
        for function in (module.model, module.guide):
            with report.catching():
                programs.append(None if function is None else parse(function))
        if len(programs) == 2:
            check(*programs)
    return str(raised.value) + "\n"


@pytest.mark.parametrize("path", sorted(CASES.glob("*.py")), ids=lambda path: path.stem)
def test_the_report_is_the_golden_one(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CASES)
    found = report_of(load(path))
    golden = path.with_suffix(".err")
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(found, encoding="utf-8")
    assert golden.exists(), f"no {golden.name}: run this test with UPDATE_GOLDEN=1 and read what it writes"
    assert found == golden.read_text(encoding="utf-8"), "differs: if it is meant, run this test with UPDATE_GOLDEN=1"


def test_every_report_has_its_program() -> None:
    assert {path.stem for path in CASES.glob("*.err")} <= {path.stem for path in CASES.glob("*.py")}


def test_every_diagnostic_has_a_golden_report() -> None:
    shown = set()
    for golden in CASES.glob("*.err"):
        shown.update(re.findall(r"^error\[([a-z-]+)\]", golden.read_text(encoding="utf-8"), re.MULTILINE))
    declared = {kind.code for kind in all_diagnostics() if kind.__module__.startswith(ROOMS)}
    assert declared
    missing = declared - shown
    assert not missing, f"add a program to {CASES.name}/ that gives {sorted(missing)}, then run with UPDATE_GOLDEN=1"
