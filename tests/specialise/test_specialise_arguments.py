"""What each kind of argument becomes: its leaf, its size symbols, and what the code depends on."""

import enum
import importlib.util
import sys
from collections import OrderedDict, namedtuple
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import sparse

from vicompile.diagnostics import DataError
from vicompile.frontend import parse
from vicompile.ir.dims import Dim, symbol
from vicompile.ir.nodes import FLOAT, INT, Input
from vicompile.specialise import HELPERS, AttributeTree, Overrides, Spec, gather_arguments

Pair = namedtuple("Pair", "left right")


class Colour(enum.Enum):
    RED = 1


@dataclass
class Config:
    depth: int
    weights: np.ndarray
    name: str = "x"


class Series:
    """Like a column of a data frame."""

    def __init__(self, values):
        self.values = values

    def __len__(self):
        return len(self.values)

    def __array__(self, dtype=None, copy=None):
        return np.asarray(self.values, dtype)


def model(x):
    return x


def reading(x):
    return x.depth, x.weights, x.name


def arguments(value, program=model):
    return gather_arguments([(parse(program), (value,), {})])


def leaf(value):
    found = arguments(value).leaves
    assert list(found) == ["x"]
    return found["x"]


ARRAYS = [
    (np.array([1.0, 2.0]), FLOAT, [1.0, 2.0]),
    (np.array([1.5, 2.0], np.float32), FLOAT, [1.5, 2.0]),
    (np.array([1.5], np.float16), FLOAT, [1.5]),
    (np.array([True, False]), FLOAT, [1.0, 0.0]),
    (np.array([1, 2], np.int8), INT, [1, 2]),
    (np.array([1, 2], np.uint16), INT, [1, 2]),
    (np.array([7], np.uint64), INT, [7]),
    ([1, 2, 3], INT, [1, 2, 3]),
    ((1.0, 2), FLOAT, [1.0, 2.0]),
    ([True, False], FLOAT, [1.0, 0.0]),
    ([[1, 2], [3, 4]], INT, [[1, 2], [3, 4]]),
    ([(1.0, 2.0), (3.0, 4.0)], FLOAT, [[1.0, 2.0], [3.0, 4.0]]),
    ([np.float64(1.0), np.array(2.0)], FLOAT, [1.0, 2.0]),
    ([np.array(1), np.int32(2)], INT, [1, 2]),
    ([], FLOAT, []),
    (range(3), INT, [0, 1, 2]),
    (Series([1.0, 2.0]), FLOAT, [1.0, 2.0]),
    (Series([1, 2]), INT, [1, 2]),
    (np.ma.masked_array([1.0, 2.0], [False, False]), FLOAT, [1.0, 2.0]),
    (np.arange(6.0).reshape(2, 3).T, FLOAT, np.arange(6.0).reshape(2, 3).T),
    (np.zeros((0, 3)), FLOAT, np.zeros((0, 3))),
    (np.arange(10.0)[::2], FLOAT, [0.0, 2.0, 4.0, 6.0, 8.0]),
]


@pytest.mark.parametrize(("value", "kind", "expected"), ARRAYS)
def test_arrays(value, kind, expected):
    one = leaf(value)
    assert one.spec == Spec(kind, np.ndim(expected), is_condition=np.asarray(value).dtype == bool)
    assert one.array.dtype == {FLOAT: np.float64, INT: np.int64}[kind]
    np.testing.assert_array_equal(one.array, expected)


@pytest.mark.parametrize("value", [2, np.int32(2), np.array(2), np.uint8(2)])
def test_whole_numbers_are_sizes(value):
    found = arguments(value)
    assert found.leaves["x"].spec == Spec("whole")
    assert found.sizes() == {"x": 2}
    assert found.variables(0, Overrides())["x"] is symbol("x")
    assert found.variables(0, Overrides().fixing("x", 2))["x"] == 2


@pytest.mark.parametrize("value", [2.5, np.float32(2.5), np.array(2.5)])
def test_numbers(value):
    one = leaf(value)
    assert one.spec == Spec(FLOAT)
    assert one.array == 2.5


@pytest.mark.parametrize("value", ["wide", None, True, False, np.True_, b"x", Colour.RED, len, model])
def test_plain_values_are_part_of_the_code(value):
    found = arguments(value)
    assert found.leaves["x"].spec == Spec("static", value=value)
    assert found.variables(0, Overrides())["x"] == value
    assert found.key != arguments("other").key


REFUSED = [
    (np.array([1.0, None], object), "dtype object"),
    (np.array(["a"]), "dtype <U1"),
    (np.array([1j]), "complex"),
    (np.array(["2026-01-01"], "datetime64[D]"), "datetime64"),
    (np.ma.masked_array([1.0, 2.0], [True, False]), "masked"),
    (np.matrix([[1.0]]), "np.matrix"),
    ({1.0}, "a set"),
    (iter([1.0]), "an iterator"),
    (2**70, "beyond 64 bits"),
    (np.array([2**63], np.uint64), "2\\*\\*63"),
    (sparse.csr_matrix(np.eye(2)), "sparse"),
    ({"deep": {"y": np.array(["a"])}}, "`x.deep.y`"),
    (Series(["a", "b"]), "dtype"),
]


@pytest.mark.parametrize(("value", "message"), REFUSED, ids=[m for _, m in REFUSED])
def test_what_is_no_data_is_refused(value, message):
    with pytest.raises(DataError, match=message):
        arguments(value)


def test_containers_keep_their_kind():
    y = np.array([1.0])
    nested = {"y": y, "n": 3, "pair": Pair(y, 2.0), "list": ["a", y], "tuple": (y, "b"), 7: 0.5}
    found = arguments(OrderedDict(nested))
    value = found.variables(0, Overrides())["x"]
    assert list(value) == list(nested)
    assert isinstance(value["pair"], Pair)
    assert isinstance(value["list"], list)
    assert isinstance(value["tuple"], tuple)
    assert isinstance(value["n"], Dim)
    assert isinstance(value["pair"].left, Input)
    assert value["list"][0] == "a"
    assert found.sizes()["x.n"] == 3
    assert found.sizes()["x.pair[0].0"] == 1


def test_names_of_parts_do_not_collide():
    found = arguments({"0": 1.0, 0: 2.0, "a.0": 3, "a": np.zeros(5)})
    assert len(found.leaves) == 4
    assert sorted(found.sizes().values()) == [3, 5]


@pytest.mark.parametrize("value", [Config(3, np.ones(2)), SimpleNamespace(depth=3, weights=np.ones(2), name="x")])
def test_objects_are_the_attributes_that_are_read(value):
    first = arguments(value, reading)
    record = first.variables(0, Overrides())["x"]
    assert isinstance(record, AttributeTree)
    assert isinstance(record["depth"], Dim)
    assert record["weights"].shape == (symbol("x.weights.0"),)
    value.depth = 4
    assert arguments(value, reading).sizes()["x.depth"] == 4
    value.unread = {1.0}
    assert arguments(value, reading).key == first.key
    value.name = "y"
    assert arguments(value, reading).key != first.key
    assert not arguments(value).leaves


def test_a_cycle_is_refused():
    one = {}
    one["self"] = one
    with pytest.raises(DataError, match="nested in itself"):
        arguments(one)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ({"a": 1.0, "b": 2.0}, {"b": 2.0, "a": 1.0}),
        ({}, {"a": {}}),
        (["a"], ("a",)),
        (np.zeros(3), np.zeros((3, 1))),
        (np.zeros(3), np.zeros(3, int)),
        (1, 1.0),
        (1, True),
        (None, 0.0),
        ("a", "b"),
    ],
)
def test_what_needs_other_code_has_another_key(left, right):
    assert arguments(left).key != arguments(right).key


@pytest.mark.parametrize(("left", "right"), [(1, 2), (1.0, 2.0), (np.zeros(3), np.ones(5)), ([1.0], (2.0, 3.0))])
def test_what_needs_no_other_code_has_the_same_key(left, right):
    assert arguments(left).key == arguments(right).key


def other(x, y=1.0):
    return x, y


def test_arguments_shared_by_identity_are_one_leaf():
    x = np.zeros(3)
    programs = parse(model), parse(other)
    shared = gather_arguments([(programs[0], (x,), {}), (programs[1], (x,), {})])
    assert set(shared.leaves) == {"x", "y"}
    apart = gather_arguments([(programs[0], (x,), {}), (programs[1], (np.ones(3),), {})])
    assert set(apart.leaves) == {"x", "other:x", "y"}


def reserved(particles, noise):
    return particles, noise


def test_names_that_the_compiler_uses_are_kept_apart():
    found = gather_arguments([(parse(reserved), (5, {"z": np.zeros((2,))}), {})])
    # The compiler's own sizes begin with an @, which no argument does.
    assert set(found.sizes()) == {"particles", "noise.z.0"}


LEVEL = 1.0


def _inner(v):
    return v * LEVEL


def _outer(v):
    return _inner(v) + 1.0


def calling(x):
    return _outer(x)


def test_what_helpers_take_from_outside_is_an_argument(monkeypatch):
    program = parse(calling)
    first = gather_arguments([(program, (1.0,), {})])
    assert first.leaves["_inner:LEVEL"].array == 1.0
    monkeypatch.setitem(globals(), "LEVEL", 2.0)
    second = gather_arguments([(program, (1.0,), {})])
    assert second.leaves["_inner:LEVEL"].array == 2.0
    assert first.key == second.key
    monkeypatch.setitem(globals(), "LEVEL", "wide")
    assert gather_arguments([(program, (1.0,), {})]).key != first.key


def _other_inner(v):
    return v


def test_a_helper_of_a_helper_that_is_defined_anew_changes_the_key(monkeypatch):
    program = parse(calling)
    first = gather_arguments([(program, (1.0,), {})])
    assert [f.__name__ for f in first.variables(0, Overrides())[HELPERS]] == ["_outer", "_inner"]
    monkeypatch.setitem(globals(), "_inner", _other_inner)
    second = gather_arguments([(program, (1.0,), {})])
    assert second.key != first.key
    assert _other_inner in second.variables(0, Overrides())[HELPERS]


@pytest.mark.parametrize(("args", "kwargs"), [((), {}), ((1.0, 2.0), {}), ((1.0,), {"z": 2.0})])
def test_a_call_that_does_not_fit(args, kwargs):
    with pytest.raises(DataError, match=r"does not fit `model\(x\)`"):
        gather_arguments([(parse(model), args, kwargs)])


def test_defaults_and_keywords():
    found = gather_arguments([(parse(other), (), {"x": 2.0})])
    assert set(found.leaves) == {"x", "y"}


def test_a_module_of_the_user_may_be_called_like_one_of_python(tmp_path, monkeypatch):
    path = tmp_path / "statistics.py"
    path.write_text(
        "class Config:\n    def __init__(self):\n        self.depth, self.weights, self.name = 1, 2.0, 'x'\n"
    )
    spec = importlib.util.spec_from_file_location("statistics", path)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "statistics", module)
    spec.loader.exec_module(module)
    assert set(arguments(module.Config(), reading).leaves) == {"x.depth", "x.weights", "x.name"}
    assert arguments(Path("a"), reading).leaves["x"].spec == Spec("static", value=Path("a"))
