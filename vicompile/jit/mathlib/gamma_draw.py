"""Gamma draws as pure functions of base noise, in log space so that no concentration underflows.

Marsaglia and Tsang, "A simple method for generating gamma variables" (2000). The first try uses the given noise; after
a rejection the next tries take theirs from Philox, keyed by the bits of that noise: the same noise always gives the
same draw.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir

from vicompile.jit.mathlib.control import choose, repeat
from vicompile.jit.mathlib.counter_based import normals, uniforms
from vicompile.jit.mathlib.define import call
from vicompile.jit.mathlib.elementary import NAN, log, log1p
from vicompile.jit.mathlib.lanes import Bits, Real

# At least 95 of 100 tries are accepted: after so many rejections the concentration is not a positive finite number.
TRIES = 64


def log_standard_gamma(concentration: Real, normal: Real, uniform: Real, boost: Real) -> Real:
    """The logarithm of a Gamma(concentration, 1) draw from a standard normal and two uniforms in (0, 1).

    Below concentration 1 the draw is made at concentration + 1 and multiplied by boost**(1 / concentration). NaN unless
    concentration is positive and finite.
    """
    a, builder = concentration, concentration.builder
    is_small = a.below(1.0)
    d = a.rarely(is_small, a + 1.0, a) - 1 / 3
    root = _root(d, normal)
    square = normal * normal
    # The squeeze of Marsaglia and Tsang accepts most proposals without a logarithm, and none that the test would not.
    surely = builder.and_(root.above(0.0), uniform.below(1.0 - square * square * 0.0331))

    def in_doubt() -> Real:
        return call("gamma_cube_in_doubt", _cube_in_doubt, d, normal, uniform, inline=False)

    cube = choose(builder, surely, lambda: root * root * root, in_doubt)
    shrink = choose(builder, is_small, lambda: call("log", log, boost) / a, lambda: a.of(0.0))
    value = call("log", log, d * cube) + shrink
    return value.rarely(builder.not_(a.above(0.0)), NAN, value)


def _root(d: Real, normal: Real) -> Real:
    """1 + normal / sqrt(9 d); root and quotient do not wait for one another."""
    return (normal / (d * 3.0)).times_plus(d.square_root(), 1.0)


def _try(d: Real, normal: Real, uniform: Real) -> tuple[Any, Real]:
    """Whether the proposal is accepted, and its cube (1 + normal / sqrt(9 d))**3."""
    builder, root = d.builder, _root(d, normal)
    cube = root * root * root
    log_cube = call("log1p", log1p, root.exact_sub(1.0)) * 3.0
    bound = normal * normal * 0.5 + d * ((1.0 - cube) + log_cube)
    return builder.and_(root.above(0.0), call("log", log, uniform).below(bound)), cube


def _cube_in_doubt(d: Real, normal: Real, uniform: Real) -> Real:
    """The cube of the first proposal if that is accepted, else of one of the next; NaN if none is."""
    builder = d.builder
    accepted, cube = _try(d, normal, uniform)
    return choose(builder, accepted, lambda: cube, lambda: _again(d, normal, uniform))


def _again(d: Real, normal: Real, uniform: Real) -> Real:
    builder = d.builder
    key, identity = normal.bits(), uniform.bits()

    def draw(number: Real, state: list[Real]) -> list[Real]:
        attempt = Bits(builder, builder.fptoui(number.value, ir.IntType(64)))
        nothing = attempt & 0
        candidate, _ = normals((attempt, nothing, identity, identity >> 32), key)
        level, _ = uniforms((attempt, nothing + 1, identity, identity >> 32), key)
        accepted, cube = _try(d, candidate, level)
        return [d.where(accepted, cube, NAN)]

    def accepted(state: list[Real]) -> Any:
        return builder.fcmp_ordered("==", state[0].value, state[0].value)

    return repeat(builder, TRIES, [d.of(NAN)], draw, until=accepted)[0]
