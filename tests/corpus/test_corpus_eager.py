"""Every model of the corpus, simply called on NumPy, has the loss that its compiled form has."""

import pytest
from corpus.everything import CASES
from support.eager import eager_loss
from support.stages import Evaluated


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_called_and_compiled_agree(case):
    one = Evaluated(case.model, case.guide, case.args, case.particles, kwargs=case.kwargs, machine_code=False)
    expected = eager_loss(one, case.model, case.guide, case.args, case.kwargs)
    assert one.objective_loss() == pytest.approx(expected, rel=1e-10)
