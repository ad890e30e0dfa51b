"""Public inference: `SVI` in Pyro's and in NumPyro's way, `Trace_ELBO`, `elbo`, and log densities of models."""

from __future__ import annotations

from .fitting.fit import fit
from .fitting.result import FitResult
from .log_density import BoundLogDensity, LogDensity, log_density
from .nonfinite import NonFiniteLossError
from .objective import elbo
from .result import SVIRunResult
from .state import FitState
from .svi import SVI
from .trace_elbo import Trace_ELBO

__all__ = [
    "SVI",
    "BoundLogDensity",
    "FitResult",
    "FitState",
    "LogDensity",
    "NonFiniteLossError",
    "SVIRunResult",
    "Trace_ELBO",
    "elbo",
    "fit",
    "log_density",
]
