"""Runs the text of a kernel as plain Python: what the text says, without numba.

What is float32 is rounded where it is stored and where the text rounds it; between, it is computed in float64.
"""

import math

import numpy as np

from vicompile.ir import special
from vicompile.ir.calls import calls
from vicompile.jit.linalg import ROUTINES, helper
from vicompile.reference import random_position


class Pointer:
    """A place in a flat array."""

    def __init__(self, array, start=0):
        self.array, self.start = array, start

    def __getitem__(self, index):
        assert self.start + index >= 0
        return self.array[self.start + index].item()

    def __setitem__(self, index, value):
        assert self.start + index >= 0
        self.array[self.start + index] = value


def _functions(arrays):
    def at(address):
        return Pointer(arrays[address].ravel(order="K") if arrays[address].size else np.zeros(1))

    def quiet(function):
        def wrapped(*args):
            with np.errstate(all="ignore"):
                return float(function(*map(np.float64, args)))

        return wrapped

    functions = {
        "float64_at": at, "float32_at": at, "int64_at": at, "advance": lambda p, n: Pointer(p.array, p.start + n),
        "float32_in": lambda p, n: Pointer(p.array[p.start + n :].view(np.float32)),
        "float32": lambda x: float(np.float32(x)),
        "local_float32_buffer": lambda n: Pointer(np.full(n, np.nan, np.float32)),
        "local_buffer": lambda n: Pointer(np.full(n, np.nan)), "pow": quiet(np.power), "atan": math.atan,
        "invoke": _invoke,
        "minimum": quiet(np.minimum), "maximum": quiet(np.maximum), "sign": quiet(np.sign), "floor": quiet(np.floor),
    }  # fmt: skip
    functions["multiply_add"] = lambda a, b, c: a * b + c
    functions["random_position"] = lambda *args: int(random_position(*args))
    for name in ("exp", "log", "log1p", "expm1", "sqrt", "tanh", "sin", "cos", "tan", "sinh", "cosh", "cbrt", "hypot"):
        functions[name] = quiet(getattr(np, name))
    for name in ("asin", "acos", "asinh", "acosh", "atanh", "atan2"):
        functions[name] = quiet(getattr(np, "arc" + name[1:]))
    for name in (
        "sigmoid",
        "softplus",
        "erf",
        "erfc",
        "ndtr",
        "log_ndtr",
        "log_ndtr_slope",
        "ndtri_exp",
        "log_bessel_i0e",
        "log_bessel_i0e_slope",
        "lgamma",
        "log_beta",
        "digamma",
        "trigamma",
        "ndtri",
        "log_standard_gamma",
        "log_gamma_gradient",
    ):
        functions[name] = quiet(getattr(special, name))
    return functions


def _invoke(table, arguments):
    """What a native helper does, on NumPy: the text says which one, where the matrices lie and how large they are."""
    out, a, b, _, out_stride, a_stride, b_stride, out_step, a_step, b_step, lanes, n, m, k, variant = arguments
    name = next(name for name in ROUTINES if helper(name).address == table[0])
    name = name.removesuffix("_lanes")
    row = next(row for row in calls().values() if (row.helper, row.variant) == (name, variant))
    sizes = {"n": n, "m": m, "k": k}

    def places(letters, pointer, stride, step):
        shape = tuple(sizes[letter] for letter in letters)
        places = pointer.start + lane * step + stride * np.arange(math.prod(shape))
        assert places.size == 0 or 0 <= places[0] <= places[-1] < len(pointer.array)
        return places.reshape(shape, order="F")

    for lane in range(lanes):  # noqa: B007
        operands = [
            p.array[places(letters, p, stride, step)]
            for letters, p, stride, step in zip(row.operands, (a, b), (a_stride, b_stride), (a_step, b_step))
        ]
        out.array[places(row.result, out, out_stride, out_step)] = row.evaluate(*operands)


def run(text, params, noise, arrays, problem, out):
    """The status; `out` is filled."""
    namespace = _functions(arrays)
    code = "\n".join(line for line in text.splitlines() if not line.startswith("from "))
    exec(compile(code, "<kernel>", "exec"), namespace)
    work = np.full(max(1, problem.work_length), np.nan)
    pointers = [Pointer(a) for a in (params, noise)]
    with np.errstate(all="ignore"):
        return namespace["kernel"](
            *pointers, problem.data.tolist(), problem.sizes.tolist(), Pointer(work), Pointer(out)
        )
