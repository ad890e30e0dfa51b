"""The map of every constraint: membership, round trip, Jacobian against autodiff and differences, batches, shapes."""

from __future__ import annotations

import importlib.util
from typing import Any

import numpy as np
import pytest
from constraint_rows import NAMES, ROWS, SMOOTH, SMOOTH_NAMES, Row
from hypothesis import given, settings
from hypothesis import strategies as st

from vicompile import constraints as c
from vicompile.autodiff import gradient
from vicompile.distributions import transforms as t
from vicompile.ir import ops
from vicompile.ir.dims import symbol
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import FLOAT, Input, Node, make
from vicompile.ir.vectors import SizeMustBeKnown
from vicompile.ir.verify import verify

every_row = pytest.mark.parametrize("row", ROWS, ids=NAMES)
every_map = pytest.mark.parametrize("row", SMOOTH, ids=SMOOTH_NAMES)
FACTORED = (c.positive_definite, c.positive_semidefinite, c.corr_matrix)
HAS_LINALG = importlib.util.find_spec("vicompile.ir.linalg") is not None


def points(row: Row, seed: int, batch: tuple[int, ...] = ()) -> np.ndarray:
    """Unconstrained numbers for events of the row's shape."""
    shape: Any = row.constraint.unconstrained_shape((*batch, *row.shape))
    return np.random.default_rng(seed).uniform(-row.scale, row.scale, shape)


def slopes(row: Row, u: np.ndarray) -> np.ndarray:
    """The Jacobian matrix of all elements of the member by all unconstrained ones, by central differences."""
    h = 1e-3
    columns = []
    for k in range(u.size):
        step = np.zeros(u.size)
        step[k] = h
        step = step.reshape(u.shape)
        f = row.constraint.transform
        columns.append((8 * (f(u + step) - f(u - step)) - (f(u + 2 * step) - f(u - 2 * step))) / (12 * h))
    return np.stack(columns, axis=-1) if columns else np.zeros((*row.shape, 0))


def log_volume(row: Row, jacobian: np.ndarray) -> float:
    """log |det| in the free coordinates, or of an isometry of a subspace. `jacobian`: event axes, then one of u."""
    if row.chart is None:
        flat = jacobian.reshape(-1, jacobian.shape[-1])
        return 0.5 * np.linalg.slogdet(flat.T @ flat)[1]
    free = np.moveaxis(row.chart(np.moveaxis(jacobian, -1, 0)), 0, -1)
    return float(np.linalg.slogdet(free.reshape(-1, jacobian.shape[-1]))[1])


@every_row
def test_check(row: Row) -> None:
    for member in row.members:
        assert row.constraint.check(np.array(member, float)).all(), member
        assert row.constraint.outside(np.array(member, float)) is None
    for stranger in row.strangers:
        array = np.array(stranger, float)
        assert not row.constraint.check(array).any(), stranger
        place, _, expected = row.constraint.outside(array)
        assert len(place) <= array.ndim
        assert expected


@every_row
def test_check_is_of_the_batch_shape(row: Row) -> None:
    member = np.array(row.members[0], float)
    batch = np.broadcast_to(member, (3, 2, *member.shape))
    assert row.constraint.check(batch).shape == (3, 2, *member.shape)[: 2 + member.ndim - row.constraint.event_dim]


@every_row
def test_only_smooth_sets_have_a_bijection(row: Row) -> None:
    if row.shape is None:
        with pytest.raises(TypeError, match="has no smooth map from"):
            t.biject_to(row.constraint)
        with pytest.raises(TypeError, match="has no smooth map from"):
            row.constraint.transform(np.zeros(3))
    else:
        assert t.biject_to(row.constraint) == row.constraint.map
        assert row.constraint.map.codomain.event_dim == row.constraint.event_dim


@every_map
@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=12, deadline=None)
def test_round_trip_and_jacobian(row: Row, seed: int) -> None:
    u = points(row, seed)
    x = row.constraint.transform(u)
    assert np.shape(x) == row.shape
    assert row.constraint.check(x)
    np.testing.assert_allclose(row.constraint.inverse(x), u, rtol=1e-9, atol=1e-9)
    log_abs_det = row.constraint.log_abs_det(u)
    assert np.shape(log_abs_det) == ()
    assert log_abs_det == pytest.approx(log_volume(row, slopes(row, u)), rel=1e-7, abs=1e-7)


@every_map
@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=4, deadline=None)
def test_graph_agrees_with_numpy_and_its_gradient_with_the_jacobian(row: Row, seed: int) -> None:
    u = points(row, seed)
    x = row.constraint.transform(u)
    node = make(Input, FLOAT, u.shape, name="u", role="param")
    weight = make(Input, FLOAT, x.shape, name="weight", role="data")
    image = ops.to_float(row.constraint.transform(node))
    log_abs_det = ops.as_node(row.constraint.log_abs_det(node))
    adjoint = gradient(ops.total(image * weight), [node])[0]
    slope = gradient(log_abs_det, [node])[0]
    verify([image, log_abs_det, adjoint, slope])
    assert image.shape == row.shape

    found = interpret([image, log_abs_det, slope], {node: u}, {})
    np.testing.assert_allclose(found[0], x, rtol=1e-12, atol=1e-14)
    assert found[1] == pytest.approx(row.constraint.log_abs_det(u), rel=1e-12, abs=1e-12)
    np.testing.assert_allclose(found[2], difference_quotient(row.constraint.log_abs_det, u), rtol=1e-6, atol=1e-6)

    units = np.eye(x.size).reshape(x.size, *x.shape)
    rows = [interpret([adjoint], {node: u, weight: one}, {})[0].ravel() for one in units]
    jacobian = np.array(rows).reshape(*x.shape, u.size)
    assert log_volume(row, jacobian) == pytest.approx(row.constraint.log_abs_det(u), rel=1e-9, abs=1e-9)


def difference_quotient(function: Any, u: np.ndarray) -> np.ndarray:
    """The gradient of a scalar function."""
    h = 1e-3
    found = np.zeros(u.size)
    for k in range(u.size):
        step = np.zeros(u.size)
        step[k] = h
        step = step.reshape(u.shape)
        f = function
        found[k] = (8 * (f(u + step) - f(u - step)) - (f(u + 2 * step) - f(u - 2 * step))) / (12 * h)
    return found.reshape(u.shape)


@every_map
def test_inverse_on_nodes(row: Row) -> None:
    if row.constraint in FACTORED and not HAS_LINALG:
        pytest.skip("factorisations of nodes are not there yet")
    u = points(row, 5)
    x = row.constraint.transform(u)
    node = make(Input, FLOAT, x.shape, name="x", role="data")
    back: Node = ops.to_float(row.constraint.inverse(node))
    verify([back])
    np.testing.assert_allclose(interpret([back], {node: x}, {})[0], u, rtol=1e-9, atol=1e-9)


@every_map
def test_leading_axes_are_batches(row: Row) -> None:
    u = points(row, 11, (2, 3))
    x, log_abs_det = row.constraint.transform(u), row.constraint.log_abs_det(u)
    assert x.shape == (2, 3, *row.shape)
    assert row.constraint.constrained_shape(u.shape) == x.shape
    assert np.shape(log_abs_det) == (2, 3)
    back = row.constraint.inverse(x)
    for place in np.ndindex(2, 3):
        np.testing.assert_allclose(x[place], row.constraint.transform(u[place]), rtol=1e-14)
        np.testing.assert_allclose(log_abs_det[place], row.constraint.log_abs_det(u[place]), rtol=1e-13, atol=1e-14)
        np.testing.assert_allclose(back[place], u[place], rtol=1e-9, atol=1e-9)
    node = make(Input, FLOAT, u.shape, name="u", role="param")
    found = interpret([ops.to_float(row.constraint.transform(node))], {node: u}, {})
    np.testing.assert_allclose(found[0], x, rtol=1e-12, atol=1e-14)


@every_row
def test_inner_point_is_a_member(row: Row) -> None:
    shape = row.shape if row.shape is not None else np.shape(row.members[0])
    assert row.constraint.check(np.asarray(row.constraint.inner_point(shape), float)).all()
    if row.constraint.event_dim:
        inner = row.constraint.inner_point(shape, symbolic=True)
        (found,) = interpret([ops.to_float(inner)], {}, {})
        np.testing.assert_allclose(np.broadcast_to(found, shape), row.constraint.inner_point(shape), rtol=1e-14)


SYMBOLIC = [
    c.real_vector,
    c.simplex,
    c.ordered_vector,
    c.positive_ordered_vector,
    c.l1_ball,
    c.zero_sum(),
    c.row_stochastic,
]


@pytest.mark.parametrize("one", SYMBOLIC, ids=repr)
def test_vectors_may_have_symbolic_lengths(one: c.Constraint) -> None:
    k = symbol("k")
    shape = (2, k) if one.event_dim == 2 else (k,)
    free = one.unconstrained_shape(shape)
    assert one.constrained_shape(free) == shape
    node = make(Input, FLOAT, free, name="u", role="param")
    image = ops.to_float(one.transform(node))
    assert image.shape == shape
    u = np.linspace(-1.0, 1.0, 8 if one.unconstrained_shape((2, 4)) == (2, 4) else 6).reshape(2, -1)
    u = u if one.event_dim == 2 else u[0]
    found = interpret([image, one.log_abs_det(node), one.inverse(image)], {node: u}, {"k": 4})
    np.testing.assert_allclose(found[0], one.transform(u), rtol=1e-13)
    np.testing.assert_allclose(found[1], one.log_abs_det(u), rtol=1e-13, atol=1e-14)
    np.testing.assert_allclose(found[2], u, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("one", [c.corr_cholesky, c.positive_definite, c.lower_cholesky], ids=repr)
def test_triangles_need_a_number(one: c.Constraint) -> None:
    k = symbol("k")
    with pytest.raises(SizeMustBeKnown, match="k is known only at run time"):
        one.unconstrained_shape((k, k))
    with pytest.raises(ops.ShapeMismatch):
        one.unconstrained_shape((k, 3))
    with pytest.raises(ValueError, match=r"expected a square matrix, got an array of shape \(2, 3\)"):
        one.unconstrained_shape((2, 3))
    with pytest.raises(ValueError, match="no triangle of a square matrix has 4 elements"):
        one.constrained_shape((4,))
    with pytest.raises(ValueError, match="got a single number"):
        one.constrained_shape(())
