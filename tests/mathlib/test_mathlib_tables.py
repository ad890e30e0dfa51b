"""The committed polynomial tables are what their scripts compute."""

from __future__ import annotations

import fit_coefficients
import fit_gamma_table
from mpmath import mp

from vicompile.jit.mathlib import coefficients, gamma_table


def test_coefficients() -> None:
    with mp.workdps(60):
        for name, values in fit_coefficients.tables().items():
            assert getattr(coefficients, name) == tuple(values), name


def test_the_gamma_tables_take_the_values_they_interpolate() -> None:
    t, s = 0.3125, -0.4375
    a = fit_gamma_table.on(*fit_gamma_table.MEDIUM[2:], s) ** -1
    want = fit_gamma_table.scaled_gradient(a, mp.log(a) + fit_gamma_table.on(*fit_gamma_table.MEDIUM[:2], t))
    got = sum(c * t**i * s**j for i, row in enumerate(gamma_table.MEDIUM) for j, c in enumerate(row))
    assert abs(got - want) < 1e-14


def test_the_regions_are_those_of_the_fit() -> None:
    from vicompile.jit.mathlib import gamma_gradient

    for name in ("LARGE", "MEDIUM", "SMALL"):
        assert getattr(gamma_gradient, name) == tuple(float(bound) for bound in getattr(fit_gamma_table, name)), name
