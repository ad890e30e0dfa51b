"""Samplers as JSON and arrays: a sampler that was read draws the same bits, without model, guide and data."""

import json

import numpy as np
import pytest
from corpus.everything import CASES
from support.golden import compile_and_bind

from vicompile.compiler import Sampler
from vicompile.compiler.serialise import read_graph, write_graph


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_a_sampler_that_was_read_draws_the_same_bits(case):
    fit = compile_and_bind(case.model, case.guide, case.args, case.kwargs, case.particles)
    sampler, flat = Sampler.of(fit), fit.initial_params()
    facts, values = write_graph(sampler)
    again = read_graph(json.loads(json.dumps(facts, allow_nan=False)), values, sampler.slots)
    expected, found = sampler.draw(flat, 3, seed=1), again.draw(flat, 3, seed=1)
    assert list(found) == list(expected)
    for site, drawn in expected.items():
        assert found[site].dtype == drawn.dtype
        assert np.array_equal(found[site], drawn, equal_nan=True)


def test_only_the_data_that_the_draws_read_are_kept():
    case = next(case for case in CASES if case.name == "linear_regression")
    fit = compile_and_bind(case.model, case.guide, case.args, case.kwargs, case.particles)
    _, values = write_graph(Sampler.of(fit))
    assert sum(array.nbytes for array in values) == 0


def test_a_graph_of_other_slots_is_refused():
    case = next(case for case in CASES if case.name == "linear_regression")
    sampler = Sampler.of(compile_and_bind(case.model, case.guide, case.args, case.kwargs, case.particles))
    facts, values = write_graph(sampler)
    with pytest.raises(ValueError, match="a graph of"):
        read_graph(facts, values, sampler.slots[1:])
