"""The eager road as an oracle: model and guide called on NumPy, at the values that the compiled pair has drawn."""

import re

import numpy as np

import vicompile as vc
from vicompile import handlers
from vicompile.ir.nodes import SharedDraw
from vicompile.ir.primitives import primitives
from vicompile.language import plates


class _Given(handlers.Handler):
    """Gives parameters and latent sites their values; in the steps of a scan one step after the other."""

    def __init__(self, fn, values):
        super().__init__(fn)
        self.values, self.in_steps = values, {}

    def process(self, message, road):
        if message.name not in self.values or message.kind not in ("param", "sample") or message.is_observed:
            return
        value = self.values[message.name]
        if message.kind == "sample" and message.steps is not None:
            value = self.in_steps.setdefault(message.name, list(value)).pop(-1 if message.steps.is_backwards else 0)
        message.value = value


def eager_loss(evaluated, model, guide, args=(), kwargs=None):
    """The negative ELBO of the same noise and parameters, by calling model and guide under `trace`.

    Only the values of the latent sites come from the compiled side: every density, loop, plate, gather and handler is
    NumPy's and Python's.
    """
    chosen = plates._indices
    plates._indices = lambda *plate: _indices(evaluated, *plate) if _is_random(*plate) else chosen(*plate)
    try:
        return _eager_loss(evaluated, model, guide, args, kwargs or {})
    finally:
        plates._indices = chosen


def _is_random(name, size, count, given):
    return given is None and count is not None and count != size


def _indices(evaluated, name, size, count, given):
    """The batch that the compiled side has chosen, for the same noise."""
    uniforms = [None, None]
    for draw, offset in zip(evaluated.fit.compiled.draws, evaluated.fit.noise.offsets):
        if isinstance(draw, SharedDraw) and draw.site == name:
            uniforms[draw.slot] = evaluated.noise[0, offset]
    return primitives()["random_position"].evaluate(np.arange(count), size, *uniforms)


def _eager_loss(evaluated, model, guide, args, kwargs):
    params = evaluated.fit.constrained(evaluated.flat)
    with handlers.seed(rng_seed=0):
        names = [name for name, site in _trace(guide, params, args, kwargs).items() if site["type"] == "sample"]
    losses = []
    for particle in range(evaluated.particles):
        given = {**params, **_by_eager_name(evaluated.drawn(particle), names)}
        guide_trace, model_trace = (_trace(function, given, args, kwargs) for function in (guide, model))
        for name, site in [*guide_trace.items(), *model_trace.items()]:
            known = site["type"] != "sample" or site["is_observed"] or name in given
            assert known, f"the compiled side has no value for {name}"
        for name in guide_trace.keys() & model_trace.keys():
            if name.endswith("_unobserved"):
                # What is observed in the model is not drawn, whatever the guide says there.
                missing = model_trace[name]["fn"].mask_condition
                guide_trace[name]["log_prob"] = np.where(missing, guide_trace[name]["log_prob"], 0.0)
        losses.append(guide_trace.log_prob_sum() - model_trace.log_prob_sum())
    vc.clear_param_store()
    return float(np.mean(losses))


def _trace(function, given, args, kwargs):
    with np.errstate(all="ignore"):
        return handlers.trace(_Given(function, given)).get_trace(*args, **kwargs)


def _by_eager_name(drawn, names):
    """The site of a loop is one array on the compiled side, and one site for each round on the eager one."""
    given = {}
    for template, value in drawn.items():
        if "{}" not in template:
            given[template] = value
            continue
        pattern = re.compile("(-?[0-9]+)".join(map(re.escape, template.split("{}"))))
        found = {name: tuple(map(int, m.groups())) for name in names if (m := pattern.fullmatch(name))}
        rounds = [sorted(set(one)) for one in zip(*found.values())]
        for name, at in found.items():
            given[name] = value[tuple(order.index(k) for order, k in zip(rounds, at))]
    return given
