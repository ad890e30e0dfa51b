"""Public inference: `SVI` in Pyro's and in NumPyro's way, `Trace_ELBO`, and the free function `elbo`."""

from __future__ import annotations

from .nonfinite import NonFiniteLossError
from .objective import elbo
from .result import SVIRunResult
from .state import FitState
from .svi import SVI
from .trace_elbo import Trace_ELBO

__all__ = ["SVI", "FitState", "NonFiniteLossError", "SVIRunResult", "Trace_ELBO", "elbo"]
