"""No kernel of the corpus reads a variable outside of the loop that set it: that would be its last round's value."""

import pytest
from corpus.everything import CASES

from vicompile.compiler.compiled import run_stages
from vicompile.frontend import parse
from vicompile.schedule.kernel import Add, Apply, Buffer, Let, Load, Loop, Name, Pointer, Store
from vicompile.specialise import gather_arguments

_ARGUMENTS = {"params", "noise", "data", "sizes", "work", "out"}


def _names(expression):
    match expression:
        case Name():
            yield expression.name
        case Load():
            yield expression.pointer
            yield from _names(expression.index)
        case Apply():
            for operand in expression.args:
                yield from _names(operand)


def _read(statement):
    match statement:
        case Let():
            return set(_names(statement.value))
        case Add():
            return {statement.name, *_names(statement.value)}
        case Store():
            return {statement.pointer, *_names(statement.index), *_names(statement.value)}
        case Pointer():
            return {*_names(statement.base), *(_names(statement.offset) if statement.offset is not None else ())}
    return set()


def unknown_names(statements, known):
    """Names that are read where no statement before them, in this or an enclosing block, has set them."""
    known, found = set(known), []
    for statement in statements:
        if isinstance(statement, Loop):
            found += [name for name in _names(statement.stop) if name not in known]
            found += unknown_names(statement.body, known | {statement.variable})
            continue
        found += sorted(_read(statement) - known)
        if isinstance(statement, (Let, Pointer, Buffer)):
            known.add(statement.name)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_variables_are_read_where_they_are_set(case):
    model, guide = parse(case.model), parse(case.guide)
    arguments = gather_arguments([(model, case.args, case.kwargs), (guide, case.args, case.kwargs)])
    unit, _ = run_stages(model, guide, arguments)
    assert unknown_names(unit.kernel.body, _ARGUMENTS) == []
