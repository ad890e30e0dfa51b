"""Small graphs to build tests from."""

from vicompile.ir.dims import symbol
from vicompile.ir.nodes import FLOAT, INT, Input, make

N, D, J = symbol("N"), symbol("D"), symbol("J")


def data(name, *shape, dtype=FLOAT):
    return make(Input, dtype, tuple(shape), name=name, role="data")


def whole(name, *shape):
    return data(name, *shape, dtype=INT)


def parameter(name, *shape):
    return make(Input, FLOAT, tuple(shape), name=name, role="param")
