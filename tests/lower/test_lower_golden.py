"""Each wrong program in `cases` gives exactly the report beside it. UPDATE_GOLDEN=1 writes the reports anew."""

import sys

import pytest
from support.golden import assert_complete, assert_golden, assert_nothing_inside, cases_of


@cases_of(__file__)
def test_the_report_is_the_golden_one(path, monkeypatch):
    if path.stem == "name_from_data" and sys.version_info >= (3, 12):
        pytest.skip("since Python 3.12 the caret stands below the part of the f-string, not below all of it")
    assert_golden(path, monkeypatch)


def test_every_diagnostic_has_a_golden_report():
    assert_complete(__file__, "lower")


def test_no_report_shows_the_inside_of_the_compiler():
    assert_nothing_inside(__file__)
