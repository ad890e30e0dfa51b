"""Branches and loops between formulas, for what is too rare or too long to compute on both sides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from vicompile.jit.mathlib.lanes import Real

State = list[Real]


def choose(builder: Any, condition: Any, then: Callable[[], Real], otherwise: Callable[[], Real]) -> Real:
    """The value of one of two formulas, of which only one is computed."""
    with builder.if_else(condition) as (yes, no):
        with yes:
            first, first_end = then(), builder.basic_block
        with no:
            second, second_end = otherwise(), builder.basic_block
    merged = builder.phi(first.value.type)
    merged.add_incoming(first.value, first_end)
    merged.add_incoming(second.value, second_end)
    return Real(builder, merged)


def repeat(
    builder: Any,
    count: int,
    initial: State,
    body: Callable[[Real, State], State],
    until: Callable[[State], Any] | None = None,
) -> State:
    """The state after body(1.0, ...), body(2.0, ...) up to body(count, ...), or once `until` holds after a turn."""
    before = builder.basic_block
    turn = builder.append_basic_block("turn")
    after = builder.append_basic_block("after")
    builder.branch(turn)
    builder.position_at_end(turn)
    number = builder.phi(initial[0].value.type)
    phis = [builder.phi(value.value.type) for value in initial]
    index = Real(builder, number)
    state = body(index, [Real(builder, phi) for phi in phis])
    done = builder.fcmp_ordered(">=", number, index.of(float(count)).value)
    if until is not None:
        done = builder.or_(done, until(state))
    following = index.exact_add(1.0)
    end = builder.basic_block
    number.add_incoming(index.of(1.0).value, before)
    number.add_incoming(following.value, end)
    for phi, start, value in zip(phis, initial, state):
        phi.add_incoming(start.value, before)
        phi.add_incoming(value.value, end)
    builder.cbranch(done, after, turn)
    builder.position_at_end(after)
    return state
