"""What must hold of a batch is asked of every row that it may be made of, of no other, and once."""

import numpy as np
import pytest
from support.golden import compile_and_bind

import vicompile.distributions as dist
from vicompile.diagnostics import DataError
from vicompile.handlers import mask
from vicompile.language import param, plate, sample, subsample


def guide_of(count):
    """The guide for a model with so many arguments."""

    def one(a):
        sample("m", dist.Normal(param("loc", 0.0), 1.0))

    def two(a, b):
        sample("m", dist.Normal(param("loc", 0.0), 1.0))

    return (one, two)[count - 1]


def column(a):
    m = sample("m", dist.Normal(0.0, 1.0))
    with plate("data", len(a), subsample_size=2) as i:
        sample("y", dist.Poisson(np.exp(m)), obs=a[i, 0])


def column_in_loop(a):
    m = sample("m", dist.Normal(0.0, 1.0))
    for i in plate("data", len(a), subsample_size=2):
        sample(f"y_{i}", dist.Poisson(np.exp(m)), obs=a[i, 0])


def function_of_rows(a):
    m = sample("m", dist.Normal(0.0, 1.0))
    with plate("data", len(a), subsample_size=3):
        rows = subsample(a, event_dim=1)
        sample("y", dist.Poisson(np.exp(m)), obs=np.where(rows[:, 1] < 0.0, rows[:, 0] * 2.0, 1.0))


def masked_rows(a):
    m = sample("m", dist.Normal(0.0, 1.0))
    with plate("data", len(a), subsample_size=2) as i, mask(mask=~np.isnan(a[i, 0])):
        sample("y", dist.Poisson(np.exp(m)).expand((2,)), obs=a[i, 0])


TABLE = np.array([[0.0, -1.0, np.pi], [3.0, -2.0, -np.inf], [1.0, -0.5, 0.5], [2.0, -0.1, 0.0]])


@pytest.mark.parametrize("model", [column, column_in_loop, function_of_rows, masked_rows])
def test_observations_are_checked_in_all_rows_and_in_no_other_column(model):
    fit = compile_and_bind(model, guide_of(1), (TABLE,))
    # Checked when bound, so that the kernel need not compare.
    assert "floor(" not in fit.compiled.unit.text
    for row in range(4):
        wrong = TABLE.copy()
        wrong[row, 0] = -1.0
        with pytest.raises(DataError, match=rf"observation at index \[{row}\] of site .* outside the support"):
            compile_and_bind(model, guide_of(1), (wrong,))


def picked(a, b):
    m = sample("m", dist.Normal(0.0, 1.0))
    with plate("data", len(a), subsample_size=2) as i:
        sample("y", dist.Poisson(np.exp(m)), obs=a[i, b[i]])


def test_two_indices_by_row():
    chosen = np.array([0, 0, 0, 2])
    compile_and_bind(picked, guide_of(2), (TABLE, chosen))
    with pytest.raises(DataError, match=r"observation at index \[1\] of site `y` is -inf"):
        compile_and_bind(picked, guide_of(2), (TABLE, np.array([0, 2, 0, 2])))
    with pytest.raises(DataError, match=r"the index array holds 3 at index \[2\]"):
        compile_and_bind(picked, guide_of(2), (TABLE, np.array([0, 0, 3, 2])))


def groups(a, b):
    with plate("groups", 3):
        level = sample("m", dist.Normal(0.0, 1.0))
    with plate("data", len(a), subsample_size=2) as i:
        sample("y", dist.Normal(level[b[i] - 1], 1.0), obs=a[i, 0])


def groups_guide(a, b):
    with plate("groups", 3):
        sample("m", dist.Normal(param("loc", 0.0), 1.0))


def test_an_index_that_is_computed_from_rows():
    compile_and_bind(groups, groups_guide, (TABLE, np.array([1, 2, 3, 1])))
    # Rows beyond the plate are never in.
    compile_and_bind(groups, groups_guide, (TABLE, np.array([1, 2, 3, 1, 99])))
    with pytest.raises(DataError, match=r"the index array holds 3 at index \[3\]"):
        compile_and_bind(groups, groups_guide, (TABLE, np.array([1, 2, 3, 4])))


def own_length(a, b):
    m = sample("m", dist.Normal(0.0, 1.0))
    with plate("data", len(a), subsample_size=len(b)) as i:
        sample("y", dist.Poisson(np.exp(m)), obs=a[i, 0] + b)


def test_what_only_a_step_can_tell_is_compared_in_the_kernel():
    fit = compile_and_bind(own_length, guide_of(2), (TABLE, np.zeros(2)))
    assert "floor(" in fit.compiled.unit.text
