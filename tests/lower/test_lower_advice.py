"""The advice for functions of other libraries names what the compiler knows."""

from __future__ import annotations

import importlib

import numpy as np
import pytest

from vicompile.lower.advice import _OTHER_NAMES, instead_of
from vicompile.lower.functions import lookup


def _of(module: str, name: str):
    def function(x):
        return x

    function.__module__, function.__name__ = module, name
    return function


@pytest.mark.parametrize(
    ("name", "advice"),
    [
        ("exp", "write `np.exp`"),
        ("cholesky", "write `np.linalg.cholesky`"),
        ("logsumexp", "write `scipy.special.logsumexp`"),
        ("sigmoid", "write `scipy.special.expit`"),
        ("plate", "write `vicompile.plate`"),
        ("Gamma", "write `vicompile.distributions.Gamma`"),
    ],
)
def test_the_counterpart_is_named(name, advice) -> None:
    assert instead_of(_of("jax.numpy", name)) == advice


def test_a_function_that_has_no_counterpart_gets_general_advice() -> None:
    general = instead_of(_of("jax.numpy", "unheard_of"))
    assert "NumPy" in general
    assert instead_of(np.piecewise) == general


def test_random_functions_are_drawn_outside() -> None:
    assert "`sample`" in instead_of(np.random.default_rng(0).normal)


@pytest.mark.parametrize("dotted", sorted(set(_OTHER_NAMES.values())))
def test_other_names_stand_for_functions_that_are_understood(dotted) -> None:
    module, _, name = dotted.replace("np.", "numpy.").rpartition(".")
    function = getattr(importlib.import_module(module), name)
    assert lookup(function)[0] is not None or function in (np.array, np.asarray)
