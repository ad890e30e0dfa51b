"""Every model of the corpus in float32 agrees with float64: the text as Python, and the machine code.

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

_evaluated = {}


def evaluated(case):
    """The case in float32, and what float64 says: the loss, the size of its terms, and the gradient."""
    if case.name not in _evaluated:
        one, exact = (
            Evaluated(case.model, case.guide, case.args, case.particles, kwargs=case.kwargs, dtype=dtype,
                      machine_code=dtype == "float32")
            for dtype in ("float32", "float64")
        )  # fmt: skip
        loss, gradient = exact.graph()
        terms = exact.terms()
        _evaluated[case.name] = one, loss, float(np.abs(terms).sum()), gradient
    return _evaluated[case.name]


def check(case, found):
    _, loss, size, gradient = evaluated(case)
    found_loss, found_gradient = found
    assert abs(found_loss - loss) <= ROUNDINGS * EPSILON * (1.0 + size)
    np.testing.assert_allclose(
        found_gradient, gradient, rtol=0, atol=ROUNDINGS * EPSILON * (1.0 + np.abs(gradient).max(initial=0.0))
    )


cases = pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)


@cases
def test_text_as_python_agrees_with_float64(case):
    check(case, evaluated(case)[0].python())


@cases
def test_machine_code_agrees_with_float64(case):
    check(case, evaluated(case)[0].native())


def test_most_of_the_corpus_computes_in_float32():
    used = [name for name, (one, *_) in _evaluated.items() if "float32" in one.unit.text]
    assert len(used) > 0.8 * len(_evaluated)
    # It differs from float64, or nothing would have been tested.
    differs = [abs(one.native()[0] - loss) > 1e-13 * abs(loss) for one, loss, _, _ in _evaluated.values()]
    assert sum(differs) > 0.5 * len(differs)
