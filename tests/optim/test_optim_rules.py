"""Declaring a rule: what it must take and return, and what it cannot do."""

from __future__ import annotations

import math

import numpy as np
import pytest

from vicompile import optim
from vicompile.optim import Optimizer, rule, total


def test_a_rule_is_a_class_like_ours():
    @rule(state={"velocity": 0.0, "start": "param"}, lr=0.1, friction=0.5)
    def heavy(param, grad, lr, friction, start, velocity):
        """A rule."""
        velocity = friction * velocity + grad
        return param - lr * velocity, velocity, start

    assert issubclass(heavy, Optimizer)
    assert (heavy.__name__, heavy.__doc__, heavy.__module__) == ("heavy", "A rule.", __name__)
    assert heavy(0.2).hyperparameters("w") == {"lr": 0.2, "friction": 0.5}
    assert heavy.rule.program.initial == (0.0, None)
    with pytest.raises(TypeError, match="heavy has no hyperparameter `fricton`; it takes lr, friction; the nearest is"):
        heavy(fricton=1.0)
    with pytest.raises(ValueError, match="heavy: the hyperparameter `lr` is -1, expected a finite number from 0"):
        heavy(-1.0)
    with pytest.raises(ValueError, match="`friction` is inf, expected a finite number"):
        heavy(friction=math.inf)
    assert rule(lr=np.float32(0.5))(lambda param, grad, lr: param).rule.defaults == {"lr": 0.5}
    assert heavy(friction=-2.0).hyperparameters("w")["friction"] == -2.0


def test_equal_operations_are_written_once_and_nothing_without_use():
    @rule(lr=0.1)
    def repeated(param, grad, lr):
        np.exp(grad)
        return param - (lr * grad) * (lr * grad)

    (only,) = repeated.rule.program.passes
    assert [line.operation for line in only.lines] == ["multiply", "multiply", "subtract"]


def test_reductions_stand_between_passes():
    @rule()
    def nested(param, grad):
        return param - grad / total(grad * total(grad)) + total(param)

    passes = nested.rule.program.passes
    assert [one.reductions for one in passes] == [("total", "total"), ("total",), ()]
    assert nested.rule.program.reductions == ("total", "total", "total")


def declared(function, state=None, **hyper):
    return lambda: rule(state=state, **hyper)(function).rule.program


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (declared(lambda param: param), "a rule takes the parameter and its gradient"),
        (declared(lambda param, grad, lr: param), "`lr` is neither in its state nor a hyperparameter with a default"),
        (declared(lambda param, grad: param, lr=0.1), "does not take `lr`, which was declared for it"),
        (declared(lambda param, grad, m: param, state={"m": 0.0}), "must return param, m: 2 numbers, it returned 1"),
        (declared(lambda param, grad, m: param, state={"m": "grad"}), "starts at a number or at 'param', got 'grad'"),
        (declared(lambda param, grad, lr: param, lr="slow"), "the default of `lr` must be a number, got 'slow'"),
        (declared(lambda param, grad, m: param, state={"m": 0.0}, m=1.0), "m is both a state and a hyperparameter"),
        (declared(lambda param, grad: param if grad > 0 else grad), r"use np.where\(condition, a, b\)"),
        (declared(lambda param, grad: math.sqrt(grad)), "written with NumPy's functions"),
        (declared(lambda param, grad: np.sin(grad)), "a rule cannot use np.sin; it may use absolute, add"),
        (declared(lambda param, grad: np.sum(grad)), "vicompile.optim.total adds up over all parameters"),
        (declared(lambda param, grad: np.add.reduce(grad)), "a rule cannot use np.add.reduce"),
        (declared(lambda param, grad: param + np.ones(3)), "a rule computes with numbers, got array"),
        (declared(lambda param, grad: None), "a rule computes with numbers, got None"),
    ],
)
def test_faults_are_told(make, message):
    with pytest.raises(TypeError, match=message):
        make()


def test_a_forgotten_pair_of_brackets():
    with pytest.raises(TypeError, match=r"@rule\(lr=0.001\)"):
        rule(lambda param, grad: param)


def test_a_rule_is_an_ordinary_function_too():
    slopes = np.array([3.0, 4.0])
    moved, covered, mean = optim.SM3.rule.function(np.zeros(2), slopes, 0.0, 0.0, 0.1, 0.0, 0.0)
    np.testing.assert_allclose(moved, [-0.1, -0.1])
    np.testing.assert_allclose(covered, slopes**2)
    np.testing.assert_allclose(mean, [1.0, 1.0])
