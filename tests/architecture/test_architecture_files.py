"""The shape of the source: size budgets, a docstring on every file, tests for every room."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from project_files import PACKAGE, ROOT, python_files, rooms

MOST_LINES = 400
MOST_LINES_OF_A_TABLE = 500

# Where each room's tests are. A new room must be added here, with tests.
TESTED_IN = {
    "__main__": ("jit",),
    "autodiff": ("autodiff", "corpus"),
    "check": ("check",),
    "cli": ("jit",),
    "compiler": ("compiler", "corpus"),
    "constraints": ("distributions",),
    "diagnostics": ("diagnostics",),
    "distributions": ("distributions",),
    "emit": ("emit", "corpus"),
    "explain": ("explain",),
    "frontend": ("frontend",),
    "guides": ("guides",),
    "handlers": ("handlers",),
    "infer": ("infer",),
    "ir": ("ir",),
    "jit": ("jit", "mathlib", "random"),
    "language": ("language",),
    "lower": ("lower", "corpus"),
    "objective": ("objective", "corpus"),
    "optim": ("optim", "svi"),
    "plots": ("plots",),
    "poutine": ("handlers",),
    "reference": ("random", "svi"),
    "rewrite": ("rewrite", "corpus"),
    "schedule": ("schedule", "corpus"),
    "specialise": ("specialise", "corpus"),
    "svi": ("svi",),
}


def _is_table(path: Path) -> bool:
    """Whether most of a file's lines are numbers, texts and brackets, assigned to a few names."""
    tree = ast.parse(path.read_text())
    assigned = sum((n.end_lineno or 0) - n.lineno + 1 for n in tree.body if isinstance(n, ast.Assign | ast.AnnAssign))
    return 2 * assigned > len(path.read_text().splitlines())


@pytest.mark.parametrize(
    "path", python_files("vicompile", "tests", "examples", "benchmarks"), ids=lambda p: str(p.relative_to(ROOT))
)
def test_no_file_is_long_or_unexplained(path: Path) -> None:
    text = path.read_text()
    budget = MOST_LINES_OF_A_TABLE if _is_table(path) else MOST_LINES
    assert len(text.splitlines()) <= budget, f"more than {budget} lines: split it by ideas"
    if text.strip() and path.parent.name != "cases":  # a case is the text that an error message quotes
        assert ast.get_docstring(ast.parse(text)), "no module docstring saying what the file is for"


def test_typical_file_is_short() -> None:
    lengths = sorted(len(p.read_text().splitlines()) for p in python_files("vicompile"))
    assert lengths[len(lengths) // 2] <= 120


def test_every_room_has_tests() -> None:
    assert set(rooms()) == set(TESTED_IN), "the table TESTED_IN does not list the rooms that there are"
    for room, folders in TESTED_IN.items():
        tests = [t for folder in folders for t in (ROOT / "tests" / folder).glob("test_*.py")]
        assert tests, f"no tests for `{room}` in {', '.join(folders)}"


def test_names_of_test_files_differ() -> None:
    """Without packages pytest imports test files by their bare name."""
    names = [p.name for p in (ROOT / "tests").rglob("*.py") if p.name not in ("conftest.py", "__init__.py")]
    assert sorted(set(names)) == sorted(names)


def test_package_is_typed() -> None:
    assert (PACKAGE / "py.typed").exists()
