"""Every Python block of README.md and docs/ runs, and every public name is used in one of them or in an example."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import vicompile as vc
from vicompile.lower.functions import lookup
from vicompile.lower.places import FUNCTIONS

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def python_blocks(page: Path) -> list[str]:
    return re.findall(r"^```python[ \t]*\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("page", [p for p in PAGES if python_blocks(p)], ids=lambda p: p.stem)
def test_blocks_run(page: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In order, each with the names of those before it, and each from a file of its own: models need a source."""
    vc.clear_param_store()
    names: dict[str, Any] = {}
    for number, block in enumerate(python_blocks(page), 1):
        stem = f"block_{re.sub(r'[^a-z]', '_', page.stem.lower())}_{number}"
        path = tmp_path / f"{stem}.py"
        path.write_text(block)
        spec = importlib.util.spec_from_file_location(stem, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        module.__dict__.update(names)
        sys.modules[stem] = module
        try:
            spec.loader.exec_module(module)
        finally:
            del sys.modules[stem]
        names.update({k: v for k, v in vars(module).items() if not k.startswith("__")})
    vc.clear_param_store()


def test_every_public_name_is_shown() -> None:
    sources = [path.read_text() for path in (ROOT / "examples").glob("*.py")]
    sources += [block for page in PAGES for block in python_blocks(page)]
    used: set[str] = set()
    for source in sources:
        for node in ast.walk(ast.parse(source)):
            match node:
                case ast.Attribute(attr=name) | ast.alias(name=name) | ast.Name(id=name):
                    used.update(name.split("."))
                case ast.ImportFrom(module=str() as name):
                    used.update(name.split("."))
                case _:
                    pass
    missing = set(vc.__all__) - used
    assert not missing, f"shown in no example and in no block of a page: {sorted(missing)}"


def test_links_lead_somewhere() -> None:
    for page in [*PAGES, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text()):
            if not target.startswith(("http://", "https://")):
                assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_language_page_lists_the_functions_that_are_known() -> None:
    text = (ROOT / "docs" / "language.md").read_text()
    listed = set(re.findall(r"`(\w+)`", text.split("<!-- numpy -->")[1].split("<!-- end -->")[0]))
    callables = [getattr(np, name) for name in dir(np) if callable(getattr(np, name, None))]
    known = {f for f in callables if lookup(f)[0] is not None}
    assert {getattr(np, name) for name in listed} == known


def test_language_page_lists_the_functions_of_data() -> None:
    text = (ROOT / "docs" / "language.md").read_text()
    listed = set(re.findall(r"`(\w+)`", text.split("<!-- data -->")[1].split("<!-- end data -->")[0]))
    assert {getattr(np, name) for name in listed} == set(FUNCTIONS)
