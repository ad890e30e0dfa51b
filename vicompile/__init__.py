"""vicompile compiles probabilistic models in Pyro's language to native kernels for stochastic variational inference.

    import vicompile as vc
    import vicompile.distributions as dist
    from vicompile import constraints
    from vicompile.infer import SVI, Trace_ELBO
    from vicompile.optim import Adam

Every name is loaded when it is first used: importing the package costs next to nothing, and a fit that was compiled
before never loads the compiler.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

# Not lazy: the module of the same name would otherwise take the function's place once somebody imports it.
from .explain import explain

if TYPE_CHECKING:
    from . import constraints, distributions, handlers, infer, optim, poutine
    from .diagnostics import CompileError, DataError, InternalError
    from .handlers import condition, do, mask, scale
    from .infer import fit, load_fit
    from .jit import compile_count
    from .language import (
        ParamStore,
        clear_param_store,
        deterministic,
        elementwise,
        enable_validation,
        factor,
        get_param_store,
        guide,
        markov,
        model,
        odeint_rk4,
        param,
        plate,
        plate_stack,
        sample,
        scan,
        seed,
        set_rng_seed,
        stop_gradient,
        subsample,
    )

__version__ = "0.1.0"

__all__ = [
    "CompileError",
    "DataError",
    "InternalError",
    "ParamStore",
    "__version__",
    "clear_param_store",
    "compile_count",
    "condition",
    "constraints",
    "deterministic",
    "distributions",
    "do",
    "elementwise",
    "enable_validation",
    "explain",
    "factor",
    "fit",
    "get_param_store",
    "guide",
    "handlers",
    "infer",
    "load_fit",
    "markov",
    "mask",
    "model",
    "odeint_rk4",
    "optim",
    "param",
    "plate",
    "plate_stack",
    "poutine",
    "sample",
    "scale",
    "scan",
    "seed",
    "set_rng_seed",
    "stop_gradient",
    "subsample",
]

_MODULES = ("constraints", "distributions", "handlers", "infer", "optim", "poutine")
_ELSEWHERE = {
    "CompileError": "diagnostics",
    "DataError": "diagnostics",
    "InternalError": "diagnostics",
    "compile_count": "jit",
    "condition": "handlers",
    "do": "handlers",
    "fit": "infer",
    "load_fit": "infer",
    "mask": "handlers",
    "scale": "handlers",
}
# What users of Pyro and NumPyro may look for.
_NETWORKS = "write networks with NumPy's functions on parameters"
_ABSENT = {
    "module": _NETWORKS,
    "nn": _NETWORKS,
    "random_module": _NETWORKS,
    "PyroModule": _NETWORKS,
    "PyroParam": _NETWORKS,
    "PyroSample": _NETWORKS,
    "eqx_module": _NETWORKS,
    "flax_module": _NETWORKS,
    "haiku_module": _NETWORKS,
    "nnx_module": _NETWORKS,
    "random_flax_module": _NETWORKS,
    "random_haiku_module": _NETWORKS,
    "iarange": "it is called `plate`",
    "irange": "it is called `plate`",
    "prng_key": "a fit is seeded by `SVI.run(..., seed=)`",
    "set_platform": "there are only CPUs here",
    "set_host_device_count": "a fit runs on one core; nothing needs to be set",
    "enable_x64": "all numbers are float64; leave it out",
    "render_model": "it is in `vicompile.plots`",
    "log_density": "it is in `vicompile.infer`",
    "validation_enabled": "use `enable_validation()`",
    "contrib": "there is no such package here",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        from .diagnostics.absent import absent

        raise absent(__name__, name, _ABSENT)
    if name in _MODULES:
        return import_module(f".{name}", __name__)
    value = getattr(import_module(f".{_ELSEWHERE.get(name, 'language')}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
