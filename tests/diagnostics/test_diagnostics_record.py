"""Record: what a frozen dataclass is."""

from dataclasses import field
from typing import ClassVar

import pytest

from vicompile.diagnostics import Record


class Point(Record):
    kind: ClassVar[str] = "point"

    x: int
    y: int = 2
    note: str = field(default="", kw_only=True)


class Marked(Point):
    mark: str = "m"


def test_positional_keyword_and_default_arguments():
    assert (Point(1).x, Point(1).y, Point(1).note) == (1, 2, "")
    assert Point(x=3, y=4, note="n") == Point(3, 4, note="n")
    assert Marked(1, 2, "z").mark == "z"


def test_equal_by_type_and_value():
    assert Point(1) == Point(1, 2)
    assert hash(Point(1)) == hash(Point(1, 2))
    assert Point(1) != Point(2)
    assert Point(1) != Marked(1)


def test_matching_by_position():
    match Marked(1, 5):
        case Point(x, y):
            assert (x, y) == (1, 5)


def test_cannot_be_changed():
    point = Point(1)
    with pytest.raises(AttributeError):
        point.x = 2
    with pytest.raises(AttributeError):
        del point.x
    assert point.replaced(y=7) == Point(1, 7)


@pytest.mark.parametrize(
    "call", [lambda: Point(), lambda: Point(1, 2, 3), lambda: Point(1, z=3), lambda: Point(1, x=1)]
)
def test_wrong_arguments(call):
    with pytest.raises(TypeError):
        call()


class Place(Record, eq=False):
    x: int


def test_equal_by_identity_where_asked_for():
    first, second = Place(1), Place(1)
    assert first == first
    assert first != second
    assert len({first, second}) == 2


def test_a_failed_call_names_what_is_wrong():
    with pytest.raises(TypeError, match=r"Point: missing or unknown: x$"):
        Point(y=1)
    with pytest.raises(TypeError, match=r"Point: missing or unknown: z$"):
        Point(1, z=3)
    with pytest.raises(TypeError, match="missing or unknown: x, z"):
        Point(z=3)
