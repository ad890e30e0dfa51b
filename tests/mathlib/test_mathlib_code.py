"""What becomes of the functions in a kernel: vector code, no foreign symbols, clear refusals; and the raw pointers."""

from __future__ import annotations

import platform
import re
from typing import Any

import numpy as np
import pytest
from ulp_harness import OPTIONS, evaluate, loop_over

VECTOR = [
    "exp",
    "log",
    "log1p",
    "expm1",
    "sigmoid",
    "softplus",
    "log_sigmoid",
    "tanh",
    "sqrt",
    "erf",
    "erfc",
    "lgamma",
    "digamma",
    "ndtr",
    "log_ndtr",
    "log_ndtr_slope",
    "log_bessel_i0e",
    "log_bessel_i0e_slope",
]
LIBM = {"sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "pow"}


def library(dispatcher: Any) -> Any:
    return dispatcher.overloads[dispatcher.signatures[0]].library


@pytest.mark.skipif(
    platform.machine() not in ("x86_64", "AMD64"), reason="the names of vector registers are those of x86-64"
)
@pytest.mark.parametrize("name", [*(n for n in VECTOR if n != "sqrt"), "trigamma", "ndtri", "ndtri_exp"])
def test_loops_become_vector_code(name: str) -> None:
    text = library(loop_over(name)).get_asm_str()
    # Packed arithmetic. (Not asked of sqrt: on the oldest CPUs two roots at once are no faster than one by one.)
    assert re.search(r"(add|sub|mul|fmadd\d*)pd", text), name


def test_matches_itself_in_loops_of_any_length() -> None:
    # Vector body and scalar remainder are different code.
    x = np.linspace(0.2, 3.0, 67)
    for name in VECTOR:
        whole = evaluate(name, x)
        for n in (1, 3, 8, 31):
            np.testing.assert_allclose(evaluate(name, x[:n]), whole[:n], rtol=1e-15, atol=1e-15)


@pytest.mark.parametrize("name", ["log_standard_gamma", "log_gamma_gradient", "lgamma", "sin", "pow"])
def test_needs_libm_only(name: str) -> None:
    arity = {"log_standard_gamma": 4, "log_gamma_gradient": 2, "pow": 2}.get(name, 1)
    text = library(loop_over(name, arity)).get_llvm_str()
    declared = set(re.findall(r"^declare [^@]*@\"?([\w.$]+)", text, re.M))
    foreign = {d for d in declared if not d.startswith(("llvm.", "Py", "_Py", "NRT", "numba_"))}
    assert foreign <= LIBM, foreign


def test_pointers() -> None:
    from numba import njit

    from vicompile.jit.mathlib import advance, float64_at, int64_at, local_buffer, local_int64_buffer

    @njit("f8(i8, i8)", **OPTIONS)
    def weigh(values: int, counts: int) -> float:
        x, n = advance(float64_at(values), 2), int64_at(counts)
        scaled, kept = local_buffer(4), local_int64_buffer(4)
        for i in range(4):
            kept[i] = n[i] + 1
            scaled[i] = x[i] * kept[i]
        total = 0.0
        for i in range(4):
            total += scaled[i]
        return total

    values, counts = np.arange(6.0), np.array([1, 2, 3, 4])
    assert weigh(values.ctypes.data, counts.ctypes.data) == float((values[2:] * (counts + 1)).sum())


def test_local_buffers_are_aligned_and_apart() -> None:
    from numba import njit

    from vicompile.jit.mathlib import float64_at, local_buffer

    @njit("f8(i8)", **OPTIONS)
    def probe(address: int) -> float:
        source, first, second = float64_at(address), local_buffer(3), local_buffer(3)
        for i in range(3):
            first[i] = source[i]
            second[i] = 10.0 * source[i]
        return first[0] + first[1] + first[2] + second[0] + second[1] + second[2]

    values = np.array([1.0, 2.0, 3.0])
    assert probe(values.ctypes.data) == 66.0


def test_a_buffer_of_unknown_length_is_refused() -> None:
    from numba import njit
    from numba.core.errors import TypingError

    from vicompile.jit.mathlib import local_buffer

    with pytest.raises(TypingError, match="positive literal length"):

        @njit("f8(i8)", **OPTIONS)
        def wrong(n: int) -> float:
            return local_buffer(n)[0]


def test_a_wrong_argument_is_refused() -> None:
    from numba import njit, types
    from numba.core.errors import TypingError

    from vicompile.jit.mathlib import exp

    with pytest.raises(TypingError, match="exp needs numbers"):

        @njit(types.float64(types.unicode_type), **{**OPTIONS, "_nrt": True})
        def wrong(text: str) -> float:
            return exp(text)


def test_integers_and_booleans_are_converted() -> None:
    from numba import njit

    from vicompile.jit.mathlib import exp

    @njit("f8(i8, b1)", **OPTIONS)
    def both(n: int, flag: bool) -> float:
        return exp(n) + exp(flag) + exp(1)

    assert both(0, True) == 1.0 + 2 * evaluate("exp", np.ones(1))[0]
