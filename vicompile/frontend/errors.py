"""The diagnostics of the front end."""

from __future__ import annotations

from typing import ClassVar

from ..diagnostics import Diagnostic


class NoSource(Diagnostic):
    """The text of a function cannot be found."""

    name: str
    reason: str

    code: ClassVar[str] = "no-source"
    message: ClassVar[str] = "the source of `{name}` cannot be read: {reason}"
    note: ClassVar[str] = "models and guides are compiled from their source text"
    help: ClassVar[str] = "define the function in a file or in a notebook cell"


class SourceChanged(Diagnostic):
    """The file was edited after the function was loaded."""

    name: str

    code: ClassVar[str] = "source-changed"
    message: ClassVar[str] = "the source of `{name}` is not the text that was loaded"
    label: ClassVar[str] = "this is what the file says now"
    note: ClassVar[str] = "the file was edited after it was imported, or an import hook rewrote the function"
    help: ClassVar[str] = "reload the module, or start Python again"


class NotAFunction(Diagnostic):
    """Something else than a plain Python function was given."""

    what: str
    advice: str

    code: ClassVar[str] = "not-a-function"
    message: ClassVar[str] = "a plain Python function is needed, not {what}"
    help: ClassVar[str] = "{advice}"


class BoundArgumentsDoNotFit(Diagnostic):
    """A partial or a method that carries arguments which its function does not take."""

    name: str
    what: str

    code: ClassVar[str] = "bound-arguments"
    message: ClassVar[str] = "`{name}` cannot take the arguments that are bound to it: {what}"
    label: ClassVar[str] = "the function that they are bound to"
    help: ClassVar[str] = "bind arguments that the function declares, each once"


class UnsupportedDecorator(Diagnostic):
    """A decorator that may change what the function does."""

    name: str

    code: ClassVar[str] = "unsupported-decorator"
    message: ClassVar[str] = "`{name}` is wrapped by a decorator that vicompile does not know"
    label: ClassVar[str] = "the function under the decorator"
    note: ClassVar[str] = "what the decorator does would be lost, because only the function's own source is compiled"
    help: ClassVar[str] = "remove the decorator, or pass the undecorated function"


class UnsupportedConstruct(Diagnostic):
    """Python outside the accepted language."""

    construct: str
    advice: str

    code: ClassVar[str] = "unsupported-construct"
    message: ClassVar[str] = "{construct} cannot be compiled"
    label: ClassVar[str] = "not part of the accepted language"
    help: ClassVar[str] = "{advice}"


class UnknownName(Diagnostic):
    """A name that means nothing where it is used."""

    name: str
    advice: str

    code: ClassVar[str] = "unknown-name"
    message: ClassVar[str] = "the name `{name}` is not known here"
    label: ClassVar[str] = "no variable, parameter, global or builtin of this name"
    help: ClassVar[str] = "{advice}"


class UnknownAttribute(Diagnostic):
    """A module or class without the attribute that is asked for."""

    owner: str
    name: str
    advice: str

    code: ClassVar[str] = "unknown-attribute"
    message: ClassVar[str] = "`{owner}` has no attribute `{name}`"
    label: ClassVar[str] = "not found"
    help: ClassVar[str] = "{advice}"
