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

from vicompile.jit.mathlib import call_at, float64_at, not_finite


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
