"""The native SVI loop: one function for all models, which sees the kernel, the update rule and the noise as addresses.

It takes a single argument, an int64 array of named slots, so that one Python call costs one pointer. Noise is drawn for
a block of many steps at once. A step whose loss or gradient is not finite is not taken: the loop stops in front of it.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vicompile.jit import NativeFunction

# The loop's argument, slot by slot: addresses of functions and arrays, then plain numbers.
SLOTS = (
    "kernel", "update", "fill", "put",
    "params", "state", "hyper", "scratch", "layout", "noise", "plan", "data", "sizes", "work", "out", "losses",
    "timetable", "targets",
    "parameter_count", "padded_count", "particles", "row", "normal_pairs", "uniform_pairs", "block", "seed",
    "step", "end", "status",
)  # fmt: skip
STATUS_NOT_FINITE = -1  # what `not_finite` in the text returns

_TEXT = '''
"""The SVI loop over a kernel, an update rule and a noise source that are known by their addresses."""

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

from vicompile.jit.mathlib.pointers import float64_at


@intrinsic
def call_at(typing_context, address, arguments):
    """Result of the native function at `address`; integers and addresses travel in the same registers."""

    def generate(context, builder, signature, values):
        word = ir.IntType(64)
        result = cgutils.alloca_once_value(builder, word(0))
        error = cgutils.alloca_once(builder, ir.IntType(8).as_pointer())
        kind = ir.FunctionType(ir.IntType(32), [result.type, error.type] + [word] * len(arguments))
        given = [builder.extract_value(values[1], k) for k in range(len(arguments))]
        fault = builder.call(builder.inttoptr(values[0], kind.as_pointer()), [result, error, *given])
        return builder.or_(builder.sext(fault, word), builder.load(result))

    return types.int64(address, arguments), generate


@intrinsic
def not_finite(typing_context, address, count):
    """-1 where any of `count` doubles is NaN or infinite, else 0; built here because numba compiles loops slowly."""

    def generate(context, builder, signature, values):
        word = ir.IntType(64)
        first = builder.inttoptr(values[0], word.as_pointer())
        all_ones = word(0x7FF0000000000000)
        found = cgutils.alloca_once_value(builder, word(0))
        with cgutils.for_range(builder, values[1]) as turn:
            exponent = builder.and_(builder.load(builder.gep(first, [turn.index])), all_ones)
            bad = builder.sext(builder.icmp_signed("==", exponent, all_ones), word)
            builder.store(builder.or_(builder.load(found), bad), found)
        return builder.load(found)

    return types.int64(address, count), generate


def loop(slots):
UNPACK
    loss, kept = float64_at(out), float64_at(losses)
    done, stride = 0, 8 * particles * row
    slots[STATUS] = 0
    while step < end:
        count = min(block, end - step)
        if row > 0:
            call_at(fill, (FILL_ARGUMENTS))
        for k in range(count):
            if put != 0:
                call_at(put, (timetable, done, targets))
            status = call_at(kernel, (params, noise + k * stride, data, sizes, work, out))
            if status == 0 and update != 0:
                status = not_finite(out, parameter_count + 1)
            if status != 0:
                slots[STATUS] = status
                return done
            kept[done] = loss[0]
            if update != 0:
                call_at(update, (params, out + 8, state, hyper, scratch, layout, padded_count))
            done += 1
            step += 1
            # What was reached must be in the slots, because the caller may be interrupted before it has our result.
            slots[STEP] = step
    return done
'''
_FILL_ARGUMENTS = "noise, plan, step, count, particles, row, normal_pairs, uniform_pairs, seed"


def loop_text() -> str:
    """The loop as Python text, the slots unpacked by name."""
    unpack = "\n".join(f"    {name} = slots[{k}]" for k, name in enumerate(SLOTS) if name != "status")
    text = _TEXT.replace("UNPACK", unpack).replace("FILL_ARGUMENTS", _FILL_ARGUMENTS)
    return text.replace("[STATUS]", f"[{SLOTS.index('status')}]").replace("[STEP]", f"[{SLOTS.index('step')}]")


@functools.cache
def loop_function() -> NativeFunction:
    """The loop as `int64 loop(int64* slots)`: steps done; slot `status` is 0, STATUS_NOT_FINITE or the kernel's own."""
    from vicompile.jit import native

    return native(loop_text(), "loop", "int64(i8*)", label="loop")


@functools.cache
def fill_function() -> NativeFunction:
    """The noise source that the loop calls; compiled or loaded at the first call."""
    from vicompile.jit import native
    from vicompile.jit.random import FILL_SIGNATURE, fill_source

    return native(fill_source(), "fill_noise", FILL_SIGNATURE, label="noise")
