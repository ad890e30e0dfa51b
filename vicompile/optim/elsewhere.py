"""What Pyro, NumPyro and optax have for optimizers under names that do not exist here, and what to use instead."""

from __future__ import annotations

_SCHEDULE = "the learning rate may be a schedule"

ADVICE = {
    "ExponentialLR": f"{_SCHEDULE}: Adam(schedules.exponential_decay(...))",
    "StepLR": f"{_SCHEDULE}: Adam(schedules.step_decay(...))",
    "MultiStepLR": f"{_SCHEDULE}: Adam(schedules.piecewise_constant(...))",
    "CosineAnnealingLR": f"{_SCHEDULE}: Adam(schedules.cosine_decay(...))",
    "OneCycleLR": f"{_SCHEDULE}: Adam(schedules.one_cycle(...))",
    "LambdaLR": f"{_SCHEDULE}, and so may any function of the step: Adam({{'lr': function}})",
    "ReduceLROnPlateau": f"{_SCHEDULE}, see `vicompile.optim.schedules`; none of them looks at the loss",
    "PyroLRScheduler": f"{_SCHEDULE}, see `vicompile.optim.schedules`",
    "PyroOptim": "the base is `Optimizer`; `rule` makes an optimizer of your own",
    "PyroMultiOptimizer": "a function of the parameter's name gives each its own settings: Adam(lambda name: {...})",
    "MultiOptimizer": "a function of the parameter's name gives each its own settings: Adam(lambda name: {...})",
    "optax_to_numpyro": "optimizers are compiled; use one of `vicompile.optim`, or `rule` for your own",
    "LBFGS": "use `Minimize()`",
    "Newton": "use `Minimize()`",
    "NAdam": "use `Adam`, or `rule` for your own",
    "RAdam": "use `Adam`, or `rule` for your own",
}
