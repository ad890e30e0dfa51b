"""Constraints as JSON: what is read equals what was written, and maps to the same bits."""

import json

import numpy as np
import pytest
from constraint_rows import ROWS

from vicompile import constraints as c
from vicompile.distributions.constraints.serialise import read_constraint, write_constraint


def there_and_back(constraint):
    return read_constraint(json.loads(json.dumps(write_constraint(constraint), allow_nan=False)))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.constraint.name)
def test_every_constraint_is_read_as_it_was(row):
    again = there_and_back(row.constraint)
    assert again == row.constraint
    assert hash(again) == hash(row.constraint)
    assert again.describe() == row.constraint.describe()
    for member in row.members:
        assert np.array_equal(again.check(np.asarray(member)), row.constraint.check(np.asarray(member)))
    if row.shape is not None:
        unconstrained = np.random.default_rng(0).normal(size=row.constraint.unconstrained_shape(row.shape))
        assert np.array_equal(again.transform(unconstrained), row.constraint.transform(unconstrained))


def test_bounds_may_be_arrays_and_numpy_numbers():
    low = np.array([[0.1, -np.inf], [1e-300, 3.0]])
    for constraint in (c.greater_than(low), c.interval(np.float64(0.1), low[1] + 1.0), c.integer_interval(0, [2, 3])):
        again = there_and_back(constraint)
        assert again == constraint
        assert again.describe() == constraint.describe()


def test_a_constraint_of_the_users_own_is_refused():
    class Even(type(c.real)):
        pass

    with pytest.raises(TypeError, match="even is none of vicompile's own"):
        write_constraint(Even("even"))
    with pytest.raises(TypeError, match="none of vicompile's own"):
        write_constraint(c.independent(Even("even"), 1))


def test_an_unknown_constraint_is_told():
    with pytest.raises(ValueError, match="`open_ball`"):
        read_constraint("open_ball")
    with pytest.raises(ValueError, match="`any_batch`"):
        read_constraint("any_batch")
    with pytest.raises(ValueError, match="`Ball`"):
        read_constraint({"kind": "Ball", "fields": {}})
