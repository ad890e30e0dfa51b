"""How statements meet handlers: every statement is a message that the active handlers see, the innermost one first.

A handler changes the message, never the statement. The same handlers serve a model that is simply called, one that is
checked before any data exists, and one that is compiled: these are three roads, and differ in what a value is.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from types import TracebackType
from typing import Any, ClassVar, Protocol, Self


class Message:
    """One statement on its way through the handlers.

    kind: "sample", "param", "deterministic", "factor" or "plate"; "value" once nothing is left of it but its value.
    fn: the distribution of a sample. value: the observation, or what a handler gives; None for a draw that is still to
        be made. init, constraint: those of a parameter.
    is_lifted: a parameter that has become a sample; its prior is expanded to the shape of `init`.
    is_stopped: handlers further out do not see it. is_hidden: nor does inference.
    fixed_by: the handler that gave the value.
    scale, mask: what the log density is multiplied with and where it counts, of all that is around; None for nothing.
    where: of a latent that fills the gaps of observations where it is needed: the guide's density counts there only.
    steps: the scan in whose steps the statement stands, so that it is one site of every step.
    """

    def __init__(
        self,
        kind: str,
        name: str,
        *,
        fn: Any = None,
        value: Any = None,
        is_observed: bool = False,
        infer: Any = None,
        init: Any = None,
        constraint: Any = None,
        scale: Any = None,
        mask: Any = None,
        where: Any = None,
    ) -> None:
        self.kind, self.name, self.fn, self.value, self.is_observed = kind, name, fn, value, is_observed
        self.infer, self.init, self.constraint = infer, init, constraint
        self.scale, self.mask, self.where = scale, mask, where
        self.is_lifted = self.is_stopped = self.is_hidden = False
        self.fixed_by = ""
        self.steps: Steps | None = None
        self.witnesses: list[tuple[Witness, str]] = []


class Witness(Protocol):
    """A handler that is told how a statement ended."""

    def record(self, name: str, message: Message) -> None:
        """The statement that had this `name` when the handler saw it is done."""


class Road(Protocol):
    """What a handler may do besides changing its message: further statements, which the handlers around it see.

    A site that is added counts as the message does whose handler adds it: with its scale and mask.

    is_abstract: nothing is known but names and kinds; values and distributions are the check room's own.
    """

    is_abstract: bool

    def sample(self, name: str, fn: Any) -> Any:
        """One more site: its value."""

    def param(self, name: str, init: Any, constraint: Any) -> Any:
        """One more parameter: its value."""

    def factor(self, value: Any) -> Any:
        """A number that log densities are multiplied with, or an array of them. An error if one is not positive."""

    def condition(self, value: Any) -> Any:
        """True, False or an array of them. An error for anything else."""


class Handler:
    """Base of the handlers: used around a function, as a decorator without a function, or in a `with` statement.

    fn: the function, perhaps handled already. TypeError for what cannot be called.
    """

    # Of which statements it looks up the names.
    kinds: ClassVar[frozenset[str]] = frozenset(("sample",))
    # Whether names are looked up by a function of the user's, which a family of sites cannot be asked.
    asks_function: ClassVar[bool] = False
    # Whether a name that no site has is a mistake.
    must_apply: ClassVar[bool] = False

    def __init__(self, fn: Callable[..., Any] | None = None) -> None:
        if fn is not None and not callable(fn):
            raise TypeError(f"{self.word}: the first argument is a model, a function; got {type(fn).__name__}")
        self.fn = fn
        self.__name__ = getattr(fn, "__name__", self.word)

    @property
    def word(self) -> str:
        """The handler's name as users write it."""
        return type(self).__name__

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function under the handler; without one, put the handler around the function that is given."""
        if self.fn is None:
            if len(args) != 1 or kwargs or not callable(args[0]):
                raise TypeError(f"{self.word} without a function is a decorator: it takes one function")
            return self.around(args[0])
        with self:
            return self.fn(*args, **kwargs)

    def around(self, fn: Callable[..., Any] | None) -> Self:
        """The same handler around `fn`."""
        other = copy.copy(self)
        other.fn, other.__name__ = fn, getattr(fn, "__name__", self.word)
        return other

    def __enter__(self) -> Any:
        _active.set((*_active.get(), self))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _active.set(_active.get()[:-1])

    def process(self, message: Message, road: Road) -> None:
        """Change `message` if it concerns this handler."""

    def chosen(self) -> frozenset[str]:
        """The names that the handler is about; empty if it takes all, or asks a function."""
        return frozenset()

    def outside(self) -> Mapping[str, Any]:
        """The arrays and numbers that it holds, by how they are reached from it; the compiler reads them as data."""
        return {}

    def with_outside(self, values: Mapping[str, Any]) -> Self:
        """The same handler with other values, in the keys of `outside`."""
        return self


class Steps(Handler):
    """Marks the statements in the steps of a scan for the handlers around it. is_backwards: the last step is first."""

    def __init__(self, is_backwards: bool = False) -> None:
        super().__init__()
        self.is_backwards = is_backwards

    def process(self, message: Message, road: Road) -> None:
        """Mark the statement."""
        message.steps = self


class Strategy:
    """Base of the ways in which `reparam` writes a site differently."""

    word: ClassVar[str] = ""

    def rewrite(self, message: Message, road: Road) -> None:
        """Give `message` its value, made from further statements, and make it a deterministic.

        ValueError for a distribution that it does not know. On an abstract road nothing is computed.
        """
        raise NotImplementedError


_active: ContextVar[tuple[Handler, ...]] = ContextVar("vicompile_handlers", default=())


def active() -> tuple[Handler, ...]:
    """The handlers around the statement that runs now, outermost first."""
    return _active.get()


@contextmanager
def only(handlers: Sequence[Handler]) -> Iterator[None]:
    """Inside, these handlers are the active ones."""
    token = _active.set(tuple(handlers))
    try:
        yield
    finally:
        _active.reset(token)


def pass_through(
    message: Message,
    handlers: Sequence[Handler],
    road: Callable[[Sequence[Handler], Message], Road],
    before: Callable[[Handler, Message], None] | None = None,
) -> None:
    """Show `message` to the handlers, the last one first, until one stops it.

    road: makes the road for statements that a handler adds to a message: they meet itself and those around it.
    before: called with each handler and the message as it comes to it.
    """
    for k in range(len(handlers) - 1, -1, -1):
        if before is not None:
            before(handlers[k], message)
        handlers[k].process(message, road(handlers[: k + 1], message))
        if message.is_stopped or message.kind == "value":
            return


def peeled(function: Any) -> tuple[tuple[Handler, ...], Any]:
    """The handlers around a function, outermost first, and the function itself. `partial` goes inside of them."""
    found: list[Handler] = []
    while isinstance(function, Handler):
        found.append(function)
        function = function.fn
    if isinstance(function, partial) and isinstance(function.func, Handler):
        inside, plain = peeled(function.func)
        return (*found, *inside), partial(plain, *function.args, **function.keywords)
    return tuple(found), function
