"""What was run before: a folder with one JSON file for each posterior and program."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np


class Store:
    """Runs as lists of dicts; arrays become lists."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def runs(self, posterior: str, program: str, make: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
        """Those that are stored, else those that `make` makes, stored now."""
        file = self._folder / f"{posterior}.{program}.json"
        if not file.exists():
            file.write_text(json.dumps(make(), default=_plain))
        return json.loads(file.read_text())


def _plain(value: Any) -> Any:
    return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else str(value)
