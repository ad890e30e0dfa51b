"""What to write instead of a function that cannot be compiled."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import distributions, language
from ..frontend.libraries import is_understood
from .functions import SCIPY_SPECIAL, lookup

GENERAL = "use NumPy's elementwise functions, sums, products and indexing"
_RANDOM = "draw with `sample`; make random initial values outside and pass them in"
# Names that JAX and PyTorch have for functions of NumPy and SciPy.
_OTHER_NAMES = {
    "tensor": "np.array", "as_tensor": "np.asarray", "array": "np.array", "asarray": "np.asarray",
    "cat": "np.concatenate", "mm": "np.matmul", "bmm": "np.matmul", "mv": "np.matmul", "relu": "np.maximum",
    "sigmoid": "scipy.special.expit", "lgamma": "scipy.special.gammaln", "logsigmoid": "scipy.special.log_expit",
    "solve_triangular": "scipy.linalg.solve_triangular", "cho_solve": "scipy.linalg.cho_solve",
}  # fmt: skip


def instead_of(function: Any) -> str:
    """Advice for a call of `function`: the function of the same name that is understood, if there is one."""
    if is_random(function):
        return _RANDOM
    name = getattr(function, "__name__", "")
    found = "" if is_understood(function) else _counterpart(name)
    return f"write `{found}`" if found else GENERAL


def _counterpart(name: str) -> str:
    if name in language.__all__:
        return f"vicompile.{name}"
    if name in distributions.__all__:
        return f"vicompile.distributions.{name}"
    for module, dotted in ((np, "np"), (np.linalg, "np.linalg")):
        if lookup(getattr(module, name, None))[0] is not None:
            return f"{dotted}.{name}"
    return f"scipy.special.{name}" if name in SCIPY_SPECIAL else _OTHER_NAMES.get(name, "")


def is_random(function: Any) -> bool:
    """Whether a function draws by a generator of its own."""
    module = getattr(function, "__module__", "") or ""
    owner = type(getattr(function, "__self__", None)).__module__
    return any(name.startswith(("numpy.random", "random")) for name in (module, owner))
