"""The layers that import-linter checks are the ones that docs/architecture.md draws, and every room is in them."""

from __future__ import annotations

import configparser
import re
from itertools import pairwise

from project_files import ROOT, rooms

# Leaf modules and entry points, which the page names in its text instead of in the picture.
NOT_DRAWN = {"__main__", "optim", "constraints"}


def _contract() -> list[set[str]]:
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter")
    lines = parser["importlinter:contract:layers"]["layers"].strip().splitlines()
    return [set(re.findall(r"\w+", line)) for line in lines]


def _drawn() -> list[set[str]]:
    page = (ROOT / "docs" / "architecture.md").read_text()
    picture = page.split("Layers, highest first", 1)[1].split("\n\n")[1]
    return [set(re.findall(r"\w+", re.split(r"\s{2,}", line.strip())[0])) for line in picture.splitlines()]


def test_every_room_is_in_a_layer() -> None:
    assert set().union(*_contract()) == set(rooms())


def test_contract_keeps_the_order_of_the_page() -> None:
    contract = _contract()
    height = {room: k for k, layer in enumerate(contract) for room in layer}
    drawn = _drawn()
    assert set().union(*drawn) | NOT_DRAWN == set(rooms())
    for upper, lower in pairwise(drawn):
        assert max(height[room] for room in upper) < min(height[room] for room in lower), f"{upper} is above {lower}"
