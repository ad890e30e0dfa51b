"""Tables: of their columns only what the programs name is an argument; the others may hold anything."""

import numpy as np
import pytest

from vicompile.diagnostics import DataError
from vicompile.frontend import parse
from vicompile.ir.dims import symbol
from vicompile.ir.nodes import FLOAT, INT
from vicompile.specialise import WHOLE, Overrides, Spec, gather_arguments

pd = pytest.importorskip("pandas")


def frame(**changes):
    columns = {
        "age": [1, 2, 3],
        "weight": [1.0, 2.0, 4.0],
        "name": ["a", "b", "c"],
        "other": [np.nan] * 3,
        "size": [5.0] * 3,
    }
    return pd.DataFrame({**columns, **changes})


def by_key(data):
    return data["age"], data["weight"]


def by_dot(data):
    return data.age + data.size


def by_argument(data, name):
    return data[name]


def by_list(data, names=("age", "weight")):
    return [data[name] for name in names]


def whole(data):
    return data @ np.ones(2)


def column_of(table):
    return table["age"]


def in_a_helper(data):
    return column_of(data)


class Reader:
    chosen = "weight"

    def column(self, data):
        return data[self.chosen]

    def model(self, data):
        return self.column(data)


def gather(function, *args):
    return gather_arguments([(parse(function), args, {})])


@pytest.mark.parametrize(
    ("function", "args", "columns"),
    [
        (by_key, (), ["age", "weight"]),
        (by_dot, (), ["age", "size"]),
        (by_argument, ("other",), ["other"]),
        (by_list, (), ["age", "weight"]),
        (in_a_helper, (), ["age"]),
        (Reader().model, (), ["weight"]),
    ],
)
def test_the_columns_that_are_named_are_arguments(function, args, columns):
    found = gather(function, frame(), *args)
    assert [name for name in found.leaves if name.startswith("data")] == [f"data[{name!r}]" for name in columns]
    table = found.variables(0, Overrides())["data"]
    assert list(table.columns) == columns
    assert table.length is symbol("data.0")
    assert {node.shape for node in table.columns.values()} == {(symbol("data.0"),)}
    assert found.sizes()["data.0"] == 3


def test_what_is_not_named_changes_nothing():
    key = gather(by_key, frame()).key
    assert gather(by_key, frame(other=["x"] * 3, name=[1, 2, 3], more=[{}] * 3)).key == key
    assert gather(by_key, frame(age=[4, 5, 6])).key == key
    assert gather(by_key, frame(age=[4.0, 5.0, 6.0])).key != key


def test_columns_keep_their_kinds():
    leaves = gather(by_key, frame()).leaves
    assert leaves["data['age']"].spec == Spec(INT, 1)
    assert leaves["data['weight']"].spec == Spec(FLOAT, 1)


def test_methods_of_pandas_go_before_columns():
    assert "size" not in gather(by_dot, frame()).variables(0, Overrides())["data"].by_dot


@pytest.mark.parametrize("dtypes", [(float, float), (int, int), (int, float), ("Int64", "float32")])
def test_a_table_of_which_no_column_is_named_is_one_matrix(dtypes):
    data = frame()[["age", "weight"]].astype(dict(zip(("age", "weight"), dtypes)))
    found = gather(whole, data)
    assert found.leaves["data"].spec == Spec(INT if dtypes == (int, int) else FLOAT, 2)
    np.testing.assert_array_equal(found.leaves["data"].array, [[1, 1], [2, 2], [3, 4]])
    table = found.variables(0, Overrides())["data"]
    assert table.columns[WHOLE].shape == (symbol("data.0"), symbol("data.1"))


def test_a_matrix_of_one_kind_is_not_copied():
    values = np.arange(6.0).reshape(3, 2)
    data = pd.DataFrame(values, copy=False)
    assert np.shares_memory(gather(whole, data).leaves["data"].array, data.to_numpy())


def test_the_fault_of_a_column_is_told_with_its_name():
    with pytest.raises(DataError, match="column `name` is a Series of dtype"):
        gather_and_use(whole, frame())
    with pytest.raises(DataError, match="two columns named 'a'"):
        gather(whole, pd.DataFrame(np.ones((2, 2)), columns=["a", "a"]))


def gather_and_use(function, data):
    return gather(function, data).variables(0, Overrides())["data"].matrix


def test_polars_and_xarray_have_columns_too():
    pl = pytest.importorskip("polars")
    xr = pytest.importorskip("xarray")
    columns = {"age": [1, 2, 3], "weight": [1.0, 2.0, 4.0], "name": ["a", "b", "c"]}
    found = gather(by_key, pl.DataFrame(columns))
    assert found.leaves["data['age']"].array.tolist() == [1, 2, 3]
    assert found.sizes()["data.0"] == 3
    # A polars DataFrame has no columns after a dot.
    assert not gather(by_dot, pl.DataFrame(columns)).variables(0, Overrides())["data"].by_dot
    dataset = xr.Dataset(
        {"age": ("row", [1, 2, 3]), "weight": (("row", "test"), np.ones((3, 2)))}, {"row": ["a", "b", "c"]}
    )
    found = gather(by_key, dataset)
    assert found.leaves["data['weight']"].spec == Spec(FLOAT, 2)
    assert found.variables(0, Overrides())["data"].length is None
