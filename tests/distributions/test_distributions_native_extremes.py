"""Machine code at the extreme points of the rows: density and gradients are those of the graph, which NumPy computes.

The graph itself is compared with many digits in `test_distributions_extremes`. Many densities share a kernel: each is
multiplied by a parameter of its own, so that the gradient by that parameter is the density.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from distribution_rows import ROWS
from support.stages import Evaluated

IN_ONE_KERNEL = 16
# Differences of digammas of 1e10, in steps of 1e10: eight units in the last place of 23 are 3e-5.
ROUNDED = {"GammaPoisson"}
Point = tuple[str, dict[str, Any], Any, frozenset[str]]


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def points() -> list[Point]:
    found = []
    for row in ROWS:
        for setting, x, *_ in row.extremes:
            if row.kind.__name__ not in ROUNDED and is_number(x) and all(map(is_number, setting.values())):
                whole = {name for name in setting if row.kind.arg_constraints[name].is_discrete}
                found.append(
                    (row.kind.__name__, setting, x, frozenset(whole | ({"x"} if row.kind.is_discrete else set())))
                )
    return found


POINTS = points()
HEADER = """import numpy as np
import vicompile as vc
import vicompile.distributions as dist


def guide(values):
    pass


def model(values):
    w = vc.param("w", np.ones({count}))
    p = vc.param("p", lambda: values)
"""


def program(chosen: list[Point]) -> tuple[str, Any]:
    """The text of a model of these densities, and the numbers that are its parameters."""
    lines, values = [], []
    for k, (family, setting, x, whole) in enumerate(chosen):
        written = {}
        for name, value in {**setting, "x": x}.items():
            written[name] = repr(value) if name in whole else f"p[{len(values)}]"
            values += [] if name in whole else [float(value)]
        at = written.pop("x")
        arguments = ", ".join(f"{name}={value}" for name, value in written.items())
        lines.append(f'    vc.factor("f{k}", w[{k}] * dist.{family}({arguments}).log_prob({at}))')
    return HEADER.format(count=len(chosen)) + "\n".join(lines) + "\n", np.array(values)


@pytest.mark.parametrize("first", range(0, len(POINTS), IN_ONE_KERNEL))
def test_machine_code_is_right_at_extreme_points(first: int, tmp_path: Path) -> None:
    chosen = POINTS[first : first + IN_ONE_KERNEL]
    text, values = program(chosen)
    path = tmp_path / f"extremes_{first}.py"
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    one = Evaluated(module.model, module.guide, (values,), spread=0.0)
    _, expected = one.graph()
    _, found = one.native()
    # In relative steps of the argument, because its size is extreme too; that of a density is its factor 1. The graph
    # is right to 1e-6 in the same measure, and digammas that nearly cancel are rounded differently.
    size = np.abs(np.concatenate([np.ones(len(chosen)), np.where(values == 0.0, 1.0, values)]))
    with np.errstate(all="ignore"):
        off = np.abs(found - expected) * size
        close = off <= 1e-6 * np.maximum(1.0, np.abs(expected) * size)
        # On the boundary of a support or of a parameter neither has a derivative.
        close |= ~np.isfinite(found) & ~np.isfinite(expected)
    assert close.all(), "\n".join(
        f"{slot}: {found[slot]!r}, not {expected[slot]!r}; {_about(chosen, int(slot))}"
        for slot in np.flatnonzero(~close)
    )


def _about(chosen: list[Point], slot: int) -> str:
    """Which density, or which of its arguments, a place in the gradient belongs to."""
    if slot < len(chosen):
        return f"density of {chosen[slot][0]} with {chosen[slot][1]} at {chosen[slot][2]}"
    slot -= len(chosen)
    for family, setting, x, whole in chosen:
        learnt = [name for name in (*setting, "x") if name not in whole]
        if slot < len(learnt):
            return f"gradient by {learnt[slot]} of {family} with {setting} at {x}"
        slot -= len(learnt)
    return "nothing"
