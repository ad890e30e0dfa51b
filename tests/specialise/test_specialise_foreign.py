"""Arrays of other libraries: converted once, without a copy where that is possible, refused where something is lost."""

import array as standard_array

import numpy as np
import pytest

from vicompile.diagnostics import DataError
from vicompile.frontend import parse
from vicompile.ir.nodes import FLOAT, INT
from vicompile.specialise import Spec, gather_arguments


def model(x):
    return x


def leaf(value):
    found = gather_arguments([(parse(model), (value,), {})]).leaves
    assert list(found) == ["x"]
    return found["x"]


class OnlyArray:
    """The least that an array of another library offers."""

    def __init__(self, values):
        self.values = np.asarray(values)

    def __array__(self, dtype=None, copy=None):
        return self.values if dtype is None else self.values.astype(dtype)


class OnlyInterface:
    def __init__(self, values):
        self.values = np.asarray(values)
        self.__array_interface__ = self.values.__array_interface__


class OnlyPack:
    def __init__(self, values):
        self.values = np.asarray(values)

    def __dlpack__(self, **options):
        return self.values.__dlpack__(**options)

    def __dlpack_device__(self):
        return self.values.__dlpack_device__()


@pytest.mark.parametrize("wrap", [OnlyArray, OnlyInterface, OnlyPack])
@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (np.array([1.5, 2.5]), FLOAT),
        (np.array([1.5, 2.5], np.float32), FLOAT),
        (np.array([1, 2, 3], np.int16), INT),
        (np.array([[1, 2], [3, 4]]), INT),
        (np.array([True, False]), FLOAT),
        (np.zeros(0), FLOAT),
    ],
)
def test_whatever_offers_an_array_is_one(wrap, values, kind):
    one = leaf(wrap(values))
    assert one.spec == Spec(kind, values.ndim, is_condition=values.dtype == bool)
    np.testing.assert_array_equal(one.array, values)


@pytest.mark.parametrize("wrap", [OnlyArray, OnlyInterface, OnlyPack])
def test_float64_is_not_copied(wrap):
    values = np.arange(6.0).reshape(2, 3)
    assert np.shares_memory(leaf(wrap(values)).array, values)


@pytest.mark.parametrize(
    "values",
    [
        np.arange(12.0).reshape(3, 4)[:, ::2],
        np.arange(12.0)[::-1],
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.arange(6).reshape(2, 3).T,
    ],
)
def test_strides_are_taken_as_they_are(values):
    one = leaf(values)
    assert np.shares_memory(one.array, values)
    np.testing.assert_array_equal(one.array, values)


@pytest.mark.parametrize("dtype", [">f8", ">f4", ">i4", "<u2", np.float16, np.longdouble])
def test_other_widths_and_byte_orders(dtype):
    values = np.array([1, 2, 3]).astype(dtype)
    one = leaf(values)
    assert one.array.dtype in (np.dtype(np.float64), np.dtype(np.int64))
    assert one.array.dtype.isnative
    np.testing.assert_array_equal(one.array, values)


def test_read_only_memory():
    values = np.arange(3.0)
    values.flags.writeable = False
    assert leaf(values).array is values
    assert leaf(memoryview(values)).array.tolist() == [0.0, 1.0, 2.0]
    assert leaf(standard_array.array("d", [1.0, 2.0])).array.tolist() == [1.0, 2.0]


def test_a_mask_that_hides_nothing_is_none():
    assert leaf(np.ma.masked_array([1.0, 2.0], [False, False])).array.tolist() == [1.0, 2.0]


MESSAGES = [
    (np.ma.masked_array([[1.0, 2.0], [3.0, 4.0]], [[True, False], [True, True]]), "3 masked entries of 4"),
    (OnlyArray([1 + 1j]), "complex128"),
    (np.complex64(1), "a complex number"),
    (np.timedelta64(1, "D"), "timedelta64"),
    (np.datetime64("2026-01-01"), "datetime64"),
    ({}.keys(), "dict_keys"),
    ([1.0] * 300 + ["a"], "whose entry \\[300\\] is a str"),
    (np.array([1.0, 2.0], object), "x.astype\\(float\\)"),
    (np.array([[1.0, "a"], [2.0, 3.0]], object), "holds texts"),
    (np.array([[1.0, 2.0], [2.0, {}]], object), "entry \\[1, 1\\] is a dict"),
]


@pytest.mark.parametrize(("value", "message"), MESSAGES, ids=[m for _, m in MESSAGES])
def test_what_is_no_data_is_told(value, message):
    with pytest.raises(DataError, match=message):
        leaf(value)


def test_pandas():
    pd = pytest.importorskip("pandas")
    values = np.array([1.5, 2.5, 3.5])
    assert leaf(pd.Series(values)).array.tolist() == values.tolist()
    assert leaf(pd.Index([3, 4])).spec == Spec(INT, 1)
    assert leaf(pd.Series([1, 2], dtype="Int32")).spec == Spec(INT, 1)
    assert leaf(pd.Series([1.0, 2.0], dtype="Float64")).array.tolist() == [1.0, 2.0]
    assert leaf(pd.Series([True, False], dtype="boolean")).array.tolist() == [1.0, 0.0]
    assert leaf(pd.Series([1.0, 2.0], dtype="float32").array).array.tolist() == [1.0, 2.0]
    assert np.isnan(leaf(pd.Series([1.0, np.nan])).array[1])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda pd: pd.Series([1, None, None], dtype="Int64"), "2 missing entries, the first at \\[1\\]"),
        (lambda pd: pd.Series([1.0, None], dtype="Float64"), "1 missing entry, the first at \\[1\\]"),
        (lambda pd: pd.Series(["a", "b"], dtype="category"), "of categories"),
        (lambda pd: pd.Series([1, 2], dtype="category"), "x.cat.codes"),
        (lambda pd: pd.Series(["a", "b"]), "pass codes"),
        (lambda pd: pd.Series(pd.to_datetime(["2026-01-01"])), "datetime64"),
        (lambda pd: pd.Series(pd.to_datetime(["2026-01-01"], utc=True)), "datetime64.*UTC"),
        (lambda pd: pd.NA, "missing value"),
    ],
)
def test_pandas_that_loses_something(make, message):
    with pytest.raises(DataError, match=message):
        leaf(make(pytest.importorskip("pandas")))


def test_polars():
    pl = pytest.importorskip("polars")
    assert leaf(pl.Series([1.5, 2.5])).array.tolist() == [1.5, 2.5]
    assert leaf(pl.Series([1, 2], dtype=pl.UInt8)).spec == Spec(INT, 1)
    assert leaf(pl.Series([True, False])).array.tolist() == [1.0, 0.0]
    for value, message in (
        (pl.Series([1, None]), "1 missing entry, the first at \\[1\\]"),
        (pl.Series(["a"], dtype=pl.Categorical), "x.to_physical"),
        (pl.Series(["a"]), "of dtype String"),
        (pl.LazyFrame({"a": [1]}), "collect"),
    ):
        with pytest.raises(DataError, match=message):
            leaf(value)


def test_xarray():
    xr = pytest.importorskip("xarray")
    values = np.arange(6.0).reshape(2, 3)
    one = leaf(xr.DataArray(values, dims=("row", "column")))
    assert one.spec == Spec(FLOAT, 2)
    assert np.shares_memory(one.array, values)


def test_pytorch():
    torch = pytest.importorskip("torch")
    assert leaf(torch.arange(3)).spec == Spec(INT, 1)
    with pytest.raises(DataError, match="requires grad"):
        leaf(torch.ones(2, requires_grad=True))
