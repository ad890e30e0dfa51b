"""Every model of the corpus in float32 agrees with float64: the text as Python, and of some the machine code.

A number of a row passes through some tens of operations, each of which rounds it by at most half a unit: EPSILON
relative to its operands. The largest difference found is 20 of them (a recurrence that feeds what is rounded back);
64 leave room for another processor's order of operations, and are four millionths.
Sums add hardly anything to it, because all but the rows of one block are added up in float64.
"""

import numpy as np
import pytest
from corpus.everything import CASES
from support.stages import Evaluated

EPSILON = 2.0**-24
ROUNDINGS = 64

# Machine code of every third model: the others have the same statements, and compiling takes most of the time.
COMPILED = {case.name for case in CASES[::3]}


def evaluated(case, dtype, machine_code=False):
    return Evaluated(
        case.model, case.guide, case.args, case.particles, kwargs=case.kwargs, dtype=dtype, machine_code=machine_code
    )


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_float32_agrees_with_float64(case):
    exact, one = evaluated(case, "float64"), evaluated(case, "float32", machine_code=case.name in COMPILED)
    loss, gradient = exact.graph()
    size = float(np.abs(exact.terms()).sum())
    for run in (one.python, one.native) if case.name in COMPILED else (one.python,):
        found_loss, found_gradient = run()
        assert abs(found_loss - loss) <= ROUNDINGS * EPSILON * (1.0 + size)
        np.testing.assert_allclose(
            found_gradient, gradient, rtol=0, atol=ROUNDINGS * EPSILON * (1.0 + np.abs(gradient).max(initial=0.0))
        )


def test_most_of_the_corpus_computes_in_float32():
    """It differs from float64, or nothing would have been tested."""
    some = [evaluated(case, "float32") for case in CASES[::6]]
    assert sum("float32" in one.unit.text for one in some) > 0.8 * len(some)
    differs = [abs(one.python()[0] - one.graph()[0]) > 1e-13 * abs(one.graph()[0]) for one in some]
    assert sum(differs) > 0.5 * len(differs)
