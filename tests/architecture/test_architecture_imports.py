"""What importing costs: heavy packages stay out until something is compiled or drawn on a screen."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from project_files import ROOT, rooms

HEAVY = ("numba", "llvmlite", "scipy", "matplotlib", "tqdm", "astor", "IPython", "platformdirs")


def _loaded_after(statement: str) -> set[str]:
    code = f"{statement}\nimport json, sys\nprint(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("room", [r for r in rooms() if r != "__main__"])
def test_room_imports_nothing_heavy(room: str) -> None:
    assert _loaded_after(f"import vicompile.{room}") == set()


def test_public_names_import_nothing_heavy() -> None:
    assert _loaded_after("import vicompile as vc\nfor name in vc.__all__: getattr(vc, name)") == set()


def test_probe_sees_what_is_imported() -> None:
    assert _loaded_after("import astor") == {"astor"}
