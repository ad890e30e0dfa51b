"""The diagnostics of arguments that cannot be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..diagnostics import Diagnostic


@dataclass(frozen=True)
class NotNumeric(Diagnostic):
    """An argument that is no number, array or plain value."""

    name: str
    what: str
    advice: str

    code: ClassVar[str] = "argument-not-numeric"
    message: ClassVar[str] = "the argument `{name}` is {what}"
    label: ClassVar[str] = "the parameter that receives it"
    help: ClassVar[str] = "{advice}"


@dataclass(frozen=True)
class WrongCall(Diagnostic):
    """A call with missing or surplus arguments."""

    function: str
    what: str
    expected: str

    code: ClassVar[str] = "wrong-call"
    message: ClassVar[str] = "the call does not fit `{function}{expected}`: {what}"
    label: ClassVar[str] = "the function that is called"
    help: ClassVar[str] = "pass the arguments that the model and the guide declare"
