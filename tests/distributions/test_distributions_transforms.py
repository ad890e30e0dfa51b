"""Transforms as objects: inverse, Jacobian against differences, shapes, nodes, composition, equality."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from scipy import fft

import vicompile.distributions as dist
from vicompile import constraints as c
from vicompile.distributions import transforms as t
from vicompile.ir import ops
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import FLOAT, Input, make

HAS_LINALG = importlib.util.find_spec("vicompile.ir.linalg") is not None
SPD = np.array([[2.0, 0.5, -0.3], [0.5, 1.0, 0.2], [-0.3, 0.2, 1.5]])
ROOTS = np.sqrt(np.diagonal(SPD))
LOWER = np.linalg.cholesky(SPD)
TRIANGLE = np.tril_indices(3)


@dataclass
class Row:
    """A transform with a point of its domain, and where the numbers of free coordinates differ, the Jacobian."""

    transform: t.Transform
    x: Any
    log_abs_det: float | None = None


ROWS = [
    Row(t.IdentityTransform(), [0.3, -2.0]),
    Row(t.AffineTransform(1.5, -2.0), [0.3, -2.0]),
    Row(t.AffineTransform(np.array([1.0, 0.0]), np.array([3.0, 1.0])), [0.3, -2.0]),
    Row(t.AffineTransform(2.0, -1.0), [0.3, -2.0]),
    Row(t.ExpTransform(), [0.3, -2.0]),
    Row(t.PowerTransform(2.5), [0.3, 2.0]),
    Row(t.PowerTransform(-1.0), [0.3, 2.0]),
    Row(t.SigmoidTransform(), [0.3, -2.0]),
    Row(t.ScaledSigmoidTransform(-1.0, 4.0), [0.3, -2.0]),
    Row(t.SoftplusTransform(), [0.3, -2.0]),
    Row(t.TanhTransform(), [0.3, -2.0]),
    Row(t.ExpTransform().inv, [0.3, 2.0]),
    Row(t.ComposeTransform([t.ExpTransform(), t.AffineTransform(1.0, 3.0), t.ExpTransform().inv]), [0.3, -2.0]),
    Row(t.ComposeTransform([]), [0.3, -2.0]),
    Row(t.IndependentTransform(t.ExpTransform(), 1), [0.3, -2.0]),
    Row(t.IndependentTransform(t.OrderedTransform(), 1), [[0.3, -2.0], [1.0, 0.5]]),
    Row(t.ComposeTransform([t.OrderedTransform(), t.ExpTransform()]), [0.3, -2.0, 0.1]),
    Row(t.OrderedTransform(), [0.3, -2.0, 0.1]),
    Row(t.L1BallTransform(), [0.3, -1.0, 0.1]),
    Row(t.PermuteTransform([2, 0, 1]), [0.3, -1.0, 0.1]),
    Row(t.DiscreteCosineTransform(), [0.3, -1.0, 0.1, 2.0]),
    Row(t.DiscreteCosineTransform(1.0), [0.3, -1.0, 0.1, 2.0]),
    Row(t.RecursiveLinearTransform(np.array([[0.9, 0.1], [-0.2, 0.7]])), [[0.3, -1.0], [0.1, 2.0], [0.5, 0.5]]),
    Row(t.RecursiveLinearTransform(np.eye(2), np.array([4.0, 5.0])), [[0.3, -1.0], [0.1, 2.0]]),
    Row(t.ReshapeTransform((3, 2), (6,)), [0.3, -1.0, 0.1, 2.0, 5.0, 6.0]),
    Row(t.ReshapeTransform((2, 3), (3, 2)), [[0.3, -1.0], [0.1, 2.0], [5.0, 6.0]]),
    Row(t.CatTransform([t.ExpTransform(), t.OrderedTransform()], lengths=[1, 2]), [0.3, -1.0, 0.1]),
    Row(t.StackTransform([t.ExpTransform(), t.IdentityTransform()]), [0.3, -1.0]),
    Row(t.StackTransform([t.OrderedTransform(), t.L1BallTransform()]), [[0.3, -1.0], [0.5, 0.2]]),
    Row(t.LowerCholeskyAffine(np.array([1.0, 2.0, 3.0]), LOWER), [0.3, -1.0, 0.1]),
    Row(t.SimplexToOrderedTransform(), [0.2, 0.3, 0.1, 0.4]),
    Row(t.SimplexToOrderedTransform(1.5), [0.2, 0.3, 0.5]),
    Row(t.StickBreakingTransform().inv, [0.2, 0.3, 0.5]),
    Row(t.ZeroSumTransform(2), [[0.3, -1.0], [0.1, 2.0]]),
    Row(t.LowerCholeskyTransform(), [0.3, -1.0, 0.1, 0.2, 0.7, -0.4]),
    Row(t.CholeskyTransform(), SPD),
    Row(t.CholeskyTransform().inv, LOWER),
    Row(t.CorrMatrixCholeskyTransform(), SPD / np.outer(ROOTS, ROOTS)),
]
NAMES = [f"{k}-{row.transform!r}"[:60] for k, row in enumerate(ROWS)]
every_row = pytest.mark.parametrize("row", ROWS, ids=NAMES)
FREE_OF_SET = {
    "simplex": lambda x: x[:-1],
    "positive_definite": lambda x: x[TRIANGLE],
    "lower_cholesky": lambda x: x[TRIANGLE],
}


def needs_linalg(transform: t.Transform, backwards: bool) -> bool:
    solves = isinstance(transform, t.LowerCholeskyAffine) and backwards
    factors = isinstance(transform, t.CholeskyTransform) and not backwards
    return solves or factors or (transform == t.CholeskyTransform().inv and backwards)


@every_row
def test_inverse_and_shapes(row: Row) -> None:
    x = np.array(row.x)
    f = row.transform
    y = f(x)
    assert f.domain.check(x).all()
    assert f.codomain.check(y).all()
    assert np.shape(y) == f.forward_shape(x.shape)
    assert f.inverse_shape(y.shape) == x.shape
    np.testing.assert_allclose(f.inv(y), x, rtol=1e-10, atol=1e-12)
    assert f.inv.inv == f
    assert f.inv.forward_shape(y.shape) == x.shape
    assert (f.inv.domain, f.inv.codomain) == (f.codomain, f.domain)
    np.testing.assert_allclose(f.inv.log_abs_det_jacobian(y, x), -f.log_abs_det_jacobian(x, y), rtol=1e-12)
    batch = np.stack([x, x])
    assert np.shape(f.log_abs_det_jacobian(batch, f(batch))) == (2, *np.shape(f.log_abs_det_jacobian(x, y)))


@every_row
def test_jacobian(row: Row) -> None:
    """In free coordinates: all elements where the constraint has as many as unconstrained numbers."""
    x, f = np.array(row.x), row.transform
    if isinstance(f, (t.ZeroSumTransform, t.CorrMatrixCholeskyTransform)) or f == t.CholeskyTransform():
        pytest.skip("tested with the map of its constraint")
    into = FREE_OF_SET.get(repr(f.domain), np.ravel)(np.arange(x.size).reshape(x.shape)).ravel()
    out = FREE_OF_SET.get(repr(f.codomain), np.ravel)
    h = 1e-4 * min(1.0, np.abs(x[x != 0]).min() if repr(f.domain) in ("simplex", "positive") else 1.0)

    def along(k: int, size: float) -> Any:
        step = np.zeros(x.size)
        step[k] = size
        if repr(f.domain) == "simplex":
            step[-1] = -size
        return out(f(x + step.reshape(x.shape))).ravel()

    columns = [(8 * (along(k, h) - along(k, -h)) - (along(k, 2 * h) - along(k, -2 * h))) / (12 * h) for k in into]
    expected = np.linalg.slogdet(np.stack(columns, axis=-1))[1]
    assert np.sum(f.log_abs_det_jacobian(x, f(x))) == pytest.approx(expected, rel=1e-7, abs=1e-7)


@every_row
def test_nodes_agree_with_numpy(row: Row) -> None:
    x, f = np.array(row.x), row.transform
    if any(isinstance(value, np.ndarray) for value in vars(f).values()):
        # Arrays become nodes only as inputs.
        pytest.skip("has arrays of its own")
    y = f(x)
    before = make(Input, FLOAT, x.shape, name="x", role="data")
    after = make(Input, FLOAT, np.shape(y), name="y", role="data")
    values = {before: x, after: y}
    if HAS_LINALG or not needs_linalg(f, backwards=False):
        np.testing.assert_allclose(interpret([ops.to_float(f(before))], values, {})[0], y, rtol=1e-12, atol=1e-14)
    if HAS_LINALG or not needs_linalg(f, backwards=True):
        np.testing.assert_allclose(interpret([ops.to_float(f.inv(after))], values, {})[0], x, rtol=1e-10, atol=1e-12)
    slope = ops.as_node(f.log_abs_det_jacobian(before, after))
    np.testing.assert_allclose(interpret([slope], values, {})[0], f.log_abs_det_jacobian(x, y), rtol=1e-12, atol=1e-14)


def test_transforms_with_nodes_for_their_arrays() -> None:
    loc = make(Input, FLOAT, (3,), name="loc", role="param")
    factor = make(Input, FLOAT, (3, 3), name="factor", role="param")
    matrix = make(Input, FLOAT, (2, 2), name="matrix", role="param")
    x, steps = np.array([0.3, -1.0, 0.1]), np.array([[0.3, -1.0], [0.1, 2.0]])
    xs = make(Input, FLOAT, (3,), name="x", role="data")
    rows = make(Input, FLOAT, (2, 2), name="rows", role="data")
    values = {loc: np.arange(3.0), factor: LOWER, matrix: np.array([[0.9, 0.1], [-0.2, 0.7]]), xs: x, rows: steps}
    affine, recursive = t.LowerCholeskyAffine(loc, factor), t.RecursiveLinearTransform(matrix)
    own, recursion = t.LowerCholeskyAffine(values[loc], LOWER), t.RecursiveLinearTransform(values[matrix])
    nodes = [affine(xs), affine.log_abs_det_jacobian(xs, xs), recursive(rows), recursive.inv(rows)]
    expected = [own(x), own.log_abs_det_jacobian(x, x), recursion(steps), recursion.inv(steps)]
    for found, wanted in zip(interpret(nodes, values, {}), expected):
        np.testing.assert_allclose(found, wanted, rtol=1e-13)
    if HAS_LINALG:
        np.testing.assert_allclose(interpret([affine.inv(xs)], values, {})[0], own.inv(x), rtol=1e-12)


def test_the_cosine_transform_is_that_of_scipy() -> None:
    x = np.random.default_rng(0).normal(size=(2, 7))
    np.testing.assert_allclose(t.DiscreteCosineTransform()(x), fft.dct(x, norm="ortho"), rtol=1e-12, atol=1e-14)


def test_the_softmax_of_large_numbers() -> None:
    x = np.array([[1000.0, 999.0, -1000.0], [-5000.0, -5000.0, -5001.0]])
    e = np.exp([0.0, -1.0])
    np.testing.assert_allclose(t.SoftmaxTransform()(x)[0], [*(e / e.sum()), 0.0], rtol=1e-14)
    node = make(Input, FLOAT, (2, 3), name="x", role="param")
    small = x / 4.0
    found = interpret([t.SoftmaxTransform()(node)], {node: small}, {})[0]
    np.testing.assert_allclose(found, t.SoftmaxTransform()(small), rtol=1e-12)


def test_maps_that_are_not_one_to_one() -> None:
    x = np.array([3.0, -4.0])
    np.testing.assert_allclose(t.NormalizeTransform()(x), [0.6, -0.8])
    np.testing.assert_allclose(t.AbsTransform()(x), [3.0, 4.0])
    assert t.transform_to(c.sphere) == t.NormalizeTransform()
    assert t.transform_to(c.simplex) == t.SoftmaxTransform()
    assert t.transform_to(c.positive) == t.biject_to(c.positive) == t.ExpTransform()
    for one in (t.NormalizeTransform(), t.AbsTransform(), t.SoftmaxTransform(), t.ComposeTransform([t.AbsTransform()])):
        np.testing.assert_allclose(one(one.inv(one(x))), one(x), rtol=1e-14)
        with pytest.raises(TypeError, match="is not one to one"):
            one.log_abs_det_jacobian(x, one(x))


def test_the_cdf_as_a_transform() -> None:
    normal = t.CumulativeDistributionTransform(dist.Logistic(1.0, 2.0))
    x = np.array([0.3, -1.0])
    np.testing.assert_allclose(normal.inv(normal(x)), x, rtol=1e-12)
    np.testing.assert_allclose(normal.log_abs_det_jacobian(x, normal(x)), dist.Logistic(1.0, 2.0).log_prob(x))
    assert normal.domain == c.real


def test_images_of_an_affine_map() -> None:
    assert t.AffineTransform(1.0, 2.0, c.positive).codomain == c.greater_than(1.0)
    assert t.AffineTransform(1.0, -2.0, c.positive).codomain == c.less_than(1.0)
    assert t.AffineTransform(1.0, -2.0, c.unit_interval).codomain == c.interval(-1.0, 1.0)
    node = make(Input, FLOAT, (), name="scale", role="param")
    with pytest.raises(TypeError, match="its image depends on the sign of the scale"):
        assert t.AffineTransform(1.0, node, c.positive).codomain


def test_equality_is_by_value() -> None:
    assert t.AffineTransform(1.0, 2.0) == t.AffineTransform(1, 2)
    assert t.AffineTransform(1.0, 2.0) != t.AffineTransform(1.0, 3.0)
    assert hash(t.ComposeTransform([t.ExpTransform()])) == hash(t.ComposeTransform([t.ExpTransform()]))
    assert t.ExpTransform().inv != t.ExpTransform()
    assert repr(t.ComposeTransform([t.ExpTransform(), t.AffineTransform(1, 2).inv])) == (
        "ComposeTransform([ExpTransform(), AffineTransform(1, 2).inv])"
    )


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: t.PermuteTransform([0, 2]), "is no permutation"),
        (lambda: t.PermuteTransform([1, 0])(np.zeros(3)), "does not fit a vector of 3"),
        (lambda: t.ReshapeTransform((2, 2), (3,)), "different numbers of elements"),
        (lambda: t.ReshapeTransform((2, 2), (4,)).forward_shape((5,)), r"maps events of shape \(4,\), got \(5,\)"),
        (lambda: t.StickBreakingTransform().inverse_shape((0,)), "at least one element"),
        (lambda: t.ZeroSumTransform(2).forward_shape((3,)), "has no zero sums"),
        (lambda: t.LowerCholeskyAffine(0.0, np.zeros((2, 3))), "expected a square matrix"),
        (lambda: t.CatTransform([t.ExpTransform()])(np.zeros(2)), "do not make a vector of 2"),
        (lambda: t.StackTransform([t.ExpTransform()]).inverse_shape((2,)), "has 1 parts, got 2"),
    ],
)
def test_faults_are_told(wrong: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        wrong()
