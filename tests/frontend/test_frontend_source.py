"""Finding source text: files, notebook cells, nested functions, lambdas, decorators; and saying so when it cannot be
found.
"""

from __future__ import annotations

import functools
import importlib.util
import linecache
import math
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from vicompile.diagnostics import CompileError, Span
from vicompile.frontend import Binary, Captured, Literal, Name, Return, Static, parse


def codes(function: Any) -> list[str]:
    with pytest.raises(CompileError) as raised:
        parse(function)
    return [one.code for one in raised.value.diagnostics]


def text_at(span: Span) -> str:
    assert span.line == span.end_line
    return linecache.getline(span.file, span.line)[span.column - 1 : span.end_column - 1]


def returned(function: Any) -> Any:
    (statement,) = parse(function).body
    assert isinstance(statement, Return)
    return statement.value


def module_from(path: Path, text: str) -> ModuleType:
    path.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def cell(name: str, text: str) -> dict[str, Any]:
    """Run `text` as a notebook does: compiled under a name that is no file, its lines given to linecache."""
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    namespace: dict[str, Any] = {}
    exec(compile(text, name, "exec"), namespace)
    return namespace


def test_a_module(tmp_path: Path) -> None:
    module = module_from(tmp_path / "frontend_module.py", "import math\n\ndef model(x):\n    return math.log(x)\n")
    program = parse(module.model)
    assert program.file == str(tmp_path / "frontend_module.py")
    assert text_at(program.span) == "def model"
    assert program.span.line == 3


@pytest.mark.parametrize("name", ["<ipython-input-7-0123456789ab>", "/tmp/ipykernel_12/3456.py"])
def test_a_notebook_cell(name: str) -> None:
    namespace = cell(name, "a = 1\ndef model(x):\n    return x + a\n")
    found = returned(namespace["model"])
    assert isinstance(found, Binary)
    assert isinstance(found.right, Captured)
    assert text_at(found.span) == "x + a"
    assert found.span.file == name


def test_a_function_inside_a_function_keeps_its_columns() -> None:
    def outer() -> Any:
        if True:

            def model(x):
                y = """a string
that is not indented"""
                return x + len(y)

            return model

    found = parse(outer()).body[-1]
    assert isinstance(found, Return)
    assert found.value is not None
    assert text_at(found.value.span) == "x + len(y)"


def test_greek_letters_do_not_shift_columns() -> None:
    def model(α, β):
        return α * (β + math.pi)

    found = returned(model)
    assert text_at(found.span) == "α * (β + math.pi)"
    assert text_at(found.right.right.span) == "math.pi"


def test_two_lambdas_on_one_line() -> None:
    one, two = (lambda x: x + 1), (lambda x: x + 2)
    assert returned(one).right.value == 1
    assert returned(two).right.value == 2


def test_a_recursive_reference_is_static() -> None:
    def model(x):
        return model

    found = returned(model)
    assert isinstance(found, Static)
    assert found.value is model


def test_a_cell_without_value_is_an_unknown_name() -> None:
    def outer() -> list[str]:
        def model():
            return later

        found = codes(model)
        later = 1
        assert isinstance(returned(model), Captured)
        return [*found, str(later)]

    assert outer() == ["unknown-name", "1"]


def test_no_source() -> None:
    namespace: dict[str, Any] = {}
    exec("def model():\n    return 1\n", namespace)
    assert codes(namespace["model"]) == ["no-source"]
    assert codes(eval("lambda: 1")) == ["no-source"]
    assert codes(print) == ["no-source"]


class Holder:
    def method(self):
        return 1


@pytest.mark.parametrize("thing", [Holder, 3, None])
def test_not_a_function(thing: Any) -> None:
    assert codes(thing) == ["not-a-function"]


def test_a_foreign_decorator_is_refused() -> None:
    def doubled(function: Any) -> Any:
        @functools.wraps(function)
        def wrapper(x):
            return 2 * function(x)

        return wrapper

    @doubled
    def model(x):
        return x

    assert codes(model) == ["unsupported-decorator"]


@pytest.mark.parametrize(
    "edited",
    [
        "def model(x, y):\n    return x - 2.5\n",
        "def model(x, y):\n    return x - 1.5 * y\n",
        "def model(x, y):\n    return x + 1.5\n",
        "def model(x, y):\n    return y - 1.5\n",
        "def model(x, z):\n    return x - 1.5\n",
        "def other(x, y):\n    return x - 1.5\n",
        "added = 1\n\ndef model(x, y):\n    return x - 1.5\n",
        "def model(x, y:\n",
    ],
)
def test_an_edited_file_is_noticed(tmp_path: Path, edited: str) -> None:
    path = tmp_path / "frontend_edited.py"
    module = module_from(path, "def model(x, y):\n    return x - 1.5\n")
    assert isinstance(returned(module.model), Binary)
    path.write_text(edited, encoding="utf-8")
    assert codes(module.model) == ["source-changed"]


def test_an_edit_elsewhere_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "frontend_edited_below.py"
    module = module_from(path, "def model(x):\n    return x - 1.5\n")
    path.write_text("def model(x):\n    return x - 1.5  # a comment\n\nadded = 1\n", encoding="utf-8")
    assert isinstance(returned(module.model), Binary)


def test_functions_of_many_kinds_are_not_taken_for_edited(tmp_path: Path) -> None:
    text = '''
from __future__ import annotations
import math as m
import numpy as np
from math import log

K = 3

def with_docstring(x: float, n: int = 1 + 1) -> float:
    """About it."""
    y = -x ** 2 + 1 * 2
    for i in range(n):
        y = y + m.exp(i) if i > 0 and not n else log(y)
    with np.errstate(all="ignore"):
        z = [k * y for k in (1, 2, 3)]
    return (lambda q: q + y + K)(z[0])

def outer(a):
    b = a
    def inner(x):
        def deeper(w):
            return w + b + x
        return deeper(a) + np.sum(x) + K
    return inner

inner = outer(1.0)
'''
    module = module_from(tmp_path / "frontend_kinds.py", text)
    parse(module.with_docstring)
    parse(module.inner)
    parse(module.outer)


def test_parse_needs_no_heavy_library() -> None:
    import subprocess

    heavy = "[m for m in ('numba', 'scipy', 'matplotlib') if m in sys.modules]"
    code = f"import sys, vicompile.frontend, vicompile.check; print({heavy})"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def test_names_and_literals_of_a_lambda() -> None:
    found = returned(lambda x: (x, 1.0))
    assert isinstance(found.items[0], Name)
    assert isinstance(found.items[1], Literal)
