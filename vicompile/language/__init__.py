"""The language that models and guides are written in: ordinary functions on NumPy that the compiler recognises."""

from __future__ import annotations

from .control_flow import markov, scan
from .elementwise import elementwise, stop_gradient
from .marks import guide, model
from .ode import odeint_rk4
from .parameters import param
from .plates import plate, plate_stack, subsample
from .randomness import seed, set_rng_seed
from .statements import deterministic, factor, sample
from .store import ParamStore, clear_param_store, get_param_store
from .validation import enable_validation

__all__ = [
    "ParamStore",
    "clear_param_store",
    "deterministic",
    "elementwise",
    "enable_validation",
    "factor",
    "get_param_store",
    "guide",
    "markov",
    "model",
    "odeint_rk4",
    "param",
    "plate",
    "plate_stack",
    "sample",
    "scan",
    "seed",
    "set_rng_seed",
    "stop_gradient",
    "subsample",
]
