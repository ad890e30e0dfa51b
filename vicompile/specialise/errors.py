"""The diagnostics of arguments that cannot be used."""

from __future__ import annotations

from typing import ClassVar

from ..diagnostics import Diagnostic, Record


class NotNumeric(Diagnostic):
    """A value that is no number, array or plain value."""

    name: str
    what: str
    advice: str

    code: ClassVar[str] = "argument-not-numeric"
    message: ClassVar[str] = "{subject} `{name}` is {what}"
    label: ClassVar[str] = "the parameter that receives it"
    help: ClassVar[str] = "{advice}"

    @property
    def subject(self) -> str:
        """An argument has a place in the source; a value from outside has none."""
        return "the argument" if self.span is not None else "the outside value"


class WrongCall(Diagnostic):
    """A call with missing or surplus arguments."""

    function: str
    what: str
    expected: str

    code: ClassVar[str] = "wrong-call"
    message: ClassVar[str] = "the call does not fit `{function}{expected}`: {what}"
    label: ClassVar[str] = "the function that is called"
    help: ClassVar[str] = (
        "pass the arguments that the model and the guide declare; there are no keys, `run` has `seed=`"
    )


class Unread(Record, eq=False):
    """A part of an object or a table that cannot be used, which is told if a program reads it."""

    error: NotNumeric
