"""Python outside the accepted language: every construct is named, all of a function in one error."""

from __future__ import annotations

import linecache
from itertools import count
from typing import Any

import pytest

from vicompile.diagnostics import CompileError
from vicompile.frontend import UnsupportedConstruct, parse

_number = count()

REFUSED = {
    "while x:\n        pass": "while",
    "try:\n        pass\n    except ValueError:\n        pass": "try",
    "raise ValueError": "raise",
    "match x:\n        case 1:\n            pass": "match",
    "class A:\n        pass": "class",
    "import math": "import",
    "from math import log": "import",
    "global g": "global",
    "del x": "del",
    "async def f():\n        pass": "async",
    "for i in x:\n        break": "break",
    "for i in x:\n        continue": "continue",
    "for i in x:\n        pass\n    else:\n        pass": "else",
    "yield x": "yield",
    "yield from x": "yield from",
    "(y := x)": ":=",
    "{k for k in x}": "set comprehension",
    "{k: k for k in x}": "dict comprehension",
    "(k for k in x)": "generator",
    "[k for k in x if k]": "comprehension",
    "[k for j in x for k in j]": "comprehension",
    "{1, 2}": "set",
    "f(*x)": "*x",
    "f(**x)": "**x",
    "a, *b = x": "*x",
    "{**x}": "**x",
    "x[0] = 1": "element",
    "x[0] += 1": "element",
    "x.a = 1": "attribute",
    "1j": "complex",
    "b'1'": "bytes",
    "f'{x:{x}}'": "format",
    "lambda y=x: y": "default",
    "def f(y=x):\n        return y": "default",
    "lambda *y: y": "star parameter",
    "@f\n    def g():\n        pass": "decorator",
    "0 < f(x) < 1": "chained comparison",
}


def make(text: str) -> Any:
    name = f"<fence {next(_number)}>"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    namespace: dict[str, Any] = {}
    exec(compile(text, name, "exec", dont_inherit=True), namespace)
    return namespace["model"]


@pytest.mark.parametrize("statement", REFUSED)
def test_a_construct_is_refused_by_name(statement: str) -> None:
    function = make(f"def f(*a):\n    return a\n\ndef model(x):\n    {statement}\n")
    with pytest.raises(CompileError) as raised:
        parse(function)
    (diagnostic,) = raised.value.diagnostics
    assert isinstance(diagnostic, UnsupportedConstruct)
    assert REFUSED[statement] in diagnostic.construct
    assert diagnostic.advice
    assert diagnostic.span is not None
    assert diagnostic.span.line >= 5


@pytest.mark.parametrize(("signature", "star"), [("*x", "*x"), ("a, **x", "**x")])
def test_star_parameters_are_refused(signature: str, star: str) -> None:
    with pytest.raises(CompileError) as raised:
        parse(make(f"def model({signature}):\n    return x\n"))
    assert star in raised.value.diagnostics[0].construct


def test_all_of_a_function_comes_in_one_error() -> None:
    text = "def model(x):\n    while x:\n        pass\n    y = foo\n    del y\n    return foo + bar\n"
    with pytest.raises(CompileError) as raised:
        parse(make(text))
    found = [(one.code, one.span.line) for one in raised.value.diagnostics if one.span]
    # `foo` is told once, where it is met first.
    assert found == [
        ("unsupported-construct", 2),
        ("unknown-name", 4),
        ("unsupported-construct", 5),
        ("unknown-name", 6),
    ]


def test_the_nearest_attribute_is_told() -> None:
    with pytest.raises(CompileError, match=r"`np\.exp` exists"):
        parse(make("import numpy as np\ndef model(x):\n    return np.expp(x)\n"))
