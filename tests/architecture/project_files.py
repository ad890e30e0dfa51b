"""Where the project's files are, for the tests of its shape."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "vicompile"


def rooms() -> list[str]:
    """The sub-packages and top-level modules of the package, as import-linter names them."""
    packages = [p.parent.name for p in PACKAGE.glob("*/__init__.py")]
    modules = [p.stem for p in PACKAGE.glob("*.py") if p.stem != "__init__"]
    return sorted([*packages, *modules])


def python_files(*folders: str) -> list[Path]:
    """All Python files below the given folders of the project."""
    return sorted(p for folder in folders for p in (ROOT / folder).rglob("*.py"))


def one_line_commands(page: Path) -> list[str]:
    """The one-line ```sh blocks of a page, in order."""
    blocks = re.findall(r"^```sh[ \t]*\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE)
    return [block.strip() for block in blocks if len(block.strip().splitlines()) == 1]


def python_blocks(page: Path) -> list[tuple[int, str]]:
    """The ```python blocks of a page, each with the number of its first line."""
    text = page.read_text()
    found = re.finditer(r"^```python[ \t]*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return [(text.count("\n", 0, match.start(1)) + 1, match.group(1)) for match in found]
