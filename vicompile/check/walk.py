"""Walking through a Program once, before any data exists, to collect what it declares."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from ..diagnostics import Report, Span
from ..frontend import (
    Apply,
    Assert,
    Assign,
    Comprehension,
    Def,
    Expression,
    ExpressionStatement,
    For,
    If,
    NameTarget,
    Program,
    Return,
    Statement,
    Target,
    TupleTarget,
    With,
)
from ..language.messages import Handler
from .declarations import Declarations, Place, PlateDecl
from .effects import Effects
from .errors import PlateClash
from .evaluate import default_of, evaluate, iterable_of, read_helper
from .objects import known_object
from .operations import element, elements
from .primitives import Primitives
from .values import RUNTIME, UNKNOWN, Frame, Function, Handled, Items, Known, Plate, Plates, Value, merge, tainted

_MOST_ROUNDS = 256  # loops are taken apart as long as their rounds, multiplied, stay below this


def collect_declarations(program: Program, role: str, report: Report) -> Declarations:
    """Everything that the model or guide `program` declares; faults on the way go to `report`."""
    handlers = [effect.handler for effect in program.effects]
    walk = Walk(role, report, handlers)
    variables = {one.name: default_of(one.default) if one.has_default else UNKNOWN for one in program.parameters}
    variables.update((name, known_object(value)) for name, value in program.bound.items())
    with walk.entered((program.span.file, program.span.line, program.span.column)):
        walk.block(program.body, Frame(program, variables))
    walk.primitives.effects.check_names(handlers, program.span, f"the {role}", report)
    return walk.declarations


class Walk:
    """The state of one walk: where we are, and what was found."""

    def __init__(self, role: str, report: Report, handlers: Sequence[Handler] = ()) -> None:
        self.declarations = Declarations(role)
        self.report = report
        self.primitives = Primitives(self.declarations, report, Effects(handlers))
        self.active: set[tuple[str, int, int]] = set()
        self._path: tuple[tuple[int, int], ...] = ()
        self._loops: tuple[int, ...] = ()
        self._via: tuple[Span, ...] = ()
        self._rounds = 1
        self._count = 0
        self._programs: dict[Any, Program | None] = {}

    # --- where we are ----------------------------------------------------------------------------------------------

    def place(self, call: Apply) -> Place:
        """The place of a declaration made by `call`."""
        return Place(call.span, call.span, self._path, self._loops, self._via)

    @contextmanager
    def entered(self, identity: tuple[str, int, int]) -> Iterator[None]:
        """Within the function at this place, which must not be entered again."""
        self.active.add(identity)
        try:
            yield
        finally:
            self.active.discard(identity)

    @contextmanager
    def inside(self, identity: tuple[str, int, int], call: Apply) -> Iterator[None]:
        """Within a helper function that `call` calls."""
        via, path = self._via, self._path
        self._via = (*via, call.span)
        try:
            with self.entered(identity):
                yield
        finally:
            self._via, self._path = via, path

    @contextmanager
    def arm(self, branch: int, number: int) -> Iterator[None]:
        """Within one arm of a branch."""
        path = self._path
        self._path = (*path, (branch, number))
        try:
            yield
        finally:
            self._path = path

    def program_of(self, function: Any) -> Program | None:
        """The Program of a helper function, read once."""
        if function not in self._programs:
            self._programs[function] = read_helper(function, self)
        return self._programs[function]

    # --- statements ------------------------------------------------------------------------------------------------

    def block(self, statements: Sequence[Statement], frame: Frame) -> bool:
        """Walk `statements`; True if they always return."""
        for position, statement in enumerate(statements):
            match statement:
                case If():
                    return self._if(statement, statements[position + 1 :], frame)
                case Return(value):
                    frame.returned.append(Known(None) if value is None else evaluate(value, frame, self))
                    return True
                case With():
                    if self._with(statement, frame):
                        return True
                case _:
                    self._simple(statement, frame)
        return False

    def _simple(self, statement: Statement, frame: Frame) -> None:
        match statement:
            case Assign(target, value):
                self._assign(target, evaluate(value, frame, self), frame)
            case ExpressionStatement(value) | Assert(value, _):
                evaluate(value, frame, self)
            case For(target, iterable, body):
                self._loop(target, iterable, frame, lambda inner: self.block(body, inner), _assigned(body))
            case Def(name, function):
                frame.variables[name] = Function(function.program, frame)

    def _if(self, statement: If, rest: Sequence[Statement], frame: Frame) -> bool:
        test = evaluate(statement.test, frame, self)
        if isinstance(test, Known):
            taken = statement.body if test.value else statement.orelse
            return self.block(taken, frame) or self.block(rest, frame)
        self._count += 1
        branch, before = self._count, dict(frame.variables)
        with self.arm(branch, 0):
            body_returns = self.block(statement.body, frame)
        after_body, frame.variables = frame.variables, before
        with self.arm(branch, 1):
            else_returns = self.block(statement.orelse, frame)
        if body_returns and else_returns:
            return True
        if body_returns or else_returns:
            # What follows belongs to the arm that goes on.
            frame.variables = after_body if else_returns else frame.variables
            with self.arm(branch, 0 if else_returns else 1):
                return self.block(rest, frame)
        names = after_body.keys() | frame.variables.keys()
        frame.variables = {name: merge(after_body.get(name), frame.variables.get(name)) for name in names}
        return self.block(rest, frame)

    def choice(self, test: Expression, body: Expression, orelse: Expression, frame: Frame) -> Value:
        """A conditional expression."""
        known = evaluate(test, frame, self)
        if isinstance(known, Known):
            return evaluate(body if known.value else orelse, frame, self)
        self._count += 1
        branch = self._count
        with self.arm(branch, 0):
            first = evaluate(body, frame, self)
        with self.arm(branch, 1):
            second = evaluate(orelse, frame, self)
        return merge(first, second)

    def _with(self, statement: With, frame: Frame) -> bool:
        outer = self.primitives.plates
        with ExitStack() as stack:
            for context, target in statement.items:
                value = evaluate(context, frame, self)
                if isinstance(value, Plate | Plates):
                    for plate in (value.plate,) if isinstance(value, Plate) else value.plates:
                        self._enter(plate, context.span)
                if isinstance(value, Handled):
                    around = self.primitives.effects.under(value.handlers, context.span, "this block", self.report)
                    stack.enter_context(around)
                if target is not None:
                    self._assign(target, RUNTIME if isinstance(value, Plate) else UNKNOWN, frame)
            returns = self.block(statement.body, frame)
        self.primitives.plates = outer
        return returns

    def _enter(self, plate: PlateDecl, span: Span) -> None:
        outer = self.primitives.plates
        taken = {one.dim: one.name for one in outer if one.dim is not None}
        # As at run time: the outermost plate takes -1, the next one -2, unless they say otherwise.
        if plate.free and all(one.dim is not None for one in outer):
            plate = plate.replaced(
                dim=next(dim for dim in range(-1, -len(outer) - 2, -1) if dim not in taken), free=False
            )
        reason = ""
        if plate.name is not None and any(plate.name == one.name for one in outer):
            reason = "it is already open"
        elif plate.dim in taken:
            reason = f"dim {plate.dim} is taken by plate `{taken[plate.dim]}` around it"
        if reason:
            self.report.add(PlateClash(span, plate.name or "?", reason))
        self.primitives.plates = (*outer, plate)

    # --- loops -----------------------------------------------------------------------------------------------------

    def comprehension(self, node: Comprehension, frame: Frame) -> Value:
        """A list comprehension: its elements if its rounds are known."""
        inner = Frame(frame.owner, {}, frame)
        found: list[Value] = []
        taken_apart = self._loop(
            node.target, node.iterable, inner, lambda each: found.append(evaluate(node.element, each, self)), set()
        )
        return Items(tuple(found)) if taken_apart else tainted(*found)

    def _loop(
        self, target: Target, iterable: Expression, frame: Frame, body: Callable[[Frame], Any], changed: set[str]
    ) -> bool:
        """Walk a loop's rounds one by one if they are known (then True), else once for all."""
        over = iterable_of(evaluate(iterable, frame, self))
        items = elements(over)
        if items is not None and self._rounds * max(1, len(items)) <= _MOST_ROUNDS:
            outer_rounds = self._rounds
            self._rounds *= max(1, len(items))
            for item in items:
                self._assign(target, item, frame)
                body(frame)
            self._rounds = outer_rounds
            return True
        self._count += 1
        loops, self._loops = self._loops, (*self._loops, self._count)
        before = dict(frame.variables)
        frame.variables.update(dict.fromkeys(changed, UNKNOWN))
        self._assign(target, element(over, self._count), frame)
        body(frame)
        self._loops = loops
        for name in changed & before.keys():
            frame.variables[name] = merge(before[name], frame.variables.get(name))
        return False

    def _assign(self, target: Target, value: Value, frame: Frame) -> None:
        if isinstance(target, NameTarget):
            frame.variables[target.name] = value
            return
        items = elements(value)
        for position, part in enumerate(target.items):
            known = items is not None and len(items) == len(target.items)
            self._assign(part, items[position] if known and items else tainted(value), frame)


def _assigned(body: Sequence[Statement]) -> set[str]:
    """The names that a loop's body gives new values."""
    names: set[str] = set()
    for statement in body:
        match statement:
            case Assign(target, _):
                names |= _names(target)
            case For(target, _, inner):
                names |= _names(target) | _assigned(inner)
            case If(_, inner, orelse):
                names |= _assigned(inner) | _assigned(orelse)
            case With(items, inner):
                names |= _assigned(inner)
                names |= {name for _, bound in items if bound is not None for name in _names(bound)}
    return names


def _names(target: Target) -> set[str]:
    if isinstance(target, TupleTarget):
        return {name for item in target.items for name in _names(item)}
    return {target.name}
