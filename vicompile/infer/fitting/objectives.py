"""The native functions that a fit minimises, with the memory that they work in."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from ...diagnostics import InternalError
from ...svi.objectives import GAUSSIAN_SLOTS, KERNEL_SLOTS, OUT_OF_GRADIENTS, gaussian_function, point_function
from ...svi.workspace import address
from .gaussian import Gaussian
from .target import OutOfGradients

if TYPE_CHECKING:
    import numpy.typing as npt

    from ...jit import NativeFunction
    from .diagonal import Diagonal
    from .target import Target

    FloatArray = npt.NDArray[np.float64]

_MOST_POINTS = 512  # in one call of the kernel: what it reads and writes stays near the processor
_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, *[ctypes.c_void_p] * 5)
_RAISED = -3


class NativeObjective:
    """A function of `size` numbers; `minimise` calls it by its address.

    slots: by name, what it needs; memory: keeps alive what these are the addresses of.
    """

    def __init__(self, function: NativeFunction, size: int, slots: list[int], memory: tuple[object, ...]) -> None:
        self._function, self.size, self._memory = function, size, memory
        self._slots = np.array(slots, np.int64)
        self.address, self.context = function.address, address(self._slots)

    def __call__(self, x: FloatArray) -> tuple[float, FloatArray]:
        """Value and gradient; the value is infinite where one of the log densities is not finite."""
        x, out = np.ascontiguousarray(x), np.empty(1 + self.size)
        self.check(int(self._function.call(self._slots, address(x), address(out))))
        return float(out[0]), out[1:]

    def check(self, status: int) -> None:
        """Raise what a status means."""
        if status == OUT_OF_GRADIENTS:
            raise OutOfGradients
        if status:
            raise InternalError("svi", f"the kernel failed with status {status}", self._function.text)


class AtPoint(NativeObjective):
    """Minus the log density."""

    def __init__(self, target: Target) -> None:
        call = target.native_call(1)
        known = {**call.places, "tally": target.tally_place, "points": 1, "d": target.size}
        slots = [known[name] for name in KERNEL_SLOTS]
        super().__init__(point_function(), target.size, slots, (call, target.tally))


class GaussianObjective(NativeObjective):
    """Minus the ELBO for fixed draws, up to the entropy of the start: what full rank and mean field have in common.

    coordinates: in which the mean moves. sds: of independent components at the start; None for any covariance, whose
    start is that of the coordinates, a Gaussian of full rank. z: as of `fixed_draws`.
    """

    def __init__(self, target: Target, coordinates: Gaussian | Diagonal, sds: FloatArray | None, z: FloatArray) -> None:
        d, count = target.size, len(z)
        points = count
        while points > min(_MOST_POINTS, target.most_at_once) and points % 4 == 0:
            points //= 2
        half, chunks = points // 2, count // points
        call = target.native_call(points)
        draws = z[: count // 2].reshape(chunks, half, d)
        if is_dense := isinstance(coordinates, Gaussian):
            factor = _matrix(d, d, coordinates.factor)
        else:
            factor = np.array(coordinates.sds)
        square = _matrix(d, d).shape if sds is None else (d,)
        arrays = {
            "mean": np.array(coordinates.mean),
            "factor": factor,
            "z": np.stack([_matrix(half, d, one) for one in draws]),
            "triangle": np.zeros(square),
            "spread": np.zeros(square),
            "centre": np.zeros(d),
            "moved": _matrix(half, d),
            "apart": _matrix(half, d),
            "slopes": np.zeros(d + 1),
            "moments": np.zeros(square),
            "part": np.zeros(square),
        }
        if sds is not None:
            arrays["sds"] = np.array(sds)
        known = {name: address(array) for name, array in arrays.items()}
        known |= {**call.places, "tally": target.tally_place, "points": points, "chunks": chunks, "d": d}
        known["is_dense"] = int(is_dense)
        size = 2 * d if sds is not None else 2 * d + d * (d - 1) // 2
        slots = [known.get(name, 0) for name in GAUSSIAN_SLOTS]
        super().__init__(gaussian_function(), size, slots, (call, target.tally, *arrays.values()))


def _matrix(n: int, m: int, values: FloatArray | None = None) -> FloatArray:
    """Memory for an n x m matrix as in `jit.mathlib.products`, zero or with these values."""
    found = np.zeros((-(-m // 4) * 4, -(-n // 8) * 8))
    if values is not None:
        found[:m, :n] = values.T
    return found


class NumpyObjective:
    """A function in Python for `minimise`: x -> value and gradient. What it raises is raised by `minimise`."""

    def __init__(self, function: Callable[[FloatArray], tuple[float, FloatArray]], size: int) -> None:
        self._function, self.size, self.context = function, size, 0
        self._raised: BaseException | None = None
        self._callback = _CALLBACK(self._call)
        self.address = int(ctypes.cast(self._callback, ctypes.c_void_p).value or 0)

    def check(self, status: int) -> None:
        """Raise what the function has raised."""
        raised, self._raised = self._raised, None
        if raised is not None:
            raise raised

    def _call(self, status: int, fault: int, context: int, x: int, out: int) -> int:
        try:
            value, gradient = self._function(_numbers(x, self.size).copy())
        except BaseException as raised:
            self._raised = raised
            return _RAISED
        result = _numbers(out, 1 + self.size)
        result[0], result[1:] = value, gradient
        return 0


def _numbers(place: int, count: int) -> FloatArray:
    return np.ctypeslib.as_array(ctypes.cast(place, ctypes.POINTER(ctypes.c_double)), (count,))
