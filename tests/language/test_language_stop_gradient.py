"""stop_gradient: the value itself, a constant for gradients."""

import numpy as np
import pytest
from support.stages import Evaluated

import vicompile.distributions as dist
from vicompile.language import factor, param, sample, stop_gradient


def test_on_numpy_it_is_the_value():
    x = np.array([1.0, 2.0])
    assert stop_gradient(x) is x
    assert stop_gradient(3.5) == 3.5


def model():
    sample("z", dist.Normal(0.0, 1.0))
    a, b = param("a", 0.7), param("b", np.array([0.2, -0.4]))
    factor("f", stop_gradient(a) * a * a + np.sum(b * b.detach()))


def guide():
    sample("z", dist.Normal(0.0, 1.0))


def test_in_a_model_no_gradient_flows_through_it():
    one = Evaluated(model, guide, (), machine_code=False)
    slots = {slot.name: slot for slot in one.fit.slots}
    a, b = (slots[name].read(one.flat) for name in "ab")
    loss, gradient = one.graph()
    assert loss == pytest.approx(-(a**3 + np.sum(b * b)))
    assert slots["a"].read(gradient) == pytest.approx(-2 * a * a)
    np.testing.assert_allclose(slots["b"].read(gradient), -b)
