"""The commands that a newcomer types are the ones that are checked, and what they leave behind is ignored by git."""

from __future__ import annotations

import subprocess

from project_files import ROOT, one_line_commands


def test_ci_runs_the_test_command_of_the_readme() -> None:
    main_job, tests = one_line_commands(ROOT / "README.md")[:2]
    printed = subprocess.run(
        [str(ROOT / ".ci" / "run"), "--command"], capture_output=True, text=True, timeout=60, check=True
    )
    assert printed.stdout.strip() == tests
    assert "pytest" in tests
    assert "examples/coin.py" in main_job


def test_created_files_are_ignored() -> None:
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert {".venv/", "*.egg-info/", "__pycache__/", ".pytest_cache/", ".hypothesis/", ".mypy_cache/"} <= set(ignored)
