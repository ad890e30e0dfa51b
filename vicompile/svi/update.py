"""A rule's program as a native function: its lines over lanes of a few elements, reductions between its passes.

The function is `update(params, grad, state, hyper, scratch, layout, n) -> int64`, with `state`, `hyper` and `scratch`
as rows of n doubles; n is a multiple of LANES (`padded`). The lines are built as vector code directly, because an
automatic vectoriser pays for so many pointers with more checks than a small model has work (Adam on 10 parameters:
193 ns against 25).
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from .reductions import SPARE_ROWS, reduction_text

if TYPE_CHECKING:
    from vicompile.jit import NativeFunction
    from vicompile.optim.program import Operand, Pass, Program

SIGNATURE = "int64(f8*, f8*, f8*, f8*, f8*, i8*, i8)"
LANES = 4

_TEXT = '''
from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from vicompile.jit.mathlib.elements import ELEMENTS, connectives
from vicompile.jit.mathlib.lanes import Real

LANES, STATE_ROWS, HYPER_ROWS = {lanes}, {state_rows}, {hyper_rows}
inf, nan = float("inf"), float("nan")


def lanes_pass(formula, reads, writes_scratch):
    """An intrinsic that does a formula for LANES elements from `first` on.

    reads: the rows of scratch that it needs. Its results go to scratch from the first row that it does not, or are the
    new parameters and the new state.
    """

    @intrinsic
    def over_lanes(typing_context, params, grad, state, hyper, scratch, n, first):
        def generate(context, builder, signature, values):
            params, grad, state, hyper, scratch, n, first = values
            kind = ir.VectorType(ir.DoubleType(), LANES).as_pointer()

            def place(pointer, row):
                start = builder.add(first, builder.mul(n, n.type(row)))
                return builder.bitcast(builder.gep(pointer, [start]), kind)

            def read(pointer, rows):
                return [Real(builder, builder.load(place(pointer, row), align=8)) for row in range(rows)]

            (param,), (slope,) = read(params, 1), read(grad, 1)
            constant = lambda number: param.of(number)
            operations = {{**ELEMENTS, **connectives(builder)}}
            state_before, settings, reduced = read(state, STATE_ROWS), read(hyper, HYPER_ROWS), read(scratch, reads)
            results = formula(operations, constant, param, slope, state_before, settings, reduced)
            if writes_scratch:
                targets = [place(scratch, reads + row) for row in range(len(results))]
            else:
                targets = [place(params, 0), *(place(state, row) for row in range(STATE_ROWS))]
            for target, result in zip(targets, results):
                builder.store(result.value, target, align=8)
            return context.get_dummy_value()

        pointer = (params, grad, state, hyper, scratch)
        return types.void(*pointer, types.int64, types.int64), generate

    return over_lanes

{passes}

def update(params, grad, state, hyper, scratch, layout, n):
{calls}
    return 0
'''

_PASS = """
def formula_{number}(do, constant, param, grad, state, hyper, reduced):
{lines}
    return ({results},)


pass_{number} = lanes_pass(formula_{number}, {reads}, {writes_scratch})
"""

_LOOP = """    for first in range(0, n, LANES):
        pass_{number}(params, grad, state, hyper, scratch, n, first)
"""


def update_text(program: Program) -> str:
    """The native function as Python text."""
    passes, calls, reads = [], [], 0
    spare = len(program.reductions)
    for number, one in enumerate(program.passes):
        passes.append(_pass_text(one, number, reads))
        calls.append(_LOOP.format(number=number))
        for name in one.reductions:
            calls.append(reduction_text(name, reads, spare))
            reads += 1
    return _TEXT.format(
        lanes=LANES,
        state_rows=len(program.initial),
        hyper_rows=len(program.hyper_names),
        passes="".join(passes),
        calls="".join(calls).rstrip(),
    )


def scratch_rows(program: Program) -> int:
    """The rows of scratch that the function works in."""
    return len(program.reductions) + SPARE_ROWS if program.reductions else 0


@functools.cache
def update_function(program: Program) -> NativeFunction:
    """The native update function of a program; compiled or loaded at the first call."""
    from vicompile.jit import native

    return native(update_text(program), "update", SIGNATURE, label="optimizer")


def padded(count: int) -> int:
    """The length of a row of `count` elements in memory: a whole number of lanes."""
    return -(-count // LANES) * LANES


def _pass_text(one: Pass, number: int, reads: int) -> str:
    lines = [f'    {line.target} = do["{line.operation}"]({_listed(line.operands)})' for line in one.lines]
    return _PASS.format(
        number=number,
        lines="\n".join(lines) or "    pass",
        results=_listed(one.results),
        reads=reads,
        writes_scratch=bool(one.reductions),
    )


def _listed(operands: tuple[Operand, ...]) -> str:
    return ", ".join(map(_operand, operands))


def _operand(operand: Operand) -> str:
    if isinstance(operand, float):
        return f"constant({operand!r})"
    rows = {"s": "state", "h": "hyper", "w": "reduced"}
    return f"{rows[operand[0]]}[{operand[1:]}]" if operand[0] in rows else operand
