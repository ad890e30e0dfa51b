"""AutoNormal for every model of the corpus that has latent sites with an unconstrained form: starts and answers."""

import numpy as np
import pytest
from corpus.everything import CASES

from vicompile.compiler import Pair
from vicompile.diagnostics import CompileError
from vicompile.infer.autoguide import AutoNormal, init_to_mean

WITHOUT_FORM = {"directions_and_weights", "vectors_of_learned_length"}  # draws on a sphere


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_guide_starts_and_answers(case):
    guide, kwargs = AutoNormal(case.model, init_loc_fn=init_to_mean), case.kwargs or {}
    pair = Pair(case.model, guide, last="objective")
    if case.name in WITHOUT_FORM:
        with pytest.raises(CompileError, match="no unconstrained form"):
            pair.bind(case.args, case.args, kwargs, kwargs)
        return
    fit = pair.bind(case.args, case.args, kwargs, kwargs)
    params = fit.constrained(fit.initial_params(seed=3))
    drawn = guide.sample_posterior(0, params, *case.args, sample_shape=(3,), **kwargs)
    assert all(np.isfinite(value).all() for value in drawn.values())
    middle = guide.median(params, *case.args, **kwargs)
    assert {name: value.shape[1:] for name, value in drawn.items()} == {k: np.shape(v) for k, v in middle.items()}
    assert guide(*case.args, **kwargs).keys() == drawn.keys()
