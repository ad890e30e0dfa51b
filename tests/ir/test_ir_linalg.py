"""Whole-array functions: NumPy's meaning, the same on nodes, and gradients against central differences."""

import numpy as np
import pytest
import scipy.linalg
from support.graphs import D, J, N, data, parameter
from support.matrices import BATCH, operands, takes_vectors

from vicompile.autodiff import gradient
from vicompile.ir import linalg, ops, vectors
from vicompile.ir.batch import batch
from vicompile.ir.calls import calls
from vicompile.ir.dims import symbol
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import FLOAT, INT, Call, Index, make
from vicompile.ir.verify import verify
from vicompile.ir.walk import resize

ROWS = list(calls().values())
rows = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
SIZES = {"N": 5, "D": 3, "J": 4}
LETTERS = {"n": N, "m": D, "k": J}
NUMBERS = {"n": 5, "m": 3, "k": 4}

# What each function is, said again with NumPy's and SciPy's own functions, for one matrix.
EXPECTED = {
    "cholesky": np.linalg.cholesky,
    "cholesky_adjoint": None,  # checked as the gradient of `cholesky`
    "solve_lower": lambda a, b: scipy.linalg.solve_triangular(a, b, lower=True),
    "solve_lower_transposed": lambda a, b: scipy.linalg.solve_triangular(a, b, lower=True, trans="T"),
    "solve": np.linalg.solve,
    "solve_transposed": lambda a, b: np.linalg.solve(a.T, b),
    "log_abs_det": lambda a: np.log(np.abs(np.linalg.det(a))),
    "sign_of_det": lambda a: np.sign(np.linalg.det(a)),
    "product": lambda a, b: a @ b,
    "product_with_transposed": lambda a, b: a @ b.T,
    "product_of_transposed": lambda a, b: a.T @ b,
}


def on_nodes(row, batch=(), vector=False):
    """The function of parameters with these batch axes."""
    shapes = [tuple(LETTERS[letter] for letter in letters) for letters in row.operands]
    if vector:
        shapes[-1] = shapes[-1][:-1]
    args = [parameter(f"p{k}", *batch, *shape) for k, shape in enumerate(shapes)]
    return args, linalg.call(row.name, *args, vector=vector)


@rows
@pytest.mark.parametrize("n", [0, 1, 2, 3, 17])
def test_meaning_is_that_of_numpy_and_scipy(row, n):
    expected = EXPECTED[row.name]
    if expected is None:
        pytest.skip("it is defined by its gradient")
    args = operands(row, np.random.default_rng(n), {**NUMBERS, "n": n}, BATCH)
    found = linalg.call(row.name, *args)
    for place in np.ndindex(*BATCH):
        np.testing.assert_allclose(found[place], expected(*(a[place] for a in args)), rtol=1e-10, atol=1e-12)


@rows
@pytest.mark.parametrize("vector", [False, True])
def test_nodes_mean_the_same_as_arrays(row, vector):
    if vector and not takes_vectors(row):
        pytest.skip("it takes no vectors")
    args, node = on_nodes(row, (symbol("P"),), vector)
    verify([node])
    values = operands(row, np.random.default_rng(1), NUMBERS, (2,), vector)
    (found,) = interpret([node], dict(zip(args, values)), {**SIZES, "P": 2})
    assert found.shape == tuple({**SIZES, "P": 2}[s.symbol] for s in node.shape)
    np.testing.assert_array_equal(found, linalg.call(row.name, *values, vector=vector))


def check_gradient(node, args, values, sizes, seed=5, tolerance=1e-6):
    """The gradient of a weighted sum against central differences in three random directions."""
    rng = np.random.default_rng(seed)
    weights = data("weights", *node.shape)
    loss = ops.total(node * weights)
    known = dict(zip(args, values))
    known[weights] = rng.normal(size=np.shape(interpret([node], known, sizes)[0]))
    gradients = gradient(loss, args)
    verify(gradients)
    slopes = interpret(gradients, known, sizes)
    for _ in range(3):
        directions = [rng.normal(size=v.shape) for v in values]
        along = sum(float(np.sum(slope * d)) for slope, d in zip(slopes, directions))
        scale = sum(float(np.sum(np.abs(slope * d))) for slope, d in zip(slopes, directions))
        ends = []
        step = 1e-5
        for sign in (1.0, -1.0):
            moved = {a: v + sign * step * d for a, v, d in zip(args, values, directions)}
            ends.append(float(interpret([loss], {**known, **moved}, sizes)[0]))
        assert abs((ends[0] - ends[1]) / (2 * step) - along) <= tolerance * scale


@rows
@pytest.mark.parametrize("vector", [False, True])
def test_gradients_against_central_differences(row, vector):
    if row.gradient is None or row.name == "sign_of_det" or (vector and not takes_vectors(row)):
        pytest.skip("no gradient")
    args, node = on_nodes(row, (symbol("P"),), vector)
    values = operands(row, np.random.default_rng(2), NUMBERS, (2,), vector)
    check_gradient(node, args, values, {**SIZES, "P": 2})


@pytest.mark.parametrize(
    "function",
    [
        linalg.inverse,
        vectors.diagonal,
        vectors.tril,
        linalg.log_det_lower,
        vectors.transpose,
        lambda a: linalg.slogdet(a)[1],
        lambda a: vectors.matmul(a, a),
        lambda a: vectors.matmul(a, vectors.diagonal(a[:, :] if isinstance(a, np.ndarray) else a)),
        lambda a: linalg.solve_lower(linalg.cholesky(vectors.matmul(a, vectors.transpose(a))), a),
        lambda a: linalg.log_abs_det(a) * vectors.diagonal(a),
    ],
)
def test_compositions_on_nodes_and_arrays(function):
    a = parameter("a", N, N)
    value = np.random.default_rng(3).normal(size=(5, 5)) + 3.0 * np.eye(5)
    node = function(a)
    (found,) = interpret([node], {a: value}, SIZES)
    np.testing.assert_allclose(found, function(value), rtol=1e-12, atol=1e-13)
    check_gradient(node, [a], [value], SIZES)


@pytest.mark.parametrize(
    ("left", "right"),
    [((J,), (J,)), ((N, J), (J,)), ((J,), (J, D)), ((N, J), (J, D)), ((2, N, J), (J, D)), ((2, N, J), (2, J, D)),
     ((N, J), (2, J, D)), ((J,), (2, J, D)), ((2, N, J), (J,)), ((2, 1, N, J), (3, J, D))],
)  # fmt: skip
def test_matmul_of_all_ranks(left, right):
    a, b = parameter("a", *left), parameter("b", *right)
    rng = np.random.default_rng(4)
    values = [rng.normal(size=tuple(SIZES[s.symbol] if s not in (1, 2, 3) else s for s in p.shape)) for p in (a, b)]
    node = vectors.matmul(a, b)
    (found,) = interpret([node], dict(zip((a, b), values)), SIZES)
    np.testing.assert_allclose(found, np.matmul(*values), rtol=1e-12, atol=1e-13)


def test_what_cannot_be_factorised_is_nan_and_spares_the_rest_of_the_batch():
    good, bad = np.diag([1.0, 4.0]), np.diag([1.0, -1.0])
    found = linalg.cholesky(np.stack([good, bad]))
    np.testing.assert_array_equal(found[0], np.diag([1.0, 2.0]))
    np.testing.assert_array_equal(found[1], [[np.nan, 0.0], [np.nan, np.nan]])
    assert np.isnan(linalg.solve_lower(found[1], np.ones(2))).all()
    assert np.isnan(linalg.solve(np.zeros((2, 2)), np.ones(2))).all()
    assert linalg.log_abs_det(np.zeros((2, 2))) == -np.inf
    assert linalg.slogdet(np.zeros((2, 2)))[0] == 0.0


def test_a_call_is_batched_over_a_free_index():
    a, x = data("a", N, N), data("x", D)
    index = make(Index, INT, (), name="i")
    one = ops.gather(x, (index,), ()) * vectors.identity(vectors.square_size(a), a) + a
    node = linalg.solve_lower(linalg.cholesky(one), ops.gather(a, (0, *vectors.diagonal(a).shape[:0], 0), ()) * one)
    batched = batch([node], D, lambda n: False, index)[node]
    verify([batched])
    rng = np.random.default_rng(0)
    values = {a: np.eye(5) * 3.0 + 0.1 * rng.normal(size=(5, 5)), x: rng.uniform(size=3)}
    (found,) = interpret([batched], values, SIZES)
    for k in range(3):
        matrix = values[x][k] * np.eye(5) + values[a]
        expected = np.linalg.solve(np.linalg.cholesky(matrix), values[a][0, 0] * matrix)
        np.testing.assert_allclose(found[k], expected, rtol=1e-12, atol=1e-13)


def test_resized_calls_keep_their_function():
    a = data("a", N, N)
    node = linalg.cholesky(a)
    resized = resize([node], {"N": D})[node]
    assert isinstance(resized, Call)
    assert resized.shape == (D, D)


@pytest.mark.parametrize(
    ("function", "args", "error"),
    [
        (linalg.cholesky, [data("v", N)], ValueError),
        (linalg.cholesky, [data("r", N, D)], ops.ShapeMismatch),
        (linalg.solve, [data("a", N, N), data("b", D)], ops.ShapeMismatch),
        (vectors.matmul, [data("a", N, D), data("b", N)], ops.ShapeMismatch),
        (vectors.matmul, [data("a", N, D), ops.as_node(1.0)], ValueError),
        (vectors.diagonal, [data("v", N)], ValueError),
        (vectors.diagonal, [data("r", N, D)], ops.ShapeMismatch),
    ],
)
def test_shapes_that_do_not_fit_are_refused(function, args, error):
    with pytest.raises(error):
        function(*args)


def test_malformed_calls_are_found():
    a, b = data("a", N, N), data("b", D, N, N)
    for operand, shape in ((data("r", N, D), (N, D)), (a, (D, N, N)), (b, (N, N))):
        with pytest.raises(AssertionError, match="batch axes and core sizes agree"):
            verify([make(Call, FLOAT, shape, function="cholesky", operands=(operand,))])
    with pytest.raises(AssertionError, match="the function exists"):
        verify([make(Call, FLOAT, (N, N), function="nothing", operands=(a,))])
