"""A recurrence of one number that is linear in it, several steps at a time.

c[t + 1] = a[t] + b[t] * c[t] waits for a product and a sum in every step. Over eight steps c[t + 8] = A + B * c[t],
with A and B made of the a and b alone: the wait is the same for eight steps as for one, the rest is done beside it.
The adjoint of every recurrence of one number is of this kind. Rounding differs as by any other order of a sum.
"""

from __future__ import annotations

from collections.abc import Sequence

from .expressions import ZERO, plus, times
from .kernel import Apply, Expression, Let, Literal, Load, Loop, Name, Statement, Store

# Steps that are taken together.
STEPS = 8

Linear = tuple[Expression, Expression]
_ONE = Literal(1.0)


def loop_of_steps(variable: str, count: Expression, body: Sequence[Statement], *, backwards: bool) -> list[Statement]:
    """The loop over the steps of a recurrence, whose `body` counts them by `variable`."""
    number = f"{variable}_step"
    last = Apply("sub", (count, Literal(1)))

    def place(step: Expression) -> Expression:
        return Apply("sub", (last, step)) if backwards else step

    form = _form(body, variable, backwards)
    if form is None:
        if not backwards:
            return [Loop(variable, count, tuple(body))]
        return [Loop(number, count, (Let(variable, place(Name(number))), *body))]
    store, (start, factor), before = form
    whole = f"{variable}_whole"
    together = Apply("mul", (Apply("floordiv", (count, Literal(STEPS))), Literal(STEPS)))
    inside: list[Statement] = [Let(variable, place(Name(number))), Let(f"{store.pointer}_from", before)]
    value, slope = f"{store.pointer}_a", f"{store.pointer}_b"
    sign = -1 if backwards else 1
    for k in range(STEPS):
        here = {variable: plus(Name(variable), Literal(sign * k))}
        a, b = _moved(start, here), _moved(factor, here)
        if k:
            a, b = _sum(b, Name(f"{value}{k - 1}"), a), _mul(b, Name(f"{slope}{k - 1}"))
        reached = _sum(Name(f"{slope}{k}"), Name(f"{store.pointer}_from"), Name(f"{value}{k}"))
        inside += [
            Let(f"{value}{k}", a, store.origin),
            Let(f"{slope}{k}", b, store.origin),
            Store(store.pointer, _moved(store.index, here), reached, origin=store.origin),
        ]
    rest = f"{variable}_rest"
    one = Let(variable, place(Apply("add", (Name(whole), Name(rest)))))
    return [
        Let(whole, together),
        Loop(number, Name(whole), tuple(inside), step=STEPS),
        Loop(rest, Apply("sub", (count, Name(whole))), (one, *body)),
    ]


def _form(body: Sequence[Statement], variable: str, backwards: bool) -> tuple[Store, Linear, Load] | None:
    """The one statement, its value as a + b * before, and what reads the value before; None for any other body."""
    if len(body) != 1 or not isinstance(body[0], Store) or body[0].accumulate:
        return None
    store = body[0]
    # The step writes next to what it reads; the position counts the steps one by one.
    shift = Literal(1) if backwards else Literal(-1)
    before = [one for one in _loads(store.value) if one.pointer == store.pointer]
    expected = _moved(store.index, {variable: plus(Name(variable), shift)})
    if not before or any(one != before[0] for one in before):
        return None
    if _difference(before[0].index, expected, variable) != 0:
        return None
    linear = _linear(store.value, before[0])
    return None if linear is None or linear[1] == ZERO else (store, linear, before[0])


def _difference(left: Expression, right: Expression, variable: str) -> int | None:
    """By how many elements two positions `variable + number` differ."""
    numbers = []
    for one in (left, right):
        terms = _terms(one)
        if terms.count(Name(variable)) != 1 or not all(isinstance(t, Literal) or t == Name(variable) for t in terms):
            return None
        numbers.append(sum(int(t.value) for t in terms if isinstance(t, Literal)))
    return numbers[0] - numbers[1]


def _terms(e: Expression) -> list[Expression]:
    if isinstance(e, Apply) and e.primitive == "add":
        return [term for a in e.args for term in _terms(a)]
    return [e]


def _loads(e: Expression) -> list[Load]:
    match e:
        case Load():
            return [e]
        case Apply():
            return [one for a in e.args for one in _loads(a)]
    return []


def _linear(e: Expression, before: Load) -> Linear | None:
    """(a, b) with e = a + b * before; None where e is not of this kind."""
    if e == before:
        return ZERO, _ONE
    if not any(one == before for one in _loads(e)):
        return e, ZERO
    if not isinstance(e, Apply) or e.primitive not in ("add", "sub", "mul", "neg", "div", "copy"):
        return None
    parts = [_linear(a, before) for a in e.args]
    if any(part is None for part in parts):
        return None
    (a, b), *others = (part for part in parts if part is not None)
    if not others:
        return (a, b) if e.primitive == "copy" else (_negated(a), _negated(b))
    ((c, d),) = others
    match e.primitive:
        case "add":
            return _add(a, c), _add(b, d)
        case "sub":
            return _add(a, _negated(c)), _add(b, _negated(d))
        case "mul" if d == ZERO:
            return _mul(a, c), _mul(b, c)
        case "mul" if b == ZERO:
            return _mul(a, c), _mul(a, d)
        case "div" if d == ZERO:
            return (ZERO if a == ZERO else Apply("div", (a, c))), Apply("div", (b, c))
    return None


def _negated(e: Expression) -> Expression:
    return ZERO if e == ZERO else Apply("neg", (e,))


def _add(a: Expression, b: Expression) -> Expression:
    return plus(a, b)


def _sum(a: Expression, b: Expression, c: Expression) -> Expression:
    """a * b + c, as one operation: LLVM would find the common factor again, and with it the wait."""
    return Apply("multiply_add", (a, b, c))


def _mul(a: Expression, b: Expression) -> Expression:
    if _ONE in (a, b):
        return b if a == _ONE else a
    return times(a, b)


def _moved(e: Expression, replaced: dict[str, Expression]) -> Expression:
    """The expression at another place of the loop."""
    match e:
        case Name():
            return replaced.get(e.name, e)
        case Load():
            return Load(e.pointer, _moved(e.index, replaced))
        case Apply():
            return Apply(e.primitive, tuple(_moved(a, replaced) for a in e.args))
    return e
