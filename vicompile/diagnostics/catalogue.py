"""The page of all diagnostics, docs/errors.md: `python -m vicompile.diagnostics.catalogue` prints it.

Each class gives its code, the first line of its docstring, and its templates; the example is the first report of that
code
among the golden files of the tests, where the tests are at hand.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from .diagnostic import Diagnostic, all_diagnostics

_PACKAGE = Path(__file__).parents[1]
_HEAD = """# Errors

What vicompile says about a program, and what it means. Each report has a name in brackets, which is the heading here.
This page is generated: `python -m vicompile.diagnostics.catalogue > docs/errors.md`.
"""


def catalogue() -> str:
    """The page as Markdown, with a section for each diagnostic class of the package."""
    _load_all()
    examples = _examples()
    kinds = [kind for kind in all_diagnostics() if kind.__module__.startswith(_PACKAGE.name + ".")]
    sections = [_section(kind, examples.get(kind.code)) for kind in kinds]
    return "\n".join([_HEAD, *sections])


def _load_all() -> None:
    """Import every module that declares a diagnostic, and only those: others may need libraries that are slow to
    load.
    """
    for module in pkgutil.walk_packages([str(_PACKAGE)], f"{_PACKAGE.name}.", onerror=lambda name: None):
        path = _PACKAGE.joinpath(*module.name.split(".")[1:]).with_suffix(".py")
        if path.exists() and re.search(r"^class \w+\(Diagnostic\)", path.read_text(encoding="utf-8"), re.MULTILINE):
            importlib.import_module(module.name)


def _section(kind: type[Diagnostic], example: str | None) -> str:
    lines = [f"## {kind.code}", "", (kind.__doc__ or "").strip().splitlines()[0], ""]
    lines += [f"- {part}: {_plain(text)}" for part in ("message", "note", "help") if (text := getattr(kind, part))]
    if example:
        lines += ["", "```text", example, "```"]
    return "\n".join(lines) + "\n"


def _plain(template: str) -> str:
    """A template for readers: a field on its own is told by each report, doubled braces are braces."""
    if re.fullmatch(r"\{\w+\}", template):
        return "depends on the case"
    text = re.sub(r"(?<!\{)\{(\w+)(?:![rs])?\}(?!\})", r"<\1>", template)
    return text.replace("{{", "{").replace("}}", "}")


def _examples() -> dict[str, str]:
    found: dict[str, str] = {}
    for report in _golden_reports():
        code = report[len("error[") : report.index("]")]
        found.setdefault(code, report)
    return found


def _golden_reports() -> Iterator[str]:
    """Golden reports, those of the case named after its code first."""
    files = sorted(_PACKAGE.parent.glob("tests/*/cases/*.err"))
    texts = {path: path.read_text(encoding="utf-8").rstrip("\n") for path in files}
    for path, text in texts.items():
        yield from (one for one in text.split("\n\n") if one.startswith(f"error[{path.stem.replace('_', '-')}]"))
    for text in texts.values():
        yield from (one for one in text.split("\n\n") if one.startswith("error["))


if __name__ == "__main__":
    sys.stdout.write(catalogue())
