"""The models whose compile times are measured, and the table of the times."""

from __future__ import annotations

import runpy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import vicompile.distributions as dist
from benchmarks.compiling.__main__ import table
from benchmarks.compiling.families import module_of


@dataclass
class Row:
    kind: type
    settings: list[dict[str, Any]]
    points: list[Any] = field(default_factory=lambda: [0.5, 1.0])


@pytest.mark.parametrize(
    ("row", "learned", "latent"),
    [
        (Row(dist.Normal, [{"loc": 0.5, "scale": 2.0}]), 2, True),
        (Row(dist.Poisson, [{"rate": 2.5}], [0.0, 3.0]), 1, False),
        (Row(dist.Uniform, [{"low": 0.0, "high": 2.0}]), 2, False),
        (Row(dist.ZeroInflatedDistribution, [{"base_dist": dist.Poisson(2.5), "gate": 0.3}], [0.0, 3.0]), 2, False),
    ],
    ids=lambda value: value.kind.__name__ if isinstance(value, Row) else None,
)
def test_a_family_becomes_a_module_whose_model_is_fitted(row: Row, learned: int, latent: bool, tmp_path: Path) -> None:
    from vicompile.infer import SVI
    from vicompile.optim import Adam

    file = tmp_path / f"{row.kind.__name__}.py"
    file.write_text(module_of(row) or "")
    found = runpy.run_path(str(file))
    result = SVI(found["model"], found["guide"], Adam(0.01)).run(2, *found["ARGS"], seed=0, progress_bar=False)
    assert np.isfinite(result.losses).all()
    assert len(result.params) == learned
    assert ('"x"' in file.read_text()) is latent


def test_the_table_tells_the_distribution_and_what_failed() -> None:
    times = [{"wall": float(k), "cpu": 0.5 * k} for k in range(1, 12)]
    records = [{"group": "corpus", "name": f"m{k}", "cold": one, "warm": one} for k, one in enumerate(times)]
    records.append({"group": "corpus", "name": "bad", "cold": {"error": "broken"}, "warm": {"error": "broken"}})
    lines = table(records).splitlines()
    assert lines[1].split() == ["corpus,", "cold,", "wall", "11", "6.00", "10.00", "11.00"]
    assert lines[2].split()[-3:] == ["3.00", "5.00", "5.50"]
    assert "m10 11.00" in lines[5]
    assert lines[-1] == "failed: bad: broken"
