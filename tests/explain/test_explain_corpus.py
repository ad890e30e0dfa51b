"""Every model of the corpus can be explained, recurrences included."""

import pytest
from corpus.everything import CASES

import vicompile as vc


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_model_can_be_explained(case):
    text = vc.explain(case.model, case.guide, *case.args, **case.kwargs)
    assert text.count("-- ") >= 10
    kernel = vc.explain(case.model, case.guide, *case.args, stage="emit", **case.kwargs)
    assert str(text).endswith(str(kernel))


def test_a_recurrence_is_shown_with_what_it_does_in_each_step():
    (case,) = [case for case in CASES if case.name == "garch"]
    text = vc.explain(case.model, case.guide, *case.args, stage="autodiff", **case.kwargs)
    assert "recurrence to" in text
    assert "recurrence back from" in text
    assert " = carry " in text
    assert "next: " in text
