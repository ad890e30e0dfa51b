"""Reports: layout, carets under the right characters, colour, and how several diagnostics become one error."""

from __future__ import annotations

import linecache
import pickle
import sys
from types import SimpleNamespace
from typing import ClassVar

import pytest

from vicompile.diagnostics import (
    CompileError,
    DataError,
    Diagnostic,
    InternalError,
    Label,
    Span,
    collect,
    nearest,
    render,
)


class Sample(Diagnostic):
    """Only for these tests."""

    name: str
    advice: str = ""

    # No code: it must not appear among the package's own diagnostics.
    message: ClassVar[str] = "`{name}` is {quality}"
    label: ClassVar[str] = "here"
    note: ClassVar[str] = "a first line\na second one"
    help: ClassVar[str] = "{advice}"

    @property
    def quality(self) -> str:
        return "strange"


def register(file: str, text: str) -> str:
    lines = text.splitlines(keepends=True)
    linecache.cache[file] = (len(text), None, lines, file)
    return file


def span_of(file: str, part: str, line: int = 1) -> Span:
    text = linecache.getline(file, line)
    column = text.index(part) + 1
    return Span(file, line, column, line, column + len(part))


def carets(report: str) -> tuple[str, str]:
    """The source line and the line of carets, without the gutter."""
    lines = report.splitlines()
    at = next(k for k, line in enumerate(lines) if "^" in line)
    return lines[at - 1].partition("| ")[2], lines[at].partition("| ")[2]


def test_the_layout() -> None:
    file = register("<layout>", "first = 1\n" * 8 + "x = foo(1)\n" + "y = bar(2)\n")
    second = Label(span_of(file, "bar", 10), "and here")
    found = render(Sample(span_of(file, "foo", 9), "foo", "write `bar`", secondary=(second,)))
    assert found.splitlines() == [
        "error[]: `foo` is strange",
        "  --> <layout>:9:5",
        "   |",
        " 9 | x = foo(1)",
        "   |     ^^^ here",
        "  --> <layout>:10:5",
        "   |",
        "10 | y = bar(2)",
        "   |     --- and here",
        "   = note: a first line",
        "   = note: a second one",
        "   = help: write `bar`",
    ]


def test_an_empty_part_is_left_out() -> None:
    assert "help" not in render(Sample(None, "foo"))


def test_braces_in_a_field_are_text() -> None:
    assert render(Sample(None, "z_{}")).startswith("error[]: `z_{}` is strange")


def test_carets_stand_under_greek_letters() -> None:
    file = register("<greek>", "αβγ = δ(εζ)\n")
    source, marks = carets(render(Sample(span_of(file, "εζ"), "x")))
    assert source.index("εζ") == marks.index("^^")
    assert marks.count("^") == 2


def test_carets_stand_under_wide_characters_and_after_tabs() -> None:
    file = register("<wide>", "\t'日本' + foo\n")
    source, marks = carets(render(Sample(span_of(file, "foo"), "x")))
    # Each wide character takes two columns on the screen, and the tab is shown as four blanks.
    assert source == "    '日本' + foo"
    assert marks.index("^") == source.index("foo") + 2
    wide = carets(render(Sample(span_of(file, "日本"), "x")))[1]
    assert wide.count("^") == 4


def test_a_span_over_several_lines_is_marked_on_its_first() -> None:
    file = register("<several>", "x = foo(1,  # one\n        2)\n")
    marks = carets(render(Sample(Span(file, 1, 5, 2, 11), "x")))[1]
    assert marks == "    " + "^" * len("foo(1,") + " here"


def test_a_lost_source_still_gives_the_place() -> None:
    assert "<gone>:3:1" in render(Sample(Span("<gone>", 3, 1, 3, 5), "x"))


def test_colour_is_only_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    error = CompileError(Sample(None, "x"))
    assert "\033" not in str(error)
    monkeypatch.setattr(sys, "stderr", SimpleNamespace(isatty=lambda: True))
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert "\033" in error.render()
    assert "\033" not in str(error)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\033" not in error.render()


def test_a_report_is_sorted_and_has_one_diagnostic_for_a_span() -> None:
    early, late = Span("<a>", 1, 1, 1, 2), Span("<a>", 2, 1, 2, 2)
    error = CompileError(
        [Sample(late, "b"), Sample(early, "a"), Sample(late, "c"), Sample(None, "d"), Sample(None, "e")]
    )
    assert [one.name for one in error.diagnostics] == ["d", "e", "a", "b"]


def test_collecting_tells_everything_at_once() -> None:
    with pytest.raises(CompileError) as raised, collect() as report:  # noqa: PT012
        report.add(Sample(None, "a"))
        with report.catching():
            raise DataError(Sample(None, "b"))
        report.add(Sample(None, "c"))
    assert [one.name for one in raised.value.diagnostics] == ["a", "b", "c"]
    with collect():
        pass


def test_another_exception_is_not_hidden_by_the_collection() -> None:
    with pytest.raises(ZeroDivisionError), collect() as report:  # noqa: PT012
        report.add(Sample(None, "a"))
        _ = 1 / 0


def test_errors_survive_pickling() -> None:
    error = pickle.loads(pickle.dumps(CompileError(Sample(Span("<a>", 1, 1, 1, 2), "x"))))
    assert error.diagnostics[0].name == "x"
    fault = pickle.loads(pickle.dumps(InternalError("lower", "a node without a shape", "the graph")))
    assert (fault.stage, fault.what, fault.text) == ("lower", "a node without a shape", "the graph")


def test_an_internal_error_says_that_it_is_ours() -> None:
    text = str(InternalError("lower", "a node without a shape"))
    assert "lower" in text
    assert "not of your program" in text
    assert "report it" in text


@pytest.mark.parametrize(
    ("name", "known", "found"),
    [
        ("thetta", ["theta", "eta", "phi"], "theta"),
        ("Theta", ["theta", "Thetas"], "theta"),
        ("x", ["alpha", "beta"], None),
        ("x", [], None),
    ],
)
def test_the_nearest_name(name: str, known: list[str], found: str | None) -> None:
    assert nearest(name, known) == found


def test_a_notebook_cell_goes_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    shell = SimpleNamespace(compile=SimpleNamespace(format_code_name=lambda name: ("Cell", "In[3]")))
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    file = register("<ipython-input-3-abc>", "x = foo\n")
    assert "--> Cell In[3]:1:5" in render(Sample(span_of(file, "foo"), "x"))
