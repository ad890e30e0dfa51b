"""Linear recurrences of one number, several steps at a time: the same values for every length, in both directions."""

import numpy as np
import pytest
from support.stages import Evaluated

import vicompile.distributions as dist
from vicompile.language import factor, param, sample, scan

RNG = np.random.default_rng(20261126)


def guide(y):
    sample("a", dist.Normal(param("loc", 0.4), 0.1))


def smoothing(y):
    a = sample("a", dist.Normal(0.0, 1.0))
    level = 0.3
    for value in y:
        level = a * level + np.sin(value)
    factor("end", level)


def every_form(y):
    a = sample("a", dist.Normal(0.0, 1.0))

    def step(level, value):
        level = (0.5 * value - level * a) / (1.0 + value**2) + value
        return level, level

    last, levels = scan(step, a, y, reverse=True)
    factor("end", last + np.sum(levels**2))


def not_linear(y):
    a = sample("a", dist.Normal(0.0, 1.0))
    level = 0.3
    for value in y:
        level = a * level * level + 0.1 * value
    factor("end", level)


def two_numbers(y):
    a = sample("a", dist.Normal(0.0, 1.0))
    level, trend = 0.3, 0.1
    for value in y:
        level, trend = a * level + trend, 0.5 * trend + value
    factor("end", level)


@pytest.mark.parametrize("length", [0, 1, 7, 8, 9, 16, 21])
@pytest.mark.parametrize("model", [smoothing, every_form, not_linear, two_numbers], ids=lambda m: m.__name__)
def test_all_stages_agree(model, length):
    one = Evaluated(model, guide, (RNG.normal(size=length),), 2)
    loss, gradient = one.graph()
    assert loss == pytest.approx(one.objective_loss(), rel=1e-12)
    for other, slopes in (one.python(), one.native()):
        assert other == pytest.approx(loss, rel=1e-12)
        np.testing.assert_allclose(slopes, gradient, rtol=1e-11, atol=1e-12)
    np.testing.assert_allclose(gradient, one.central_differences(), rtol=1e-7, atol=1e-7)


def is_taken_together(model):
    text = Evaluated(model, guide, (RNG.normal(size=5),)).unit.text
    return "multiply_add(" in text


def test_only_linear_recurrences_of_one_number_are_taken_together():
    assert is_taken_together(smoothing)
    assert is_taken_together(every_form)
    assert not is_taken_together(two_numbers)


def test_the_adjoint_of_any_recurrence_of_one_number_is_linear():
    text = Evaluated(not_linear, guide, (RNG.normal(size=5),)).unit.text
    forward, _, backward = text.partition("_whole")
    assert "multiply_add(" not in forward.partition("def kernel")[2]
    assert "multiply_add(" in backward
