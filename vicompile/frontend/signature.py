"""Parameters of functions, local functions and lambdas."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any

from ..diagnostics import Report, Span
from .errors import UnsupportedConstruct
from .locate import Locator
from .program import Parameter


class Signatures:
    """Reads parameter lists; star parameters are outside the fence."""

    def __init__(self, locator: Locator, report: Report) -> None:
        self._locator, self._report = locator, report

    def outer(self, arguments: ast.arguments, function: FunctionType) -> tuple[Parameter, ...]:
        """The parameters of a Python function, with the values of its defaults."""
        positional = len(arguments.posonlyargs) + len(arguments.args)
        values: dict[str, Any] = dict(function.__kwdefaults__ or {})
        defaults = function.__defaults__ or ()
        plain = [*arguments.posonlyargs, *arguments.args][positional - len(defaults) :]
        values.update({one.arg: value for one, value in zip(plain, defaults, strict=True)})
        return self._read(arguments, lambda name, node: values[name])

    def local(self, arguments: ast.arguments) -> tuple[Parameter, ...]:
        """The parameters of a local function or lambda; defaults can be literals only."""

        def literal(name: str, node: ast.expr) -> Any:
            try:
                return ast.literal_eval(node)
            except ValueError:
                construct = f"a computed default for the local parameter `{name}`"
                self._refuse(self._locator.span(node), construct, "give the value as an argument")
                return None

        return self._read(arguments, literal)

    def _read(self, arguments: ast.arguments, value: Callable[[str, ast.expr], Any]) -> tuple[Parameter, ...]:
        for star, stars in ((arguments.vararg, "*"), (arguments.kwarg, "**")):
            if star is not None:
                span = self._locator.span(star)
                self._refuse(span, f"the star parameter `{stars}{star.arg}`", "write the parameters out one by one")
        parameters = []
        for one, kind, default in _rows(arguments):
            known = None if default is None else value(one.arg, default)
            parameters.append(Parameter(one.arg, kind, known, default is not None, span=self._locator.span(one)))
        return tuple(parameters)

    def _refuse(self, span: Span, construct: str, advice: str) -> None:
        self._report.add(UnsupportedConstruct(span, construct, advice))


def _rows(arguments: ast.arguments) -> Iterator[tuple[ast.arg, str, ast.expr | None]]:
    positional = [(one, "positional_only") for one in arguments.posonlyargs]
    positional += [(one, "positional_or_keyword") for one in arguments.args]
    missing = len(positional) - len(arguments.defaults)
    for (one, kind), default in zip(positional, [*[None] * missing, *arguments.defaults], strict=True):
        yield one, kind, default
    for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        yield one, "keyword_only", default
