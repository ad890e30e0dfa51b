"""Models that are run forward for many draws at once, against the same models called on NumPy with the same values."""

import re

import numpy as np
import pytest
from corpus.everything import CASES

import vicompile as vc
from vicompile import handlers
from vicompile.compiler import Pair, Simulation
from vicompile.ir.nodes import SharedDraw
from vicompile.ir.primitives import primitives
from vicompile.language import plates
from vicompile.language.messages import Handler
from vicompile.objective import prediction

COUNT = 3
NOT_DRAWN = {"improper_prior", "transformed"}  # sites of an ImproperUniform


class given(Handler):
    """Sites have the values of one draw, members of a family in the order in which they come."""

    def __init__(self, fn, values):
        super().__init__(fn)
        self.values, self.seen = values, {}

    def process(self, message, road):
        if message.kind == "sample" and message.value is None:
            message.value = self.value_of(message.name, message.fn.shape(), message.steps)

    def value_of(self, name, shape, steps=None):
        if name in self.values:
            value = self.values[name]
            if steps is None:
                return value
            template = name
        else:
            template = next(t for t in self.values if is_member(name, t))
            value = self.values[template]
        rows = value.reshape(-1, *value.shape[value.ndim - len(shape) :])
        place = self.seen[template] = self.seen.get(template, -1) + 1
        return rows[len(rows) - 1 - place if steps is not None and steps.is_backwards else place]


def is_member(name, template):
    return "{}" in template and re.fullmatch("(-?[0-9]+)".join(map(re.escape, template.split("{}"))), name)


def unscaled(site):
    return site["log_prob"] if site["scale"] is None else site["log_prob"] / site["scale"]


def batches(simulation, values):
    """What eager subsampled plates choose: the batches that the simulation has."""
    uniforms = {(d.site, d.slot): u for d, u in values.known.items() if isinstance(d, SharedDraw)}

    def indices(name, size, count, given):
        if given is not None or count is None or count == size:
            return chosen(name, size, count, given)
        first, second = (np.atleast_1d(uniforms.get((name, k), 0.5)) for k in (0, 1))
        return primitives()["random_position"].evaluate(np.arange(count), size, first, second)

    chosen = plates._indices
    return indices


def simulated(model, args, kwargs, seed=5, count=COUNT):
    fit = Pair(handlers.uncondition(model), None, question=prediction, last="objective").bind(args, (), kwargs, {})
    simulation = Simulation(fit)
    values = simulation.start(fit.initial_params({}), {}, count, seed)
    simulation.draw(values)
    return simulation, values


def called(model, args, kwargs, values):
    return handlers.trace(given(handlers.uncondition(model), values)).get_trace(*args, **kwargs)


def by_template(trace, template, kind, key):
    """What a called model recorded of a site, or of a family of sites."""
    if template in trace:
        return np.asarray(trace[template][key])
    found = [s[key] for n, s in trace.items() if s["type"] == kind and is_member(n, template)]
    return np.array(found)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_corpus(case, monkeypatch):
    vc.clear_param_store()
    if case.name in NOT_DRAWN:
        with pytest.raises(ValueError, match=r"the site `.*` cannot be drawn"):
            simulated(case.model, case.args, case.kwargs)
        return
    simulation, values = simulated(case.model, case.args, case.kwargs)
    nodes = {name: site.value for name, site in simulation.sites.items()} | simulation.named
    found = dict(zip(nodes, simulation.read(list(nodes.values()), values)))
    densities = {
        name: np.concatenate([law.log_prob(found[name][part]) for part, law in simulation.distribution(site, values)])
        for name, site in simulation.sites.items()
    }
    monkeypatch.setattr(plates, "_indices", batches(simulation, values))
    for k in range(COUNT):
        trace = called(case.model, case.args, case.kwargs, {name: found[name][k] for name in simulation.sites})
        for name, site in simulation.sites.items():
            drawn = by_template(trace, name, "sample", "value")
            assert drawn.dtype == found[name].dtype == (int if site.value.dtype == "int64" else float)
            np.testing.assert_array_equal(drawn.ravel(), found[name][k].ravel())
            total = sum(np.sum(unscaled(s)) for n, s in trace.items() if n == name or is_member(n, name))
            assert np.sum(densities[name][k]) == pytest.approx(total, rel=1e-9, abs=1e-9), name
        for name in simulation.named:
            np.testing.assert_allclose(
                by_template(trace, name, "deterministic", "value").ravel(),
                found[name][k].ravel(),
                rtol=1e-9,
                atol=1e-12,
            )
