"""Normal quantiles by native code: the function that kernels use, and no SciPy to be imported."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from vicompile.jit import NativeFunction

_TEXT = '''
from vicompile.jit.mathlib import ndtri


def quantiles(numbers, count):
    """Each number becomes its quantile."""
    for i in range(count):
        numbers[i] = ndtri(numbers[i])
    return 0
'''


@functools.cache
def _function() -> NativeFunction:
    from vicompile.jit import native

    return native(_TEXT, "quantiles", "int64(f8*, i8)", label="quantiles")


def normal_quantiles(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    """The standard normal numbers with these probabilities below them."""
    found = np.array(probabilities, dtype=np.float64, order="C")
    _function().call(found, found.size)
    return found
