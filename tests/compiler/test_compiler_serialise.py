"""Samplers as JSON and arrays: a sampler that was read draws the same bits, without model, guide and data."""

import json

import numpy as np
import pytest
from corpus.everything import CASES
from support.golden import compile_and_bind

from vicompile import constraints
from vicompile.compiler import ParamSlot, Sampler
from vicompile.compiler.serialise import read_sampler, read_slots, write_sampler, write_slots


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_a_sampler_that_was_read_draws_the_same_bits(case):
    fit = compile_and_bind(case.model, case.guide, case.args, case.kwargs, case.particles)
    sampler, flat = Sampler.of(fit), fit.initial_params()
    facts, arrays = write_sampler(sampler)
    facts, slots = json.loads(json.dumps([facts, write_slots(sampler.slots)], allow_nan=False))
    again = read_sampler(facts, arrays, read_slots(slots))
    assert again.slots == sampler.slots
    expected, found = sampler.draw(flat, 3, seed=1), again.draw(flat, 3, seed=1)
    assert list(found) == list(expected)
    for site, values in expected.items():
        assert found[site].dtype == values.dtype
        assert np.array_equal(found[site], values, equal_nan=True)


def test_only_the_data_that_the_draws_read_are_kept():
    case = next(case for case in CASES if case.name == "linear_regression")
    fit = compile_and_bind(case.model, case.guide, case.args, case.kwargs, case.particles)
    _, arrays = write_sampler(Sampler.of(fit))
    assert sum(array.nbytes for array in arrays.values()) == 0


def test_a_constraint_of_the_users_own_is_refused_by_the_name_of_its_parameter():
    class Even(type(constraints.real)):
        pass

    with pytest.raises(TypeError, match="parameter `w`: the constraint even"):
        write_slots([ParamSlot("w", Even("even"), 0, (), ())])
