"""The page of all errors is current, and every diagnostic is fit to be on it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from vicompile.diagnostics import Diagnostic, all_diagnostics
from vicompile.diagnostics.catalogue import catalogue

PAGE = Path(__file__).parents[2] / "docs" / "errors.md"
catalogue()  # loads every module with diagnostics
OWN = [kind for kind in all_diagnostics() if kind.__module__.startswith("vicompile.")]


def test_the_page_is_current() -> None:
    command = "python -m vicompile.diagnostics.catalogue > docs/errors.md"
    assert PAGE.read_text(encoding="utf-8") == catalogue(), f"run `{command}`"


@pytest.mark.parametrize("kind", OWN, ids=lambda kind: kind.__name__)
def test_a_diagnostic_is_well_formed(kind: type[Diagnostic]) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", kind.code)
    assert kind.message
    assert kind.__doc__
    for part in (kind.message, kind.label, kind.note, kind.help):
        assert not part.endswith("."), "no full stop at the end"
        assert "did you mean" not in part.lower()
        assert "illegal" not in part.lower()
        for name in re.findall(r"(?<!\{)\{(\w+)", part):
            assert name in kind._fields or hasattr(kind, name)


def test_codes_are_different() -> None:
    codes = [kind.code for kind in OWN]
    assert len(codes) == len(set(codes))
