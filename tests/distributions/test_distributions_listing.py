"""The page docs/distributions.md says what the classes say."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import vicompile.distributions as dist
from vicompile.distributions.base import registered
from vicompile.distributions.listing import _MISSING, families, listing
from vicompile.distributions.made import MadeOfOthers

PAGE = Path(__file__).parents[2] / "docs" / "distributions.md"


def test_the_page_is_up_to_date() -> None:
    command = "python -m vicompile.distributions.listing > docs/distributions.md"
    assert PAGE.read_text(encoding="utf-8") == listing(), f"run `{command}`"


def test_every_built_in_family_is_public_and_on_the_page() -> None:
    for module in pkgutil.iter_modules(dist.__path__, "vicompile.distributions."):
        import_module(module.name)
    ours = {name for name, kind in registered.items() if kind.__module__.startswith("vicompile.")}
    # A name for something that other families make is no family of its own.
    assert ours == {name for name, kind in families().items() if not issubclass(kind, MadeOfOthers)}
    assert "| Normal | `loc=0`, `scale=1` | real | yes |" in listing()
    assert "| Poisson | `rate` | nonnegative integer | no |" in listing()


def test_a_family_is_not_both_there_and_missing(monkeypatch) -> None:
    names = [name for group in _MISSING.values() for name in group]
    assert len(names) == len(set(names))
    absent = next(name for name in names if name not in families())
    assert f", {absent}" in listing() or f": {absent}" in listing()
    monkeypatch.setattr(dist, absent, dist.Normal, raising=False)
    monkeypatch.setattr(dist, "__all__", [*dist.__all__, absent])
    assert f", {absent}" not in listing().split("## Not here")[1]


def test_a_family_is_loaded_when_it_is_used() -> None:
    program = (
        "import sys, vicompile.distributions as dist\n"
        "print('vicompile.distributions.rice' in sys.modules, dist.Rice.__module__, 'Rice' in dir(dist))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "vicompile.distributions.rice", "True"]
