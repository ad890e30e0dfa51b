"""Evaluating expressions as far as they are known, and following calls into the user's helper functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..diagnostics import CompileError
from ..distributions.transforms.base import Transform
from ..frontend import (
    Apply,
    Attribute,
    Binary,
    BoolOp,
    Captured,
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
    Missing,
    Name,
    NoSource,
    NotAFunction,
    Program,
    Slice,
    Static,
    TupleExpr,
    Unary,
    parse,
)
from ..language.messages import Handler, Steps, peeled
from . import operations
from .binding import bind, slots_of_callable, slots_of_parameters
from .composites import transform_value
from .effects import Opaque
from .errors import ForeignStatement, RecursiveFunction
from .objects import BoundMethod, attribute, callee_of, known_object
from .recognise import is_distribution_class, is_foreign_statement, is_user_function, primitive_of
from .values import (
    MAYBE,
    RUNTIME,
    UNKNOWN,
    Distribution,
    Frame,
    Function,
    Handled,
    Indices,
    Items,
    Known,
    Plate,
    Resolved,
    Value,
    joined,
    merge,
    parts_of,
    tainted,
)

if TYPE_CHECKING:
    from .walk import Walk

_DATA = (str, int, float, bool, type(None), tuple, list, dict, range)
_SAME_KIND = ("to_event", "expand", "expand_by", "mask", "independent")


def evaluate(node: Expression, frame: Frame, walk: Walk) -> Value:
    """What is known of `node`; every call inside it is followed, so that its declarations are recorded."""

    def value_of(expression: Expression) -> Value:
        return evaluate(expression, frame, walk)

    match node:
        case Literal(value):
            return Known(value)
        case Name(name):
            return frame.look_up(name)
        case Captured(name):
            return _captured(frame.owner, name)
        case Static(value):
            return _static(value)
        case Attribute(owner, name):
            return attribute(value_of(owner), name)
        case Index(owner, items):
            return operations.index(value_of(owner), [value_of(item) for item in items])
        case Slice(start, stop, step):
            return tainted(*(value_of(part) for part in (start, stop, step) if part is not None))
        case Apply():
            return _apply(node, frame, walk)
        case Binary(op, left, right):
            return operations.binary(op, value_of(left), value_of(right))
        case Unary(op, operand):
            return operations.unary(op, value_of(operand))
        case Compare(op, left, right):
            return operations.compare(op, value_of(left), value_of(right))
        case BoolOp(_, values):
            return tainted(*(value_of(one) for one in values))
        case Conditional(test, body, orelse):
            return walk.choice(test, body, orelse, frame)
        case TupleExpr(items) | ListExpr(items):
            return Items(tuple(value_of(item) for item in items))
        case DictExpr(keys, values):
            return tainted(*(value_of(one) for one in (*keys, *values)))
        case FString(parts):
            return joined(*(_piece(part, frame, walk) for part in parts))
        case Formatted(value, _, _):
            return value_of(value)
        case Lambda():
            return Function(node, frame)
        case Comprehension():
            return walk.comprehension(node, frame)
    return UNKNOWN


def default_of(value: Any) -> Value:
    """What a parameter with this default may be when the caller says nothing about it."""
    return MAYBE if value is None else UNKNOWN


def _piece(part: Literal | Formatted, frame: Frame, walk: Walk) -> Any:
    if isinstance(part, Literal):
        return (str(part.value),)
    return parts_of(evaluate(part.value, frame, walk), part.spec)


def _captured(program: Program, name: str) -> Value:
    try:
        value = program.captures[name].get()
    except Missing:
        return UNKNOWN
    return Known(value) if isinstance(value, _DATA) else known_object(value)


def _static(value: Any) -> Value:
    handlers, function = peeled(value)
    if handlers:
        return Handled(handlers, None if function is None else Resolved(function))
    if is_distribution_class(type(value)):
        return Distribution(type(value), getattr(value, "support", None), value)
    return Resolved(value)


def _apply(call: Apply, frame: Frame, walk: Walk) -> Value:
    if isinstance(call.function, Attribute):
        owner = evaluate(call.function.value, frame, walk)
        callee = callee_of(attribute(owner, call.function.name))
        if isinstance(callee, (Resolved, BoundMethod)):
            return _call_known(call, callee, frame, walk)
        args, keywords = _arguments(call, frame, walk)
        if isinstance(owner, Distribution):
            return Distribution(owner.kind, owner.support) if call.function.name in _SAME_KIND else RUNTIME
        return operations.method(owner, call.function.name, args, keywords)
    return _call(call, evaluate(call.function, frame, walk), frame, walk)


def _call(call: Apply, callee: Value, frame: Frame, walk: Walk) -> Value:
    if isinstance(callee, Handled):
        if callee.function is None:
            return Handled(callee.handlers, evaluate(call.args[0], frame, walk) if call.args else UNKNOWN)
        with walk.primitives.effects.under(callee.handlers, call.span, "this call", walk.report):
            return _call(call, callee.function, frame, walk)
    callee = callee_of(callee)
    if isinstance(callee, (Resolved, BoundMethod)):
        return _call_known(call, callee, frame, walk)
    if isinstance(callee, Function):
        return _call_local(call, callee, frame, walk)
    walk.primitives.effects.mark_open()
    args, keywords = _arguments(call, frame, walk)
    return tainted(callee, *args, *keywords.values())


def _call_known(call: Apply, callee: Resolved | BoundMethod, frame: Frame, walk: Walk) -> Value:
    if isinstance(callee, Resolved):
        return _call_resolved(call, callee.value, frame, walk)
    program = walk.program_of(callee.function)
    if program is None:
        args, keywords = _arguments(call, frame, walk)
        return tainted(*args, *keywords.values())
    return _call_program(call, program, None, program, frame, walk, callee)


def _call_resolved(call: Apply, function: Any, frame: Frame, walk: Walk) -> Value:
    def value_of(expression: Expression) -> Value:
        return evaluate(expression, frame, walk)

    word = primitive_of(function)
    if word == "markov" and call.args:
        return value_of(call.args[0])
    if word in ("scan", "odeint_rk4"):
        return _repeated(call, word, function, frame, walk)
    if word is not None:
        return walk.primitives.call(word, function, call, value_of, walk.place(call))
    if isinstance(function, type) and issubclass(function, Handler):
        return _handled(call, function, frame, walk)
    if is_distribution_class(function):
        return walk.primitives.distribution(function, call, value_of)
    if is_foreign_statement(function):
        walk.report.add(ForeignStatement(call.span, function.__name__, function.__module__.partition(".")[0]))
    if is_user_function(function):
        program = walk.program_of(function)
        if program is not None:
            return _call_program(call, program, None, program, frame, walk)
        walk.primitives.effects.mark_open()
    args, keywords = _arguments(call, frame, walk)
    if isinstance(function, type) and issubclass(function, Transform):
        return transform_value(function, args, keywords)
    result = operations.builtin(function, args, keywords)
    return tainted(*args, *keywords.values()) if result is None else result


def _handled(call: Apply, kind: type[Handler], frame: Frame, walk: Walk) -> Value:
    """A handler made inside the program: from what is known of its arguments, or as one that may do anything."""
    bound = bind(call, kind.__name__, slots_of_callable(kind), walk.report)
    if bound is None:
        return UNKNOWN
    values = {name: evaluate(argument, frame, walk) for name, argument in bound.items()}
    function = values.pop("fn", None)
    try:
        handler = kind(**{name: _setting(bound[name], value, frame, walk) for name, value in values.items()})
    except (TypeError, ValueError):
        handler = Opaque()
    if isinstance(function, Handled):
        return Handled((handler, *function.handlers), function.function)
    return Handled((handler,), None if _is_nothing(function) else function)


def _setting(argument: Expression, value: Value, frame: Frame, walk: Walk) -> Any:
    """An argument of a handler as Python knows it; what is in a dict may be a value of this room."""
    if isinstance(argument, DictExpr) and all(isinstance(key, Literal) for key in argument.keys):
        keys = [key.value for key in argument.keys if isinstance(key, Literal)]
        return dict.fromkeys(keys, UNKNOWN)
    if isinstance(value, Items) and all(isinstance(item, Known) for item in value.items):
        return [item.value for item in value.items if isinstance(item, Known)]
    return value.value if isinstance(value, Known) else value


def _is_nothing(value: Value | None) -> bool:
    return value is None or (isinstance(value, Known) and value.value is None)


def _repeated(call: Apply, word: str, function: Any, frame: Frame, walk: Walk) -> Value:
    """A step's declarations are those of one call of its function, with arguments of which nothing is known."""
    bound = bind(call, word, slots_of_callable(function), walk.report)
    if bound is None or "f" not in bound:
        return UNKNOWN
    for name, argument in bound.items():
        if name != "f":
            evaluate(argument, frame, walk)
    # The state and what comes with it: the element of a sequence, or the time and further arguments.
    more = len(call.args) - 3 if word == "odeint_rk4" else 0
    unknown = tuple(Name(f"<{k}>", span=call.span) for k in range(2 + max(more, 0)))
    with walk.primitives.effects.under([Steps()], call.span, "this call", walk.report):
        evaluate(Apply(bound["f"], unknown, (), span=call.span), frame, walk)
    return RUNTIME


def _call_local(call: Apply, function: Function, frame: Frame, walk: Walk) -> Value:
    owner = function.frame.owner
    return _call_program(call, function.body, function.frame, owner, frame, walk)


def _call_program(
    call: Apply,
    body: Program | Lambda,
    outer: Frame | None,
    owner: Program,
    frame: Frame,
    walk: Walk,
    carried: BoundMethod | None = None,
) -> Value:
    """Walk a helper with the arguments of this call, and with what it carries."""
    name = body.name if isinstance(body, Program) else "lambda"
    leading, optional = (carried.args, carried.names) if carried is not None else ((), ())
    open_parameters = body.parameters[len(leading) :]
    slots = [
        one.replaced(required=one.required and one.name not in optional) for one in slots_of_parameters(open_parameters)
    ]
    bound = bind(call, name, slots, walk.report)
    if bound is None:
        return UNKNOWN
    identity = (body.span.file, body.span.line, body.span.column)
    if identity in walk.active:
        walk.report.add(RecursiveFunction(call.span, name))
        return UNKNOWN
    variables: dict[str, Value] = {one.name: value for one, value in zip(body.parameters, leading)}
    for parameter in open_parameters:
        if parameter.name not in bound:
            known = isinstance(parameter.default, _DATA) and parameter.name not in optional
            variables[parameter.name] = Known(parameter.default) if known else UNKNOWN
    for parameter_name, argument in bound.items():
        variables[parameter_name] = evaluate(argument, frame, walk)
    inner = Frame(owner, variables, outer)
    with walk.inside(identity, call):
        if isinstance(body, Lambda):
            return evaluate(body.body, inner, walk)
        ended = walk.block(body.body, inner)
    results = inner.returned if ended else [*inner.returned, Known(None)]
    value = results[0]
    for other in results[1:]:
        value = merge(value, other)
    return value


def _arguments(call: Apply, frame: Frame, walk: Walk) -> tuple[Sequence[Value], dict[str, Value]]:
    args = [evaluate(argument, frame, walk) for argument in call.args]
    return args, {name: evaluate(argument, frame, walk) for name, argument in call.keywords}


def iterable_of(value: Value) -> Value:
    """What a loop over `value` runs through."""
    return Indices() if isinstance(value, Plate) else value


def read_helper(function: Any, walk: Walk) -> Program | None:
    """The Program of a helper; None, with its diagnostics, if it is outside the fence."""
    try:
        return parse(function)
    except CompileError as error:
        # A function without source may be decided when the arguments are known: lowering has the last word on it.
        for diagnostic in error.diagnostics:
            if not isinstance(diagnostic, NoSource | NotAFunction):
                walk.report.add(diagnostic)
        return None
