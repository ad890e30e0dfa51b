"""Handlers while a program is lowered: each primitive is shown to those around it before it is carried out."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ..diagnostics import Span
from ..distributions import Distribution
from ..distributions.constraints import real
from ..frontend import program as p
from ..ir import ops
from ..ir.dims import Shape
from ..language.messages import Handler, Message, Strategy, pass_through, peeled
from . import weights
from .context import Context, fail
from .errors import InvalidOperation, NotSupported
from .params import initial
from .plates import in_plates
from .text import shape_text
from .trace import Check
from .values import FamilyName, Handled

Values = dict[str, Any]
Spans = dict[str, Span]
Actions = Mapping[str, Callable[[Context, Values, Spans, Span], Any]]
# Arguments that no program gives: how often and where a statement counts.
_COUNTS = ("scale", "mask", "where")
# Which argument of a primitive is its value.
_VALUE = {"sample": "obs", "deterministic": "value", "factor": "log_factor"}


# -- calls and `with` --------------------------------------------------------------------------------------------------


def handled(context: Context, function: Any, args: list[Any], keywords: dict[str, Any], e: p.Apply) -> Any | None:
    """What the call makes of handlers, in a tuple; None if none is called.

    A handler's class gives a handled function; a handled function runs its body under its handlers.
    """
    if isinstance(function, type) and issubclass(function, Strategy):
        return (function(*args, **keywords),)
    if isinstance(function, type) and issubclass(function, Handler):
        return (_made(context, function, args, keywords, e.span),)
    if not isinstance(function, (Handled, Handler)):
        return None
    found = as_handled(context, function, e.function)
    if found.function is None:
        if len(args) != 1 or keywords:
            fail(InvalidOperation(e.span, f"`{found.name}` without a function is a decorator: it takes one function"))
        return (Handled(found.handlers, args[0]),)
    from .calls import apply

    with under(context, found.handlers):
        return (apply(context, found.function, args, keywords, e),)


def as_handled(context: Context, value: Any, e: p.Expression) -> Handled:
    """A handled function, its handlers holding what the compiler has for their values."""
    if isinstance(value, Handled):
        return value
    handlers, function = peeled(value)
    if isinstance(e, p.Static) and e.effects:
        return Handled(tuple(one.bound(context.scope.captures) for one in e.effects), function)
    if any(one.outside() for one in handlers):
        what = f"`{handlers[0].word}` that comes as an argument and holds data"
        fail(NotSupported(e.span, what, "apply the handler inside the function, or around it"))
    return Handled(handlers, function)


@contextmanager
def under(context: Context, handlers: Sequence[Handler]) -> Iterator[None]:
    """Inside, these handlers see every primitive, before those that are around already."""
    outer = context.effects
    context.effects = (*outer, *handlers)
    try:
        yield
    finally:
        context.effects = outer


def _made(context: Context, kind: type[Handler], args: list[Any], keywords: dict[str, Any], span: Span) -> Handled:
    if kind.__name__ in ("trace", "seed"):
        what = f"`{kind.__name__}` inside a function of the language"
        fail(NotSupported(span, what, "use it outside, on the model that is called"))
    if any(isinstance(value, FamilyName) for value in (*args, *keywords.values())):
        context.unroll(span)
        what = f"`{kind.__name__}` with a text made of the variable of a data-sized loop"
        fail(NotSupported(span, what, "write the sites as one, inside a plate"))
    bound = inspect.signature(kind).bind(*args, **keywords).arguments
    function = bound.pop("fn", None)
    made = kind(**bound)
    if isinstance(function, Handled):
        return Handled((made, *function.handlers), function.function)
    inner, plain = peeled(function)
    return Handled((made, *inner), plain)


# -- primitives --------------------------------------------------------------------------------------------------------


def carry_out(context: Context, word: str, values: Values, spans: Spans, span: Span, actions: Actions) -> Any:
    """A primitive, after the handlers around it have seen it."""
    name = values.get("name")
    if not context.effects or not isinstance(name, (str, FamilyName)):
        return actions[word](context, values, spans, span)
    indices = name.indices if isinstance(name, FamilyName) else None
    message = _message(context, word, name.template if isinstance(name, FamilyName) else name, values, span)
    if message is None:
        return actions[word](context, values, spans, span)

    def road(handlers: Sequence[Handler], message: Message) -> _Road:
        return _Road(context, handlers, message, indices, span, actions)

    def before(handler: Handler, message: Message) -> None:
        if indices is not None:
            _refuse_members(context, handler, message.name, span)

    pass_through(message, context.effects, road, before)
    return _Ending(context, message, {**values, "name": _renamed(message.name, indices)}, spans, span, actions).result()


def _renamed(name: str, indices: Any) -> Any:
    return name if indices is None else FamilyName(name, indices)


def _message(context: Context, word: str, name: str, values: Values, span: Span) -> Message | None:
    """The message of a primitive; None if its arguments are wrong, which the primitive itself tells."""
    if word == "sample":
        fn, obs = values.get("fn"), values.get("obs")
        if not isinstance(fn, Distribution):
            return None
        fn = fn.expand(in_plates(context, fn.batch_shape, span))
        counts = {one: values.get(one) for one in _COUNTS}
        return Message(word, name, fn=fn, value=obs, is_observed=obs is not None, infer=values.get("infer"), **counts)
    if word == "param":
        return Message(word, name, init=values.get("init"), constraint=values.get("constraint", real))
    return Message(word, name, value=values.get(_VALUE.get(word, "")), is_observed=word == "factor")


def _counts(message: Message) -> Values:
    """How often and where a statement counts, as arguments of the primitive."""
    return {name: getattr(message, name) for name in _COUNTS if getattr(message, name) is not None}


def _refuse_members(context: Context, handler: Handler, template: str, span: Span) -> None:
    """A family of sites is one statement: a handler cannot mean some of its members. Short loops are unrolled."""
    pattern = ".*".join(re.escape(part.replace("{{", "{").replace("}}", "}")) for part in template.split("{}"))
    members = sorted(name for name in handler.chosen() if re.fullmatch(pattern, name, re.DOTALL))
    if not members and not handler.asks_function:
        return
    context.unroll(span)
    what = (
        f"`{handler.word}` on `{members[0]}`, one of many sites of" if members else f"`{handler.word}` by a function on"
    )
    fail(NotSupported(span, f"{what} a data-sized loop", "write the sites as one, inside a plate"))


def _hidden_name(context: Context, name: Any) -> Any:
    mark = f" (hidden in the {'guide' if context.prefix else 'model'})"
    return FamilyName(name.template + mark, name.indices) if isinstance(name, FamilyName) else name + mark


class _Road:
    """Statements that a handler adds while a program is lowered."""

    is_abstract = False

    def __init__(
        self,
        context: Context,
        handlers: Sequence[Handler],
        message: Message,
        indices: Any,
        span: Span,
        actions: Actions,
    ) -> None:
        self._context, self._handlers, self._message, self._indices = context, tuple(handlers), message, indices
        self._span, self._actions = span, actions

    def sample(self, name: str, fn: Any) -> Any:
        """One more site."""
        counts = _counts(self._message)
        return self._carry_out("sample", {"name": _renamed(name, self._indices), "fn": fn, **counts})

    def param(self, name: str, init: Any, constraint: Any) -> Any:
        """One more parameter."""
        return self._carry_out("param", {"name": name, "init": init, "constraint": constraint})

    def factor(self, value: Any) -> Any:
        """A node of floats, which are checked when data is bound."""
        return weights.positive(self._context, value, self._span)

    def condition(self, value: Any) -> Any:
        """A node of truth values."""
        return weights.condition(self._context, value, self._span, "the mask")

    def _carry_out(self, word: str, values: Values) -> Any:
        context = self._context
        outer, context.effects = context.effects, self._handlers
        spans = dict.fromkeys(values, self._span)
        try:
            return carry_out(context, word, values, spans, self._span, self._actions)
        finally:
            context.effects = outer


class _Ending:
    """What is left to do for a primitive that the handlers have seen."""

    def __init__(
        self, context: Context, message: Message, values: Values, spans: Spans, span: Span, actions: Actions
    ) -> None:
        self.context, self.message, self.values = context, message, values
        self.spans, self.span, self.actions = spans, span, actions

    def result(self) -> Any:
        """The value of the statement."""
        match self.message.kind:
            case "value":
                value = self._shaped(self.message.value, self.message.fn.shape())
                return value if self.message.fn.is_discrete else ops.to_float(value)
            case "sample":
                return self._sample()
            case "param":
                return self._param()
            case "deterministic" if self.message.is_hidden:
                return self.message.value
            case "deterministic":
                return self._act("deterministic", {"name": self.values["name"], "value": self.message.value})
            case "factor" if self.message.is_hidden:
                return None
            case kind:
                return self._act(kind, {**self.values, **_counts(self.message)})

    def _act(self, word: str, values: Values) -> Any:
        return self.actions[word](self.context, values, self.spans, self.span)

    def _number(self, value: Any) -> Any:
        return self.context.node(value, self.span, f"the value of `{self.message.name}`")

    def _shaped(self, value: Any, shape: Shape) -> Any:
        """A given value with the shape of what it stands for."""
        return ops.broadcast_to(self._number(value), shape)

    def _lifted(self, shape: Shape) -> Distribution:
        """The prior of a parameter of this shape."""
        prior: Distribution = self.message.fn
        if len(prior.shape()) > len(shape):
            what = f"the prior of `{self.message.name}` has shape {shape_text(prior.shape())}, the parameter"
            fail(InvalidOperation(self.span, f"{what} {shape_text(shape)}"))
        return prior.expand(shape[: len(shape) - prior.event_dim])

    def _sample(self) -> Any:
        message = self.message
        if message.is_lifted and message.init is not None:
            message.fn = self._lifted(initial(self.context, message.name, message.init, self.spans["init"]).shape)
        if message.is_hidden and message.value is not None:
            return message.value
        values = {"name": self.values["name"], "fn": message.fn, "infer": message.infer, **_counts(message)}
        if message.is_hidden:
            # Another site of this name may be seen, here or in the other program: draws are told apart by their names.
            values["name"] = _hidden_name(self.context, values["name"])
        if message.value is not None:
            values["obs"] = message.value
            self.spans = {"obs": self.span, **self.spans}
        context = self.context
        plates, draws_on_the_way = context.plates, context.draws_on_the_way
        if message.is_lifted:
            # Plates are around draws: a parameter inside has its own shape, and so has the site that it becomes.
            context.plates = []
        context.draws_on_the_way = draws_on_the_way or message.is_hidden
        try:
            result = self._act("sample", values)
        finally:
            context.plates, context.draws_on_the_way = plates, draws_on_the_way
        if message.is_hidden:
            if not message.fn.has_rsample:
                what = f"`block` on the latent site `{message.name}` of a {type(message.fn).__name__}"
                fail(NotSupported(self.span, what, "sum the variable out of the model: it has no pathwise draw"))
            sites = self.context.trace.sites
            sites[-1] = sites[-1].replaced(is_hidden=True)
        return result

    def _param(self) -> Any:
        message, context = self.message, self.context
        given = message.value
        if given is None and not message.is_hidden:
            return self._act("param", self.values)
        start = None if message.init is None else initial(context, message.name, message.init, self.spans["init"])
        if given is None:
            if start is None:
                return self._act("param", self.values)
            value = start
        else:
            value = ops.to_float(self._number(given) if start is None else self._shaped(given, start.shape))
        context.trace.checks.append(Check("given", message.name, self.span, value=value, constraint=message.constraint))
        return value
