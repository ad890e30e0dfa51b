"""Taking the calls of model and guide apart into leaves."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

from ..diagnostics import CompileError, DataError, Span
from ..frontend import Capture, Missing, Program, UnknownName
from ..frontend.libraries import is_users
from .arguments import Arguments, Tree
from .branches import Branch, branch_of, record_of
from .errors import NotNumeric, Unread, WrongCall
from .helpers import helpers
from .leaves import Leaf, Spec, leaf
from .objects import method_of
from .reads import Reads, reads_of
from .tables import WHOLE, Whole

Call = tuple[Program, Sequence[Any], Mapping[str, Any]]
_DEEPEST = 12
# A property may give another text each time it is asked.
_MOST_WALKS = 12


def gather_arguments(calls: Sequence[Call], reads: Reads | None = None) -> Arguments:
    """The arguments of each (program, args, kwargs). Values that two programs share by name and identity are one leaf.

    reads: what an earlier call of the same programs turned out to read, which saves the search for it.
    Raises DataError for a call that does not fit the signature or for a value that is no data, CompileError for an
    outside name that has lost its value.
    """
    # Which attributes are read is known when the helpers are, and methods are found when the objects are.
    written = Reads().joined(reads_of(program) for program, _, _ in calls)
    known: dict[str, Leaf] = {}
    guess, is_final = (written, False) if reads is None else (reads, True)
    for walk in range(_MOST_WALKS):
        gathering = _Gathering(guess, known, is_final or walk == _MOST_WALKS - 1)
        arguments = gathering.gather(calls)
        arguments.reads = guess
        found = written.joined([gathering.reads_found()])
        if not gathering.is_selective or (found == guess and not gathering.has_postponed):
            break
        is_final = found == guess
        # An earlier call may have read more than this one does: then it is no guide.
        guess = found if found == found.joined([guess]) else written
        known = arguments.leaves
    return arguments


class _Gathering:
    """One walk through the calls, with the names that may be read given. `known` are leaves of a walk before.

    Unless it is the final walk, tables of which no column is named yet are postponed.
    """

    def __init__(self, reads: Reads, known: Mapping[str, Leaf], is_final: bool) -> None:
        self.arguments = Arguments()
        self.reads, self.known, self.is_final = reads, known, is_final
        self.has_postponed = False
        self.owners: dict[str, Any] = {}
        self.records: dict[type[Any], None] = {}
        self.functions: dict[Any, None] = {}
        self.is_selective = False
        self.path: list[Any] = []

    def gather(self, calls: Sequence[Call]) -> Arguments:
        for program, args, kwargs in calls:
            spans = {p.name: p.span for p in program.parameters}
            given = given_values(program, args, kwargs)
            given.update((name, _current(capture, program)) for name, capture in program.captures.items())
            tree = {
                name: self.flatten(self.own(name, program.name, value), value, spans.get(name), name in program.bound)
                for name, value in given.items()
            }
            self.arguments.trees.append(tree)
            self._find_methods()
            passed = [one.value for one in self.arguments.leaves.values() if one.spec.kind == "static"]
            methods = [function for _, _, function in self.arguments.methods]
            found = helpers(program, [*passed, *self.functions, *methods])
            self.arguments.helpers.append(
                {function: (helper, self._captures(helper)) for function, helper in found.items()}
            )
        return self.arguments

    def reads_found(self) -> Reads:
        """What the helpers name, and the texts among the values."""
        texts = [
            one.value
            for one in self.arguments.leaves.values()
            if one.spec.kind == "static" and isinstance(one.value, str)
        ]
        helpers_found = [helper for found in self.arguments.helpers for helper, _ in found.values()]
        return Reads(texts=frozenset(texts)).joined(map(reads_of, helpers_found))

    def _find_methods(self) -> None:
        """The methods that a program may call, of the objects met so far."""
        names = sorted({*self.reads.attributes, "__call__"})
        found = ((kind, name, method_of(kind, name)) for kind in self.records for name in names)
        functions = ((kind, name, getattr(one, "__func__", one)) for kind, name, one in found)
        self.arguments.methods = [row for row in functions if is_users(row[2])]

    def _captures(self, helper: Program) -> dict[str, Tree]:
        values = {name: _current(capture, helper) for name, capture in helper.captures.items()}
        return {
            name: self.flatten(self.own(f"{helper.name}:{name}", helper.name, value), value, None)
            for name, value in values.items()
        }

    def own(self, name: str, program: str, value: Any) -> str:
        """A name for this value that no other value has."""
        while self.owners.setdefault(name, value) is not value:
            name = f"{program}:{name}"
        return name

    def flatten(self, name: str, value: Any, span: Span | None, is_bound: bool = False, rows: str = "") -> Tree:
        """A leaf's name, or a branch with the trees of its parts."""
        if is_bound and isinstance(value, type):
            branch: Branch | None = record_of(name, value, value, self.reads)
        else:
            branch = branch_of(name, value, self.reads, span)
        if branch is None and not self.is_final and isinstance(value, Whole):
            self.has_postponed = True
            return Unread(NotNumeric(span, name, "a table", ""))
        if branch is None:
            if name not in self.arguments.leaves:
                before = self.known.get(name)
                same = before is not None and before.value is value and before.rows == rows
                self.arguments.leaves[name] = before if same and before else leaf(name, value, span, rows)
            return name
        if len(self.path) > _DEEPEST or any(value is one for one in self.path):
            raise DataError(
                NotNumeric(span, name, "nested in itself, or too deeply", "pass arrays, or shallow containers of them")
            )
        self._note(name, branch)
        self.path.append(value)
        try:
            return branch, self._parts(branch, span)
        finally:
            self.path.pop()

    def _note(self, name: str, branch: Branch) -> None:
        self.is_selective |= branch.optional
        if branch.kind == "record":
            self.records[branch.original] = None
        if branch.kind == "call":
            self.functions[branch.original] = None
        if branch.rows is not None:
            self.arguments.lengths[branch.rows[0]] = branch.rows[1]
        shape = (branch.original, tuple(branch.parts), branch.by_dot)
        # The other columns are looked at where the program asks for all.
        every = branch.names if WHOLE in branch.parts or "columns" in self.reads.attributes else ()
        self.arguments.containers[name] = Spec("container", value=(*shape, every))

    def _parts(self, branch: Branch, span: Span | None) -> dict[Any, Tree]:
        trees: dict[Any, Tree] = {}
        for key, (part, child) in branch.parts.items():
            try:
                rows = branch.rows[0] if branch.rows else ""
                trees[key] = self.flatten(part, child, span, branch.kind == "call", rows)
                self._check_rows(part, branch, span)
            except DataError as error:
                problem = error.diagnostics[0]
                if not branch.optional or not isinstance(problem, NotNumeric):
                    raise
                trees[key] = Unread(problem)
        return trees

    def _check_rows(self, part: str, branch: Branch, span: Span | None) -> None:
        """Every column is as long as its table says, whatever library made it."""
        column = self.arguments.leaves.get(part)
        if branch.rows is None or column is None or column.array is None:
            return
        if column.array.shape[:1] != (branch.rows[1],):
            del self.arguments.leaves[part]
            what = f"a column of shape {column.array.shape} in a table with {branch.rows[1]} rows"
            raise DataError(NotNumeric(span, part, what, "give every column one value for each row"))


def given_values(program: Program, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """Every parameter of a program with its value in this call. Raises DataError for a call that does not fit."""
    assert program.function is not None
    signature = inspect.signature(program.function)
    try:
        given = signature.bind(*args, **kwargs)
    except TypeError as error:
        raise DataError(WrongCall(program.span, program.name, str(error), str(signature))) from None
    given.apply_defaults()
    return {**program.bound, **given.arguments}


def _current(capture: Capture, program: Program) -> Any:
    try:
        return capture.get()
    except Missing:
        advice = "it had a value when the function was read; give it one again"
        raise CompileError(UnknownName(program.span, capture.name, advice)) from None
