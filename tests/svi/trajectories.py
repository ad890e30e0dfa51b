"""Where torch, Pyro, optax and JAX's own optimizers go on fixed gradients, and the same optimizers of ours.

`python tests/svi/trajectories.py` writes trajectories.json; it needs torch, pyro-ppl, optax and jax. The tests compare
with the file, and with the libraries themselves where they can be imported.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from vicompile import optim

STORED = Path(__file__).parent / "trajectories.json"
SHAPES = ((3,), (2, 3), (1,), (2, 2, 2))
STEPS = 12
KEPT = (1, 2, 3, 6, 12)


def gradients():
    """STEPS lists of arrays: some small, some large, one element without any, one that begins late."""
    size = sum(int(np.prod(shape)) for shape in SHAPES)
    t, i = np.arange(STEPS)[:, None], np.arange(size)
    flat = np.sin(1.0 + 1.7 * t + 0.9 * i) * np.exp(1.5 * np.cos(2.0 * i))
    flat[:, 4], flat[:3, 7] = 0.0, 0.0
    return [split(row) for row in flat]


def start():
    return split(np.cos(np.arange(sum(int(np.prod(shape)) for shape in SHAPES))))


def split(flat):
    cuts = np.cumsum([int(np.prod(shape)) for shape in SHAPES])[:-1]
    return [part.reshape(shape) for part, shape in zip(np.split(np.asarray(flat), cuts), SHAPES)]


def joined(arrays):
    return np.concatenate([np.asarray(a, dtype=np.float64).ravel() for a in arrays])


def by_torch(kind, **settings):
    def run():
        import torch

        if kind in ("ClippedAdam", "AdagradRMSProp"):
            from pyro.optim.adagrad_rmsprop import AdagradRMSProp
            from pyro.optim.clipped_adam import ClippedAdam

            make = {"ClippedAdam": ClippedAdam, "AdagradRMSProp": AdagradRMSProp}[kind]
        else:
            make = getattr(torch.optim, kind)
        params = [torch.tensor(a, dtype=torch.float64, requires_grad=True) for a in start()]
        clipping = {key: settings[key] for key in ("each_norm", "value") if key in settings}
        stepper = make(params, **{key: value for key, value in settings.items() if key not in clipping})
        for gradient in gradients():
            for param, slope in zip(params, gradient):
                param.grad = torch.tensor(slope, dtype=torch.float64)
                if "value" in clipping:
                    torch.nn.utils.clip_grad_value_(param, clipping["value"])
                if "each_norm" in clipping:
                    torch.nn.utils.clip_grad_norm_(param, clipping["each_norm"])
            stepper.step()
            yield joined([p.detach().numpy() for p in params])

    return "torch", run


def by_optax(make):
    def run():
        import jax
        import optax

        jax.config.update("jax_enable_x64", True)
        stepper = make(optax)
        params = [jax.numpy.asarray(a) for a in start()]
        state = stepper.init(params)
        for gradient in gradients():
            updates, state = stepper.update([jax.numpy.asarray(g) for g in gradient], state, params)
            params = optax.apply_updates(params, updates)
            yield joined(params)

    return "optax", run


def by_jax(kind, *settings):
    """What NumPyro's optimizers of the same names call."""

    def run():
        import jax
        from jax.example_libraries import optimizers

        jax.config.update("jax_enable_x64", True)
        init, update, get_params = getattr(optimizers, kind)(*settings)
        state = init([jax.numpy.asarray(a) for a in start()])
        for step, gradient in enumerate(gradients()):
            state = update(step, [jax.numpy.asarray(g) for g in gradient], state)
            yield joined(get_params(state))

    return "jax", run


BETAS = {"betas": (0.8, 0.95)}
B1_B2 = {"b1": 0.8, "b2": 0.95}


def _falling(step):
    return 0.1 / (1.0 + step)


# name -> ours, whose library, its run
CASES = {
    "Adam": (optim.Adam(0.05, eps=1e-3, **BETAS), *by_torch("Adam", lr=0.05, eps=1e-3, **BETAS)),
    "AdamW": (
        optim.AdamW(0.05, eps=1e-3, weight_decay=0.3, **BETAS),
        *by_torch("AdamW", lr=0.05, eps=1e-3, weight_decay=0.3, **BETAS),
    ),
    "ClippedAdam": (
        optim.ClippedAdam({"lr": 0.05, "clip_norm": 0.7, "lrd": 0.9, **BETAS}),
        *by_torch("ClippedAdam", lr=0.05, clip_norm=0.7, lrd=0.9, **BETAS),
    ),
    "Adamax": (optim.Adamax(0.05, eps=1e-3, **BETAS), *by_torch("Adamax", lr=0.05, eps=1e-3, **BETAS)),
    "AdaBelief": (
        optim.AdaBelief(0.05, eps=1e-5, **BETAS),
        *by_optax(lambda optax: optax.adabelief(0.05, eps=1e-5, eps_root=1e-5, **B1_B2)),
    ),
    "SGD": (optim.SGD(0.05, momentum=0.8), *by_torch("SGD", lr=0.05, momentum=0.8)),
    "Momentum": (optim.Momentum(0.05, mass=0.8), *by_jax("momentum", 0.05, 0.8)),
    "Nesterov": (optim.Nesterov(0.05, momentum=0.8), *by_torch("SGD", lr=0.05, momentum=0.8, nesterov=True)),
    "Adagrad": (
        optim.Adagrad(0.05, lr_decay=0.2, initial_accumulator_value=0.1),
        *by_torch("Adagrad", lr=0.05, lr_decay=0.2, initial_accumulator_value=0.1),
    ),
    "AdagradRMSProp": (
        optim.AdagradRMSProp(eta=0.3, t=0.2, delta=1e-3),
        *by_torch("AdagradRMSProp", eta=0.3, t=0.2, delta=1e-3),
    ),
    "RMSProp": (
        optim.RMSProp(0.05, alpha=0.8, eps=1e-3, momentum=0.7),
        *by_torch("RMSprop", lr=0.05, alpha=0.8, eps=1e-3, momentum=0.7),
    ),
    "RMSPropMomentum": (
        optim.RMSPropMomentum(0.05, gamma=0.8, eps=1e-3, momentum=0.7),
        *by_jax("rmsprop_momentum", 0.05, 0.8, 1e-3, 0.7),
    ),
    "Adadelta": (optim.Adadelta(0.5, rho=0.8, eps=1e-3), *by_torch("Adadelta", lr=0.5, rho=0.8, eps=1e-3)),
    "SM3": (optim.SM3(0.05, momentum=0.8), *by_optax(lambda optax: optax.sm3(0.05, momentum=0.8))),
    "DoWG": (
        optim.DoWG(distance=0.1),
        *by_optax(lambda optax: optax.contrib.dowg(init_estim_sq_dist=0.01, eps=0.0)),
    ),
    "Clipped": (
        optim.Clipped(optim.Adam(0.05, **BETAS), clip_norm=3.0),
        *by_optax(lambda optax: optax.chain(optax.clip_by_global_norm(3.0), optax.adam(0.05, **B1_B2))),
    ),
    "Clipped per parameter": (
        optim.Clipped(optim.SGD(0.05, momentum=0.8), clip_norm=1.5, clip_value=2.0, per_parameter=True),
        *by_torch("SGD", lr=0.05, momentum=0.8, each_norm=1.5, value=2.0),
    ),
    "Scheduled": (
        optim.Adam({"lr": _falling, **BETAS}),
        *by_optax(lambda optax: optax.adam(_falling, **B1_B2)),
    ),
}


def write():
    """Make the file."""
    found = {}
    for name, (_, _, run) in CASES.items():
        steps = list(run())
        found[name] = [steps[k - 1].tolist() for k in KEPT]
    STORED.write_text(json.dumps(found, indent=None, separators=(",", ":")).replace('],"', '],\n"') + "\n")


if __name__ == "__main__":
    write()
