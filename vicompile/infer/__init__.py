"""Public inference: `fit`, `SVI` in Pyro's and in NumPyro's way, objectives, and what one does with a fit.

Every name is loaded when it is first used: a run of `SVI` has no use for most of them. No module here has the name of a
function that it holds, which would take the function's place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..diagnostics.lazy import loaded_when_used
from .elsewhere import ADVICE

if TYPE_CHECKING:
    from ..compiler.losses import ELBO, CustomELBO, RenyiELBO, Trace_ELBO, TraceMeanField_ELBO
    from . import reparam
    from .autoguide import (
        init_to_feasible,
        init_to_mean,
        init_to_median,
        init_to_sample,
        init_to_uniform,
        init_to_value,
    )
    from .by_site import elbo_by_site
    from .calibration import VSBCResult, vsbc_diagnostic
    from .densities import BoundLogDensity, LogDensity, log_density
    from .fitting.fit import fit
    from .fitting.guided import GuidedFitResult
    from .fitting.result import FitResult
    from .importance import psis_diagnostic
    from .inference_data import to_arviz
    from .likelihoods import log_likelihood
    from .loading import load_fit
    from .nonfinite import NonFiniteLossError
    from .objective import elbo
    from .posterior import Posterior
    from .predictive import Predictive
    from .result import SVIRunResult
    from .running_mean import ElboTrace, elbo_trace
    from .state import FitState
    from .svi import SVI

_PLACES = {
    "ELBO": "..compiler.losses",
    "SVI": ".svi",
    "BoundLogDensity": ".densities",
    "CustomELBO": "..compiler.losses",
    "ElboTrace": ".running_mean",
    "FitResult": ".fitting.result",
    "FitState": ".state",
    "GuidedFitResult": ".fitting.guided",
    "LogDensity": ".densities",
    "NonFiniteLossError": ".nonfinite",
    "Posterior": ".posterior",
    "Predictive": ".predictive",
    "RenyiELBO": "..compiler.losses",
    "SVIRunResult": ".result",
    "TraceMeanField_ELBO": "..compiler.losses",
    "Trace_ELBO": "..compiler.losses",
    "VSBCResult": ".calibration",
    "elbo": ".objective",
    "elbo_by_site": ".by_site",
    "elbo_trace": ".running_mean",
    "fit": ".fitting.fit",
    "init_to_feasible": ".autoguide.initialization",
    "init_to_mean": ".autoguide.initialization",
    "init_to_median": ".autoguide.initialization",
    "init_to_sample": ".autoguide.initialization",
    "init_to_uniform": ".autoguide.initialization",
    "init_to_value": ".autoguide.initialization",
    "load_fit": ".loading",
    "log_density": ".densities",
    "log_likelihood": ".likelihoods",
    "psis_diagnostic": ".importance",
    "to_arviz": ".inference_data",
    "vsbc_diagnostic": ".calibration",
}
_MODULES = ("reparam",)

__all__ = [
    "ELBO",
    "SVI",
    "BoundLogDensity",
    "CustomELBO",
    "ElboTrace",
    "FitResult",
    "FitState",
    "GuidedFitResult",
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
    "init_to_feasible",
    "init_to_mean",
    "init_to_median",
    "init_to_sample",
    "init_to_uniform",
    "init_to_value",
    "load_fit",
    "log_density",
    "log_likelihood",
    "psis_diagnostic",
    "reparam",
    "to_arviz",
    "vsbc_diagnostic",
]


__getattr__, __dir__ = loaded_when_used(__name__, _PLACES, _MODULES, ADVICE)
