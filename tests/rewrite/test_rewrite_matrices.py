"""Products with a factor that is solved for, and diagonals: what is left, and that values stay."""

import numpy as np
from support.graphs import parameter

from vicompile.distributions.constraints import scaled_unit_lower_cholesky
from vicompile.ir import linalg, ops, vectors
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import Axis, Call, Scatter
from vicompile.ir.verify import verify
from vicompile.ir.walk import topological
from vicompile.rewrite import simplify

RNG = np.random.default_rng(4)
FACTOR, VECTOR, LOC = parameter("factor", 5, 5), parameter("vector", 5), parameter("loc", 5)
PACKED = parameter("packed", 15)
VALUES = {
    FACTOR: np.tril(RNG.normal(size=(5, 5))) + 3.0 * np.eye(5),
    VECTOR: RNG.normal(size=5),
    LOC: RNG.normal(size=5),
    PACKED: RNG.normal(size=15),
}


def simpler(node):
    result = simplify([node])[node]
    verify([result])
    found, expected = (interpret([one], VALUES, {})[0] for one in (result, node))
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)
    return result


def times(factor, vector):
    return vectors.matvec(vectors.tril(factor), vector)


def test_a_factor_is_not_solved_for_what_it_was_multiplied_with():
    assert simpler(linalg.solve_lower(FACTOR, times(FACTOR, VECTOR), vector=True)) is VECTOR
    drawn = LOC + times(FACTOR, VECTOR)
    assert simpler(linalg.solve_lower(FACTOR, drawn - LOC, vector=True)) is VECTOR


def test_other_systems_are_solved():
    other = linalg.solve_lower(FACTOR, times(FACTOR * 2.0, VECTOR), vector=True)
    assert any(isinstance(node, Call) for node in topological([simpler(other)]))
    matrix = linalg.solve_lower(FACTOR, FACTOR * FACTOR)
    assert any(isinstance(node, Call) for node in topological([simpler(matrix)]))
    whole = linalg.solve_lower(FACTOR, vectors.matvec(FACTOR, VECTOR), vector=True)
    assert any(isinstance(node, Call) for node in topological([simpler(whole)]))


def test_the_diagonal_of_a_computed_matrix_needs_no_matrix():
    factor = scaled_unit_lower_cholesky.transform(PACKED)
    found = simpler(ops.total(ops.log(vectors.diagonal(factor))))
    assert max(node.rank for node in topological([found])) == 1


def test_comparisons_of_positions_are_decided_on_the_diagonal():
    row, column = vectors.row_column(5, FACTOR)
    for compare in (ops.less, ops.less_equal, ops.equal, ops.not_equal, ops.greater, ops.greater_equal):
        chosen = vectors.diagonal(ops.where(compare(row, column), FACTOR, 2.0 * FACTOR))
        found = simpler(chosen)
        assert not any(getattr(node, "primitive", "") == "where" for node in topological([found]))


def test_other_views_stay():
    product = FACTOR * FACTOR
    row = ops.gather(product, (2, Axis(0)), (5,))
    assert simpler(row) is row
    assert not isinstance(simpler(vectors.diagonal(FACTOR)), Scatter)
