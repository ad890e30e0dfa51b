"""Every public constraint and transform has its tests and stands on the page docs/constraints.md."""

from __future__ import annotations

import inspect
import pickle
from pathlib import Path

import numpy as np
import pytest
from constraint_rows import NAMES, ROWS, Row

from vicompile import constraints as c
from vicompile.distributions import constraints as of_distributions
from vicompile.distributions import transforms as t

PAGE = (Path(__file__).parents[2] / "docs" / "constraints.md").read_text()
SOURCE = Path(__file__).with_name("constraint_rows.py").read_text()
OF_TRANSFORMS = Path(__file__).with_name("test_distributions_transforms.py").read_text()


@pytest.mark.parametrize("name", sorted(set(c.__all__) - {"Constraint", "anything", "dependent"}))
def test_every_constraint_has_a_row_and_is_on_the_page(name: str) -> None:
    assert f"c.{name}" in SOURCE
    assert f"`{name}`" in PAGE or f"`{name}(" in PAGE
    assert getattr(of_distributions, name) is getattr(c, name)


@pytest.mark.parametrize("name", [n for n in t.__all__ if n[0].isupper() and n != "Transform"])
def test_every_transform_is_tested_and_is_on_the_page(name: str) -> None:
    made = {type(row.constraint.map).__name__ for row in ROWS if row.shape is not None}
    assert f"t.{name}(" in OF_TRANSFORMS or name in made
    assert f"`{name}`" in PAGE
    assert inspect.getdoc(getattr(t, name))


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_constraints_are_values(row: Row) -> None:
    """Pickled and read again, compared, hashed and told."""
    if row.shape is not None:
        assert row.constraint.map is not None
    again = pickle.loads(pickle.dumps(row.constraint))
    assert again == row.constraint
    assert hash(again) == hash(row.constraint)
    assert again.describe() == row.constraint.describe()
    assert again.covers(row.constraint)
    others = [other.constraint for other in ROWS if other is not row]
    assert row.constraint not in others
    assert row.constraint.with_bounds(row.constraint.low, row.constraint.high) == row.constraint
    with pytest.raises(AttributeError, match="cannot be changed"):
        row.constraint.low = 3.0


def test_sets_are_compared_up_to_boundary_and_map() -> None:
    assert c.real.covers(c.real_vector)
    assert c.independent(c.positive, 1).covers(c.nonnegative)
    assert c.lower_cholesky.covers(c.softplus_lower_cholesky)
    assert c.positive_definite.covers(c.positive_semidefinite)
    assert c.row_stochastic.covers(c.simplex)
    assert c.multinomial(1).covers(c.one_hot)
    assert c.open_interval(0.0, 1.0).covers(c.unit_interval)
    for one, other in [
        (c.simplex, c.real_vector),
        (c.simplex, c.ordered_vector),
        (c.ordered_vector, c.positive_ordered_vector),
        (c.multinomial(2), c.multinomial(3)),
        (c.corr_cholesky, c.lower_cholesky),
        (c.zero_sum(1), c.zero_sum(2)),
    ]:
        assert not one.covers(other)
        assert not other.covers(one)
    assert c.simplex.covers(c.anything)
    assert c.independent(c.anything, 1).covers(c.simplex)


def test_independent_sets_join() -> None:
    assert c.independent(c.real, 1) == c.real_vector
    assert c.independent(c.real_vector, 1) == c.real_matrix
    assert c.independent(c.independent(c.positive, 1), 1) == c.independent(c.positive, 2)
    assert c.independent(c.positive, 0) is c.positive
    bounded = c.independent(c.interval(np.zeros(2), np.array([1.0, 4.0])), 1)
    assert bounded.check([0.5, 3.0])
    place, member, expected = bounded.outside([[0.5, 3.0], [3.0, 3.0]])
    assert (place, member) == ((1, 0), 3.0)
    assert "0 <= x <= 1" in expected


def test_words_of_vectors_and_matrices() -> None:
    assert c.simplex.describe() == "simplex (a vector of numbers from 0 with sum 1)"
    assert c.real_vector.describe() == "real_vector (a vector of finite numbers)"
    assert c.independent(c.positive, 1).describe() == (
        "independent(positive, 1) (a vector of elements, each positive (x > 0))"
    )
    assert c.row_stochastic.describe().startswith("row_stochastic (a matrix of rows, each simplex (")
    assert c.multinomial(4).describe() == "multinomial (a vector of whole numbers from 0 with sum 4)"
    assert c.half_open_interval(0, 1).describe() == "half_open_interval (0 <= x < 1)"


def test_faults_of_made_sets_are_told() -> None:
    with pytest.raises(TypeError, match="expected a constraint, got 3"):
        c.independent(3, 1)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="must be a whole number from 0"):
        c.independent(c.real, -1)
    with pytest.raises(ValueError, match="2 sets, but 1 lengths"):
        c.cat([c.real, c.positive], lengths=[1])
    with pytest.raises(ValueError, match="for matrices use `stack`"):
        c.cat([c.corr_matrix])
    with pytest.raises(ValueError, match="the same number of event axes"):
        c.stack([c.real, c.simplex])
    with pytest.raises(TypeError, match="expected a sequence of constraints"):
        c.stack([])
    with pytest.raises(ValueError, match="must be a whole number from 1"):
        c.zero_sum(0)
    with pytest.raises(ValueError, match=r"open_interval\(2, 1\): the lower bound"):
        c.open_interval(2, 1)
    with pytest.raises(ValueError, match="cannot be said here"):
        c.dependent.check(1.0)
