"""Every optimizer goes where the one of torch, Pyro, optax or NumPyro's of the same name goes, on fixed gradients."""

from __future__ import annotations

import json

import numpy as np
import pytest
from native_rules import native_run
from trajectories import CASES, KEPT, STORED, gradients, start

from vicompile import optim

# torch divides by the norm and 1e-6 more.
TOLERANCES = {"Clipped per parameter": 1e-6}
EXPECTED = json.loads(STORED.read_text())


@pytest.mark.parametrize("name", CASES)
def test_goes_where_the_stored_one_went(name):
    seen, _ = native_run(CASES[name][0], start(), gradients())
    np.testing.assert_allclose(
        seen[[k - 1 for k in KEPT]], EXPECTED[name], rtol=TOLERANCES.get(name, 1e-11), atol=1e-13
    )


@pytest.mark.parametrize("name", CASES)
def test_goes_where_the_library_goes(name):
    _, library, run = CASES[name]
    for module in {"torch": ("torch", "pyro"), "optax": ("jax", "optax"), "jax": ("jax",)}[library]:
        pytest.importorskip(module)
    seen, _ = native_run(CASES[name][0], start(), gradients())
    np.testing.assert_allclose(seen, list(run()), rtol=TOLERANCES.get(name, 1e-11), atol=1e-13)


def test_every_optimizer_has_a_trajectory():
    public = {getattr(optim, name) for name in optim.__all__}
    kinds = {one for one in public if isinstance(one, type) and issubclass(one, optim.Optimizer)}
    assert kinds - {optim.Optimizer, optim.Averaged} == {type(ours) for ours, *_ in CASES.values()}
