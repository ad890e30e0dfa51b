"""The order of rows by group: every row once, rounds of rows of different pieces, pieces of one group each."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from vicompile.compiler.grouping import LONGEST, Grouping


def rounds_of(grouping, block):
    """(first piece, rows) of every round, read from the table as the kernel reads it."""
    table = grouping.rounds
    for number in range(table[0]):
        first, stop = table[1 + number], table[2 + number]
        for place in range(first, stop):
            yield block * number, grouping.order[table[place] : table[place + 1]]


def assert_right(groups, block):
    groups = np.asarray(groups, np.int64)
    grouping = Grouping(groups, block)
    assert sorted(grouping.order) == list(range(len(groups)))
    seen = np.zeros(len(grouping.owners), int)
    rows_of_piece = [[] for _ in grouping.owners]
    for first, rows in rounds_of(grouping, block):
        assert 1 <= len(rows) <= block
        for lane, row in enumerate(rows):
            assert groups[row] == grouping.owners[first + lane]
            seen[first + lane] += 1
            rows_of_piece[first + lane].append(row)
    assert seen.sum() == len(groups)
    assert all(1 <= count <= LONGEST for count in seen)
    # Rows of a piece stay in the order of the data, so that sorted data is read as it lies.
    assert all(rows == sorted(rows) for rows in rows_of_piece)
    return grouping


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 9), max_size=80), st.integers(1, 8))
def test_any_groups_of_few_rows(groups, block):
    assert_right(groups, block)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(-(2**63), 2**63 - 1), max_size=30), st.integers(1, 8))
def test_keys_may_be_any_whole_numbers(groups, block):
    assert_right(groups, block)


def test_groups_of_very_different_sizes():
    rng = np.random.default_rng(0)
    assert_right(np.minimum(rng.geometric(0.01, 5000), 300), 256)
    assert_right(np.repeat([7, 3], [5000, 1]), 256)


def test_one_large_group_has_many_pieces_side_by_side():
    grouping = assert_right(np.zeros(20_000), 256)
    assert np.mean(np.diff(grouping.starts)) > 100


def test_groups_of_one_row_are_whole_blocks():
    grouping = assert_right(np.random.default_rng(1).permutation(1000), 256)
    np.testing.assert_array_equal(grouping.starts, [0, 256, 512, 768, 1000])
