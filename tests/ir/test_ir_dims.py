"""Sizes are polynomials: arithmetic on symbols is arithmetic on their values."""

import operator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vicompile.ir.dims import Dim, evaluate, extreme, product, substitute, symbol
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import FLOAT, Input, make

SIGNS = ("+", "-", "*", "min", "max")
NAMES = ("n", "m", "k.0")
VALUES = {"n": 3, "m": 5, "k.0": -2}

sizes = st.recursive(
    st.one_of(st.integers(-4, 4), st.sampled_from(NAMES).map(symbol)),
    lambda inner: st.tuples(st.sampled_from(SIGNS), inner, inner).map(lambda t: _apply(*t)),
    max_leaves=6,
)


def _apply(sign, a, b):
    if sign in ("min", "max"):
        return extreme(sign, a, b)
    return {"+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b}[sign]()


@given(sizes, sizes, st.sampled_from(SIGNS))
def test_arithmetic_is_that_of_the_values(a, b, sign):
    first, second = evaluate(a, VALUES), evaluate(b, VALUES)
    expected = {"min": min, "max": max}[sign](first, second) if sign in ("min", "max") else _apply(sign, first, second)
    assert evaluate(_apply(sign, a, b), VALUES) == expected


@given(sizes, sizes)
def test_equal_sizes_are_one_object(a, b):
    assert a + b is b + a or a + b == b + a
    total = a + b
    if isinstance(total, Dim):
        assert total is b + a
        assert total is not symbol("other")


@given(sizes, sizes)
def test_substitution_is_evaluation_later(a, b):
    replaced = substitute(a, {"n": b})
    assert evaluate(replaced, VALUES) == evaluate(a, {**VALUES, "n": evaluate(b, VALUES)})


def test_a_constant_is_a_plain_number():
    n = symbol("n")
    assert n - n == 0
    assert (n + 3) - n == 3
    assert isinstance((n + 3) - n, int)
    assert 0 * n == 0
    assert 2 - n is 2 - n


def test_the_smaller_and_the_larger_one():
    n, m = symbol("n"), symbol("m")
    assert extreme("min", n, n + 1) is n
    assert extreme("max", n, n + 1) is n + 1
    assert extreme("min", n, m) is extreme("min", m, n)
    assert extreme("min", n, m).symbols == {"n", "m"}
    assert extreme("min", 3, 4) == 3
    assert repr(extreme("max", n, m)) == "max(m, n)"


def test_names():
    n, m = symbol("n"), symbol("m")
    assert n.symbol == "n"
    assert (n + 1).symbol is None
    assert (2 * n).symbol is None
    assert (n * m).symbols == {"n", "m"}
    assert product((n, 2, m)) == 2 * n * m
    assert product(()) == 1


@pytest.mark.parametrize(
    ("size", "text"),
    [(symbol("n") + 1, "n + 1"), (symbol("n") - 1, "n - 1"), (2 * symbol("n") * symbol("m") - 3, "2*m*n - 3")],
)
def test_text(size, text):
    assert repr(size) == text


def test_an_unknown_symbol_has_no_value():
    with pytest.raises(KeyError):
        evaluate(symbol("n"), {})


@pytest.mark.parametrize("other", [1.0, 2.5, "a", None, [1], np.zeros(2), np.array([3]), np.float64(2.0), 1j])
@pytest.mark.parametrize("function", [operator.add, operator.sub, operator.mul, operator.floordiv, operator.mod])
def test_what_is_no_size_is_refused(function, other):
    n = symbol("n")
    with pytest.raises(TypeError):
        function(n, other)
    if not isinstance(other, str):
        with pytest.raises(TypeError):
            function(other, n)


@pytest.mark.parametrize("whole", [2, True, np.int64(2), np.int32(2), np.uint8(2), np.array(2)])
def test_whole_numbers_of_every_type_are_sizes(whole):
    n, number = symbol("n"), int(whole)
    for function in (operator.add, operator.sub, operator.mul):
        for a, b, same in ((n, whole, function(n, number)), (whole, n, function(number, n))):
            found = function(a, b)
            assert found is same
    assert n // whole is n // number
    assert n % whole == n % number
    assert type((n + whole) - n) is int


def test_a_node_computes_with_a_size_on_either_side():
    n, x = symbol("n"), make(Input, FLOAT, (), name="x", role="data")
    values = {x: 2.5}
    for function in (operator.add, operator.sub, operator.mul, operator.truediv):
        for a, b, expected in ((n, x, function(7, 2.5)), (x, n, function(2.5, 7))):
            assert interpret([function(a, b)], values, {"n": 7})[0] == pytest.approx(expected)
