"""Simple arguments: what passes, and what is said of what does not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from vicompile.diagnostics import file_path, float_array, whole_number


@pytest.mark.parametrize("value", [3, np.int64(3), np.uint8(3), np.array(3)])
def test_whole_numbers_pass(value: object) -> None:
    found = whole_number("count", value)
    assert found == 3
    assert type(found) is int


@pytest.mark.parametrize("value", [-1, 2.0, "3", None, True, np.True_, np.nan, np.array([1, 2])])
def test_others_are_refused_by_name(value: object) -> None:
    with pytest.raises(ValueError, match=r"^count must be a whole number from 0, got .*; as in f"):
        whole_number("count", value, hint="; as in f(3)")


def test_a_large_argument_is_told_by_its_kind() -> None:
    with pytest.raises(ValueError, match=r"from 5, got an array of shape \(1000,\)$"):
        whole_number("count", np.zeros(1000), 5)
    with pytest.raises(ValueError, match=r"got a value of type list$"):
        whole_number("count", list(range(100)))


@pytest.mark.parametrize("value", [1, 2.5, True, [1, 2], np.float32(2), np.arange(3), np.array([1.0, 2], object)])
def test_numbers_become_float64(value: object) -> None:
    found = float_array("`x`", value)
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, np.asarray(value, float))


@pytest.mark.parametrize("value", ["a", None, {"a": 1}, [[1], [2, 3]], 1j, np.array(["1"]), object()])
def test_what_is_no_number_is_told(value: object) -> None:
    with pytest.raises(TypeError, match=r"^`x` must be a number or an array of numbers, got "):
        float_array("`x`", value)


def test_paths(tmp_path: Path) -> None:
    assert file_path(tmp_path / "new") == str(tmp_path / "new")
    with pytest.raises(IsADirectoryError, match="is a folder: give the path of a file"):
        file_path(tmp_path)
    with pytest.raises(IsADirectoryError, match="the path is empty"):
        file_path("")
    for wrong in (None, 3, b"bytes"):
        with pytest.raises(TypeError, match="a text or a Path"):
            file_path(wrong)
