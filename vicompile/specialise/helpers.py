"""The user's functions that a program can call, found before lowering: what they take from outside is an argument too.

A number that a helper reads from its module may change between two fits, and a helper may be defined anew in a
notebook; neither may be baked into a kernel.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import FunctionType
from typing import Any
from weakref import WeakKeyDictionary

from ..diagnostics import CompileError
from ..frontend import Missing, Program, parse
from ..frontend.libraries import is_users
from ..language.messages import peeled

_programs: WeakKeyDictionary[FunctionType, Program] = WeakKeyDictionary()


def program_of(function: FunctionType) -> Program:
    """The Program of a helper, read again only if something that it names has changed. Raises CompileError."""
    known = _programs.get(function)
    if known is None or not known.is_current():
        known = parse(function)
        _programs[function] = known
    return known


def helpers(program: Program, functions: Iterable[Any]) -> dict[FunctionType, Program]:
    """Every helper that the program or one of `functions` names, directly or through other helpers."""
    found: dict[FunctionType, Program] = {}
    pending = [*_named(program), *filter(is_users, (peeled(one)[1] for one in functions))]
    while pending:
        function = pending.pop(0)
        if function in found:
            continue
        try:
            found[function] = program_of(function)
        except CompileError:
            # Told when it is called, at the place of the call; it may never be.
            continue
        pending.extend(_named(found[function]))
    return found


def _named(program: Program) -> list[FunctionType]:
    named = []
    for capture in program.statics.values():
        try:
            value = peeled(capture.get())[1]
        except Missing:
            continue
        if is_users(value) and getattr(value, "__vicompile_primitive__", None) is None:
            named.append(value)
    return named
