"""The Program: what was written, statement by statement, with the place of each, and every name resolved.

    Assign(target, value)              x = ...; also `x += ...` (a Binary) and annotated assignments
    ExpressionStatement(value)
    For(target, iterable, body)        If(test, body, orelse)        With(items, body)
    Return(value)                      Pass()                        Def(name, function)

    Literal  Name  Captured  Static  Attribute  Index  Slice  Apply  Binary  Unary  Compare  BoolOp  Conditional
    TupleExpr  ListExpr  DictExpr  FString  Formatted  Lambda  Comprehension

What a Program can NOT express is what the fence turns away (`fence.py`): while, try, classes, generators, star
arguments, assignment to elements and attributes. Nothing in it depends on data. Kinds are matched with `match`: `case
Binary("+", a, b)`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from ..diagnostics import Record, Span
from .captures import Capture
from .effects import Effect


class Node(Record):
    """Base of all kinds; compared by identity."""

    span: Span = field(kw_only=True)

    __eq__ = object.__eq__
    __hash__ = object.__hash__


class Expression(Node):
    """Base of the expressions."""


class Statement(Node):
    """Base of the statements."""


# --- expressions ---------------------------------------------------------------------------------------------------


class Literal(Expression):
    """A number, string, True, False, None or `...`."""

    value: Any


class Name(Expression):
    """A parameter or local variable, of this function or (in a local function) of the one around it."""

    name: str


class Captured(Expression):
    """Data from outside the function; `program.captures[name].get()` is its current value. `name` may be dotted
    (`np.pi`).
    """

    name: str


class Static(Expression):
    """A function, class, module or object of the language from outside, resolved; `name` is how it was written.

    effects: if it is a handled function, its handlers, outermost first.
    """

    value: Any
    name: str
    effects: tuple[Effect, ...] = ()


class Attribute(Expression):
    """`value.name`, where `value` is not a module or class."""

    value: Expression
    name: str


class Slice(Expression):
    """`start:stop:step` inside an Index."""

    start: Expression | None
    stop: Expression | None
    step: Expression | None


class Index(Expression):
    """`value[items]`; `x[i, :]` has two items, `x[i]` one; None and `...` come as Literals."""

    value: Expression
    items: tuple[Expression, ...]


class Apply(Expression):
    """A call; `keyword_spans` are the places of the keyword arguments, their names included."""

    function: Expression
    args: tuple[Expression, ...]
    keywords: tuple[tuple[str, Expression], ...]
    keyword_spans: tuple[Span, ...] = field(default=(), kw_only=True)


class Binary(Expression):
    """`left op right`; op is one of + - * / // % ** @ & | ^ << >>."""

    op: str
    left: Expression
    right: Expression


class Unary(Expression):
    """`op operand`; op is one of - + ~ not."""

    op: str
    operand: Expression


class Compare(Expression):
    """`left op right`; op is one of == != < <= > >= is, is not, in, not in. A chain is a BoolOp of these."""

    op: str
    left: Expression
    right: Expression


class BoolOp(Expression):
    """`a and b and c`; op is "and" or "or"."""

    op: str
    values: tuple[Expression, ...]


class Conditional(Expression):
    """`body if test else orelse`."""

    test: Expression
    body: Expression
    orelse: Expression


class TupleExpr(Expression):
    """`(a, b)`."""

    items: tuple[Expression, ...]


class ListExpr(Expression):
    """`[a, b]`."""

    items: tuple[Expression, ...]


class DictExpr(Expression):
    """`{key: value}`, keys and values in the same order."""

    keys: tuple[Expression, ...]
    values: tuple[Expression, ...]


class Formatted(Expression):
    """`{value!conversion:spec}` inside an FString; conversion is "", "s", "r" or "a"."""

    value: Expression
    conversion: str
    spec: str


class FString(Expression):
    """Parts are Literals (of str) and Formatted values."""

    parts: tuple[Literal | Formatted, ...]


class Lambda(Expression):
    """`lambda parameters: body`; its free names are those of the function around it, looked up when it is called."""

    parameters: tuple[Parameter, ...]
    body: Expression


class Comprehension(Expression):
    """`[element for target in iterable]`; the target is visible in `element` alone."""

    element: Expression
    target: Target
    iterable: Expression


# --- targets -------------------------------------------------------------------------------------------------------


class NameTarget(Node):
    """One name that is bound."""

    name: str


class TupleTarget(Node):
    """Names that are bound to the elements of a sequence."""

    items: tuple[Target, ...]


Target: TypeAlias = NameTarget | TupleTarget


# --- statements ----------------------------------------------------------------------------------------------------


class Assign(Statement):
    """`target = value`."""

    target: Target
    value: Expression


class ExpressionStatement(Statement):
    """An expression for its effect."""

    value: Expression


class For(Statement):
    """`for target in iterable:`."""

    target: Target
    iterable: Expression
    body: tuple[Statement, ...]


class If(Statement):
    """`if test:`; an `elif` is an If alone in `orelse`."""

    test: Expression
    body: tuple[Statement, ...]
    orelse: tuple[Statement, ...]


class With(Statement):
    """`with a as x, b:`; an item is (context, target or None)."""

    items: tuple[tuple[Expression, Target | None], ...]
    body: tuple[Statement, ...]


class Return(Statement):
    """`return value`."""

    value: Expression | None


class Assert(Statement):
    """`assert test, message`; the message is kept if it is a plain text."""

    test: Expression
    message: str


class Pass(Statement):
    """Nothing."""


class Def(Statement):
    """A local helper function; its free names are those of the function around it, looked up when it is called."""

    name: str
    function: LocalFunction


# --- functions -----------------------------------------------------------------------------------------------------


class Parameter(Node):
    """One parameter; kind is "positional_only", "positional_or_keyword" or "keyword_only"."""

    name: str
    kind: str
    default: Any = None
    has_default: bool = False


@dataclass(frozen=True, eq=False)
class Program:
    """A function as it was written.

    span: the `def` and the name.
    captures: the data that it takes from outside, by the name in `Captured`.
    statics: the functions, classes and modules that it takes from outside, by the name in `Static`.
    locals: the names that are bound in it, parameters included.
    function: the Python function, bound method, partial or object that is called; None for a local function.
    bound: the values of parameters that it carries with it, such as `self`.
    effects: the handlers around it, outermost first.
    """

    name: str
    function: Callable[..., Any] | None
    file: str
    span: Span
    parameters: tuple[Parameter, ...]
    body: tuple[Statement, ...]
    captures: Mapping[str, Capture]
    statics: Mapping[str, Capture] = field(default_factory=dict)
    locals: frozenset[str] = frozenset()
    bound: Mapping[str, Any] = field(default_factory=dict)
    effects: tuple[Effect, ...] = ()

    @property
    def open_parameters(self) -> tuple[Parameter, ...]:
        """The parameters that a call has to give values to."""
        return tuple(one for one in self.parameters if one.name not in self.bound)

    def is_current(self) -> bool:
        """Whether every function, class and module that the Program names is still the one it was parsed with."""
        # Asked at every step of a fit: a generator would cost twice as much.
        for capture in self.statics.values():  # noqa: SIM110
            if not capture.is_unchanged():
                return False
        return True


@dataclass(frozen=True, eq=False, slots=True)
class LocalFunction:
    """A function defined inside another; `program.captures` and `.statics` are those of the outermost function."""

    program: Program
