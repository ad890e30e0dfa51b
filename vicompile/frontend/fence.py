"""Which Python is not accepted, and for each construct the way to write it."""

from __future__ import annotations

import ast

from ..diagnostics import Report, Span
from .errors import UnsupportedConstruct

_LOOP = "write a `for` loop, or a list comprehension with one `for`"
_INLINE = "write the steps one after the other"
_MODULE = "move it out of the function, to the top of the module"

REJECTED: dict[type[ast.AST], tuple[str, str]] = {
    ast.While: (
        "a `while` loop",
        "write `for i in range(n)`; a loop that runs until a drawn value meets a condition is not supported yet",
    ),
    ast.Try: ("a `try` statement", "a compiled function raises no exceptions: leave it out"),
    ast.TryStar: ("a `try` statement", "a compiled function raises no exceptions: leave it out"),
    ast.Raise: ("a `raise` statement", "check the arguments before calling the model"),
    ast.Match: ("a `match` statement", "write `if` and `elif`"),
    ast.ClassDef: ("a class inside a function", _MODULE),
    ast.Import: ("an import inside a function", _MODULE),
    ast.ImportFrom: ("an import inside a function", _MODULE),
    ast.Global: ("a `global` statement", "give the value as an argument, and return the result"),
    ast.Nonlocal: ("a `nonlocal` statement", "give the value as an argument, and return the result"),
    ast.Delete: ("a `del` statement", "leave it out: names end with the function"),
    ast.AsyncFunctionDef: ("an `async` function", "write it with plain `def`"),
    ast.AsyncFor: ("an `async for` loop", "write it with plain `for`"),
    ast.AsyncWith: ("an `async with` block", "write it with plain `with`"),
    ast.Break: ("`break`", "give the loop the right range, or choose values with `where`"),
    ast.Continue: ("`continue`", "put the rest of the loop's body under an `if`"),
    ast.Await: ("`await`", _INLINE),
    ast.Yield: ("`yield`", "collect the values in a list and return it"),
    ast.YieldFrom: ("`yield from`", "collect the values in a list and return it"),
    ast.NamedExpr: ("the operator `:=`", "assign the name in a statement before this one"),
    ast.SetComp: ("a set comprehension", _LOOP),
    ast.DictComp: ("a dict comprehension", "write the dict out"),
    ast.GeneratorExp: ("a generator expression", _LOOP),
    ast.Set: ("a set", "write a tuple or a list"),
    ast.Starred: ("a starred expression `*x`", "write the values out one by one"),
}
for _name, _row in {
    "TypeAlias": ("a `type` statement", _MODULE),
    "TemplateStr": ("a template string", "write an f-string"),
}.items():
    if hasattr(ast, _name):  # kinds of later Python versions
        REJECTED[getattr(ast, _name)] = _row


def reject(report: Report, node: ast.AST, span: Span) -> None:
    """Report a construct of REJECTED; any other kind that is not known gets its Python name."""
    unknown = (f"the construct `{type(node).__name__}`", "write it with assignments, `for`, `if` and `with`")
    construct, advice = REJECTED.get(type(node), unknown)
    report.add(UnsupportedConstruct(span, construct, advice))
