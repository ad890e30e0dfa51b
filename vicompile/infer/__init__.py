"""Public inference: `SVI` in Pyro's and in NumPyro's way, objectives, `elbo`, and log densities of models."""

from __future__ import annotations

from ..compiler.losses import ELBO, CustomELBO, RenyiELBO, Trace_ELBO, TraceMeanField_ELBO
from .by_site import elbo_by_site
from .calibration import VSBCResult, vsbc_diagnostic
from .elbo_trace import ElboTrace, elbo_trace
from .fitting.fit import fit
from .fitting.result import FitResult
from .importance import psis_diagnostic
from .inference_data import to_arviz
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

__all__ = [
    "ELBO",
    "SVI",
    "BoundLogDensity",
    "CustomELBO",
    "ElboTrace",
    "FitResult",
    "FitState",
    "LogDensity",
    "NonFiniteLossError",
    "Posterior",
    "Predictive",
    "RenyiELBO",
    "SVIRunResult",
    "TraceMeanField_ELBO",
    "Trace_ELBO",
    "VSBCResult",
    "elbo",
    "elbo_by_site",
    "elbo_trace",
    "fit",
    "load_fit",
    "log_density",
    "log_likelihood",
    "psis_diagnostic",
    "to_arviz",
    "vsbc_diagnostic",
]
