"""The gradient of a gamma draw: how log x moves with the concentration a at fixed probability.

With F the distribution function, d log x / d a = -(dF/da) / (x p(x)) =: g. (Figurnov, Mohamed, Mnih, "Implicit
reparameterization gradients", NeurIPS 2018.) Written as an integral, the exponentials of the density cancel, and what
is left is smooth: Temme's uniform expansion shows that a * g is, for large a, a power series in 1/a with coefficients
that are analytic in log(x/a). So a * g is a polynomial in two variables, one per range of a, wherever draws fall; two
series cover the far tails.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir

from vicompile.jit.mathlib.control import choose, repeat
from vicompile.jit.mathlib.define import call
from vicompile.jit.mathlib.elementary import NAN, exp, log
from vicompile.jit.mathlib.lanes import DOUBLE, Real
from vicompile.jit.mathlib.special import digamma

Region = tuple[float, float, float, float]

LARGE_FROM, SMALL_TO = 8.0, 1.5
# Bounds of log(x/a) and of 1/a (LARGE, MEDIUM), of log x and of a (SMALL): those of tests/mathlib/fit_gamma_table.py.
LARGE: Region = (-3.0, 1.7, 0.0, 1 / 8)
MEDIUM: Region = (-2.125, 2.8125, 1 / 8, 1 / 1.5)
SMALL: Region = (0.0, 3.4375, 0.0, 1.5)
LOWER_TERMS = 20
UPPER_TERMS = 16


def log_gamma_gradient(concentration: Real, log_draw: Real) -> Real:
    """d log_draw / d concentration at fixed probability, within 1e-11 relative; NaN unless concentration > 0."""
    # Only here, because these tables are long and most kernels draw no gamma.
    from vicompile.jit.mathlib import gamma_table

    a, builder = concentration, concentration.builder

    def series() -> Real:
        return call("log_gamma_gradient_in_a_tail", _in_a_tail, a, log_draw, inline=False)

    def by_inverse(rows: Sequence[Sequence[float]], region: Region) -> Real:
        t = _unit(log_draw - call("log", log, a), region[0], region[1])
        inverse = 1.0 / a
        s = _unit(inverse, region[2], region[3])
        return choose(builder, _in_unit(t), lambda: _plane(rows, t, s) * inverse, series)

    def by_concentration() -> Real:
        t, s = _unit(log_draw, SMALL[0], SMALL[1]), _unit(a, SMALL[2], SMALL[3])
        inside = builder.and_(_in_unit(t), a.above(0.0))
        return choose(builder, inside, lambda: _plane(gamma_table.SMALL, t, s) / (a * a + a), series)

    def medium_or_small() -> Real:
        return choose(builder, a.above(SMALL_TO), lambda: by_inverse(gamma_table.MEDIUM, MEDIUM), by_concentration)

    is_large = builder.fcmp_ordered(">=", a.value, a.of(LARGE_FROM).value)
    return choose(builder, is_large, lambda: by_inverse(gamma_table.LARGE, LARGE), medium_or_small)


def _plane(rows: Sequence[Sequence[float]], t: Real, s: Real) -> Real:
    """Sum of rows[i][j] t**i s**j for t and s from -1 to 1.

    The columns are the lanes of a vector, so that one pass over the rows evaluates all of them.
    """
    builder, width = t.builder, len(rows[0])
    lanes = ir.VectorType(DOUBLE, width)
    constants = [Real(builder, ir.Constant(lanes, [ir.Constant(DOUBLE, c) for c in row])) for row in rows]
    columns = _spread(t, width).polynomial(constants)
    powers = [s]
    while 2 ** len(powers) < width:
        powers.append(powers[-1] * powers[-1])
    # Halve: the upper lanes are worth s**(width / 2) times the lower ones.
    for power in reversed(powers):
        width //= 2
        columns = _lanes(columns, 0, width) + _lanes(columns, width, width) * _spread(power, width)
    return Real(builder, builder.extract_element(columns.value, ir.Constant(ir.IntType(32), 0)))


def _unit(x: Real, low: float, high: float) -> Real:
    """The position of x between both bounds, from -1 to 1."""
    return (x - (low + high) / 2) * (2 / (high - low))


def _in_unit(t: Real) -> Any:
    return t.builder.fcmp_ordered("<=", t.absolute().value, t.of(1.0).value)


def _lanes(vector: Real, first: int, count: int) -> Real:
    builder = vector.builder
    picks = ir.Constant(
        ir.VectorType(ir.IntType(32), count), [ir.Constant(ir.IntType(32), first + k) for k in range(count)]
    )
    return Real(builder, builder.shuffle_vector(vector.value, ir.Constant(vector.value.type, ir.Undefined), picks))


def _spread(number: Real, width: int) -> Real:
    vector: Any = ir.Constant(ir.VectorType(DOUBLE, width), ir.Undefined)
    for lane in range(width):
        vector = number.builder.insert_element(vector, number.value, ir.Constant(ir.IntType(32), lane))
    return Real(number.builder, vector)


def _in_a_tail(a: Real, log_x: Real) -> Real:
    """The series for draws outside the polynomials: x well below max(1, a), or well above a."""
    builder = a.builder
    x = call("exp", exp, log_x)
    is_lower = builder.and_(x.below(x.where(a.above(1.0), a, 1.0000000001)), a.above(0.0))
    value = choose(builder, is_lower, lambda: _lower(a, x, log_x), lambda: _upper(a, x, log_x))
    return value.where(a.above(0.0), value, NAN)


def _lower(a: Real, x: Real, log_x: Real) -> Real:
    """Sum over n of x**n / (a (a+1) ... (a+n)) * (digamma(a+n+1) - log x)."""
    inverse = 1.0 / a
    score = call("digamma", digamma, a + 1.0) - log_x

    def step(n: Real, state: list[Real]) -> list[Real]:
        weight, score, total = state
        reciprocal = 1.0 / (a + n)
        weight, score = weight * (x * reciprocal), score + reciprocal
        return [weight, score, total + weight * score]

    return repeat(a.builder, LOWER_TERMS, [inverse, score, inverse * score], step)[2]


def _upper(a: Real, x: Real, log_x: Real) -> Real:
    """(log x - digamma(a)) U + dU/da, U = exp(x) x**-a Gamma(a, x), by its differentiated continued fraction."""

    def step(turn: Real, state: list[Real]) -> list[Real]:
        fraction, slope = state
        n = (UPPER_TERMS + 1.0) - turn
        reciprocal = 1.0 / fraction
        factor = n * (n - a) * reciprocal
        return [
            x + (n * 2.0 - 1.0) - a - factor,
            (n + factor * slope) * reciprocal - 1.0,
        ]

    start = [x + (2.0 * UPPER_TERMS + 1.0) - a, a.of(-1.0)]
    fraction, slope = repeat(a.builder, UPPER_TERMS, start, step)
    first = 1.0 / fraction
    return first * ((log_x - call("digamma", digamma, a)) - slope * first)
