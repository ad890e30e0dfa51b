"""gradient_over is the gradient; nothing that a particle computes waits for what the others have."""

import numpy as np
import pytest
from support.graphs import N, data, parameter

from vicompile.autodiff import gradient, gradient_over
from vicompile.ir import ops
from vicompile.ir.dims import symbol
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import FLOAT, Draw, make
from vicompile.ir.walk import topological
from vicompile.rewrite import over_particles

S = symbol("particles")
P, Q, Y = parameter("p"), parameter("q", N), data("y", N)
DRAW = make(Draw, FLOAT, (N,), noise="normal", site="z", slot=0)
SIZES = {"N": 3, "particles": 4}

COLUMNS = {
    "through draws": ops.total(ops.square(Y - ops.exp(P) * DRAW - Q)),
    "sums of parameters alone": ops.total(ops.exp(Q)) * ops.total(DRAW) + P,
    "no draws": ops.total(Q * Y) * P,
    "no parameters": ops.total(DRAW),
    "held": ops.total(ops.detach(ops.exp(P)) * DRAW * Q),
}


def softmaxed(columns):
    return ops.logsumexp(columns[0])


def held(columns):
    return ops.total(ops.detach(ops.exp(columns[0])) * columns[0] + 0.3 * columns[-1])


def pairwise(columns):
    size = columns[0].shape[0]
    row, other = ops.broadcast_to(columns[0], (size, size)), ops.back_along(columns[-1], [1], (size, size))
    return ops.total(ops.where(row > other, row * other, 0.0))


@pytest.mark.parametrize("function", [softmaxed, held, pairwise])
@pytest.mark.parametrize("names", [*((name,) for name in COLUMNS), tuple(COLUMNS), ("held", "through draws")])
def test_the_gradient_is_the_same(function, names):
    columns = over_particles([COLUMNS[name] * 0.1 for name in names], S)
    output = function(columns)
    rng = np.random.default_rng(0)
    values = {P: np.float64(0.3), Q: rng.normal(size=3), Y: rng.normal(size=3)}
    values.update((n, rng.normal(size=(4, 3))) for n in topological([output]) if isinstance(n, Draw))
    expected = interpret(gradient(output, [P, Q]), values, SIZES)
    found = interpret(gradient_over(output, columns, [P, Q], S), values, SIZES)
    for one, other in zip(found, expected):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-14)


def test_the_weights_are_taken_where_parameters_are_handed_out():
    """Exponentials of the log weights meet no array of a particle but those of the parameters' adjoints."""
    columns = over_particles([ops.total(ops.square(Y - P * DRAW))], S)
    (found,) = gradient_over(softmaxed(columns), columns, [P], S)
    weights = gradient(softmaxed(columns), columns)[0]
    readers = [n for n in topological([found]) if weights in n.args]
    assert all(n.shape == (S, N) or n.shape == (S,) for n in readers)
    assert len(readers) == 1
