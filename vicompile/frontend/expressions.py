"""Expressions: from Python's syntax tree to the Program's."""

from __future__ import annotations

import ast
import sys
from types import EllipsisType

from ..diagnostics import Report, Span
from .errors import UnsupportedConstruct
from .fence import reject
from .locate import Locator
from .program import (
    Apply,
    Binary,
    BoolOp,
    Compare,
    Comprehension,
    Conditional,
    DictExpr,
    Expression,
    Formatted,
    FString,
    Index,
    Lambda,
    ListExpr,
    Literal,
    NameTarget,
    Slice,
    Target,
    TupleExpr,
    TupleTarget,
    Unary,
)
from .resolve import Names, bound_names
from .signature import Signatures

BINARY: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.LShift: "<<",
    ast.RShift: ">>",
}
UNARY: dict[type[ast.unaryop], str] = {ast.USub: "-", ast.UAdd: "+", ast.Invert: "~", ast.Not: "not"}
COMPARE: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}
_LITERALS = (bool, int, float, str, type(None), EllipsisType)


class Expressions:
    """Reads expressions, reporting what is outside the fence and going on with a placeholder."""

    def __init__(self, locator: Locator, names: Names, report: Report) -> None:
        self.locator, self.names, self.report = locator, names, report
        self.signatures = Signatures(locator, report)
        self._inside_fstring: Span | None = None

    def span(self, node: ast.expr) -> Span:
        """The place of `node`."""
        return self._inside_fstring or self.locator.span(node)

    def read(self, node: ast.expr) -> Expression:
        """The expression of the Program for `node`."""
        span = self.span(node)
        match node:
            case ast.Constant(value=value):
                return self._literal(value, span)
            case ast.Name(id=name):
                return self.names.resolve(name, span)
            case ast.Attribute(value=owner, attr=name):
                return self.names.attribute(self.read(owner), name, span)
            case ast.Call():
                return self._call(node, span)
            case ast.BinOp(left=left, op=operator, right=right):
                return Binary(BINARY[type(operator)], self.read(left), self.read(right), span=span)
            case ast.UnaryOp(op=operation, operand=operand):
                return Unary(UNARY[type(operation)], self.read(operand), span=span)
            case ast.Compare():
                return self._compare(node, span)
            case ast.BoolOp(op=joint, values=values):
                return BoolOp("and" if isinstance(joint, ast.And) else "or", self.read_all(values), span=span)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return Conditional(self.read(test), self.read(body), self.read(orelse), span=span)
            case ast.Subscript(value=value, slice=index):
                items = index.elts if isinstance(index, ast.Tuple) else [index]
                return Index(self.read(value), self.read_all(items), span=span)
            case ast.Slice(lower=lower, upper=upper, step=step):
                start, stop, stride = (None if part is None else self.read(part) for part in (lower, upper, step))
                return Slice(start, stop, stride, span=span)
            case ast.Tuple(elts=items):
                return TupleExpr(self.read_all(items), span=span)
            case ast.List(elts=items):
                return ListExpr(self.read_all(items), span=span)
            case ast.Dict():
                return self._dict(node, span)
            case ast.JoinedStr():
                return self._fstring(node, span)
            case ast.Lambda():
                return self._lambda(node, span)
            case ast.ListComp():
                return self._comprehension(node, span)
            case _:
                reject(self.report, node, span)
                return Literal(None, span=span)

    def read_all(self, nodes: list[ast.expr]) -> tuple[Expression, ...]:
        """The expressions for `nodes`, in their order."""
        return tuple(self.read(node) for node in nodes)

    def target(self, node: ast.expr) -> Target:
        """What an assignment, a loop or a `with` binds."""
        span = self.locator.span(node)
        match node:
            case ast.Name(id=name):
                return NameTarget(name, span=span)
            case ast.Tuple(elts=items) | ast.List(elts=items):
                return TupleTarget(tuple(self.target(item) for item in items), span=span)
            case ast.Subscript():
                self.refuse(
                    span, "assignment to an element", "build the array in one expression, with `where` or `stack`"
                )
            case ast.Attribute():
                self.refuse(span, "assignment to an attribute", "assign to a plain name")
            case _:
                reject(self.report, node, span)
        return NameTarget("_", span=span)

    def refuse(self, span: Span, construct: str, advice: str) -> None:
        """Report a construct that is not a kind of syntax node of its own."""
        self.report.add(UnsupportedConstruct(span, construct, advice))

    def _literal(self, value: object, span: Span) -> Expression:
        if not isinstance(value, _LITERALS):
            kind = "a complex number" if isinstance(value, complex) else "a bytes literal"
            self.refuse(span, kind, "use float numbers and strings")
        return Literal(value, span=span)

    def _call(self, node: ast.Call, span: Span) -> Expression:
        keywords: list[tuple[str, Expression]] = []
        for keyword in node.keywords:
            if keyword.arg is None:
                self.refuse(self.span(keyword.value), "a starred argument `**x`", "write the arguments out one by one")
            else:
                keywords.append((keyword.arg, self.read(keyword.value)))
        places = tuple(self._inside_fstring or self.locator.span(one) for one in node.keywords if one.arg is not None)
        return Apply(self.read(node.func), self.read_all(node.args), tuple(keywords), keyword_spans=places, span=span)

    def _compare(self, node: ast.Compare, span: Span) -> Expression:
        operands = self.read_all([node.left, *node.comparators])
        for middle in node.comparators[:-1]:
            if any(isinstance(part, ast.Call) for part in ast.walk(middle)):
                # It would be evaluated twice, and a draw must not be.
                self.refuse(
                    self.span(middle), "a call in the middle of a chained comparison", "assign it to a name first"
                )
        pairs = tuple(
            Compare(COMPARE[type(op)], left, right, span=span)
            for op, left, right in zip(node.ops, operands, operands[1:], strict=False)
        )
        return pairs[0] if len(pairs) == 1 else BoolOp("and", pairs, span=span)

    def _dict(self, node: ast.Dict, span: Span) -> Expression:
        keys: list[ast.expr] = []
        values: list[ast.expr] = []
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                self.refuse(self.span(value), "a starred expression `**x`", "write the entries out one by one")
            else:
                keys.append(key)
                values.append(value)
        return DictExpr(self.read_all(keys), self.read_all(values), span=span)

    def _fstring(self, node: ast.JoinedStr, span: Span) -> Expression:
        # Before Python 3.12 the positions inside an f-string are not reliable: the whole string stands for them.
        outer, self._inside_fstring = self._inside_fstring, span if sys.version_info < (3, 12) else self._inside_fstring
        parts: list[Literal | Formatted] = []
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                parts.append(self._formatted(part))
            elif isinstance(part, ast.Constant):
                parts.append(Literal(part.value, span=span))
        self._inside_fstring = outer
        return FString(tuple(parts), span=span)

    def _formatted(self, node: ast.FormattedValue) -> Formatted:
        spec = ""
        for part in node.format_spec.values if isinstance(node.format_spec, ast.JoinedStr) else []:
            if isinstance(part, ast.Constant):
                spec += str(part.value)
            else:
                self.refuse(self.span(node), "a computed format in an f-string", "write the format out")
        conversion = "" if node.conversion < 0 else chr(node.conversion)
        return Formatted(self.read(node.value), conversion, spec, span=self.span(node))

    def _lambda(self, node: ast.Lambda, span: Span) -> Expression:
        parameters = self.signatures.local(node.args)
        self.names.enter(bound_names(node))
        body = self.read(node.body)
        self.names.leave()
        return Lambda(parameters, body, span=span)

    def _comprehension(self, node: ast.ListComp, span: Span) -> Expression:
        generator = node.generators[0]
        if len(node.generators) > 1 or generator.ifs or generator.is_async:
            self.refuse(span, "a list comprehension with more than one `for` or with an `if`", "write a `for` loop")
            return Literal(None, span=span)
        iterable = self.read(generator.iter)
        target = self.target(generator.target)
        self.names.enter(frozenset(_stored(generator.target)))
        element = self.read(node.elt)
        self.names.leave()
        return Comprehension(element, target, iterable, span=span)


def _stored(node: ast.expr) -> list[str]:
    return [part.id for part in ast.walk(node) if isinstance(part, ast.Name)]
