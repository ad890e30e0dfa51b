"""Every Python block of README.md and docs/ runs, and every public name is used in one of them or in an example."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import vicompile as vc
from vicompile import infer, optim, plots
from vicompile.infer import autoguide
from vicompile.lower.functions import lookup
from vicompile.lower.places import FUNCTIONS
from vicompile.optim import schedules

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
    missing = set(vc.__all__) - {name for source in sources for name in names_in(source)}
    assert not missing, f"shown in no example and in no block of a page: {sorted(missing)}"


def names_in(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(attr=name) | ast.alias(name=name) | ast.Name(id=name):
                yield from name.split(".")
            case ast.ImportFrom(module=str() as name):
                yield from name.split(".")
            case _:
                pass


@pytest.mark.parametrize("module", [infer, autoguide, optim, schedules, plots], ids=lambda m: m.__name__)
def test_every_name_of_a_module_is_written_as_code(module: ModuleType) -> None:
    """In an example, or in a page: in a block, which may need what is not installed everywhere, or in a sentence."""
    pages = [page.read_text() for page in PAGES if page.stem not in ("decisions", "architecture")]
    codes = [code for page in pages for code in re.findall(r"^```py.*?^```|`[^`\n]+`", page, re.DOTALL | re.MULTILINE)]
    codes += [path.read_text() for path in (ROOT / "examples").glob("*.py")]
    written = {word for code in codes for word in re.findall(r"\w+", code)}
    values = {name: getattr(module, name) for name in module.__all__}
    # What others of the module are made of is met in their documentation.
    bases = {base for value in values.values() if isinstance(value, type) for base in value.__mro__[1:]}
    missing = [name for name, value in values.items() if value not in bases and name not in written]
    assert not missing, f"written in no page and in no example: {missing}"


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
