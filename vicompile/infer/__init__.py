"""Public inference: `SVI` in Pyro's and in NumPyro's way, `Trace_ELBO`, `elbo`, and log densities of models."""

from __future__ import annotations

from .fitting.fit import fit
from .fitting.result import FitResult
from .importance import psis_diagnostic
from .loading import load_fit
from .log_density import BoundLogDensity, LogDensity, log_density
from .log_likelihood import log_likelihood
from .nonfinite import NonFiniteLossError
from .objective import elbo
from .posterior import Posterior
from .predictive import Predictive
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
    "Posterior",
    "Predictive",
    "SVIRunResult",
    "Trace_ELBO",
    "elbo",
    "fit",
    "load_fit",
    "log_density",
    "log_likelihood",
    "psis_diagnostic",
]
