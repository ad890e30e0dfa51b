"""The public optimizers: their hyperparameters under one set of names, whichever way they are given."""

from __future__ import annotations

import pytest

from vicompile import optim
from vicompile.optim import SGD, Adam, ClippedAdam, schedules


@pytest.mark.parametrize(
    "adam",
    [
        Adam({"lr": 0.01, "betas": (0.8, 0.99), "eps": 1e-6}),
        Adam(0.01, b1=0.8, b2=0.99, eps=1e-6),
        Adam(step_size=0.01, b1=0.8, b2=0.99, eps=1e-6),
        Adam(lr=0.01, betas=(0.8, 0.99), eps=1e-6),
        Adam(lambda name: {"lr": 0.01, "betas": (0.8, 0.99), "eps": 1e-6}),
        Adam({"lr": 0.01, "betas": (0.8, 0.99), "eps": 1e-6, "weight_decay": 0}),
    ],
)
def test_all_ways_to_say_the_same(adam: Adam) -> None:
    assert adam.hyperparameters("w") == {"lr": 0.01, "beta1": 0.8, "beta2": 0.99, "eps": 1e-6}


PUBLIC = [getattr(optim, name) for name in optim.__all__]
KINDS = [one for one in PUBLIC if isinstance(one, type) and hasattr(one, "rule")]


@pytest.mark.parametrize("kind", KINDS)
def test_defaults_are_in_the_order_of_the_names(kind: type) -> None:
    assert tuple(kind().hyperparameters("w")) == kind.rule.hyper_names
    assert kind().hyperparameters("w") == kind.rule.defaults


@pytest.mark.parametrize("kind", KINDS)
def test_defaults_are_allowed_values(kind: type) -> None:
    assert kind(kind.rule.defaults).hyperparameters("w") == kind.rule.defaults
    assert set(kind.rule.defaults) <= set(kind.rule.ranges)


@pytest.mark.parametrize("kind", KINDS)
def test_a_number_is_the_rate(kind: type) -> None:
    rate = kind.rule.hyper_names[0]
    assert rate in ("lr", "eta")
    assert kind(0.125).hyperparameters("w")[rate] == kind(step_size=0.125).hyperparameters("w")[rate] == 0.125


def test_names_of_the_peers() -> None:
    assert ClippedAdam({"lr": 0.01, "clip_norm": 5, "lrd": 0.999}).hyperparameters("w")["lrd"] == 0.999
    assert SGD({"lr": 0.1, "momentum": 0.9}).hyperparameters("w") == {"lr": 0.1, "momentum": 0.9}
    assert optim.Momentum(0.1, mass=0.5).hyperparameters("w") == {"lr": 0.1, "momentum": 0.5}
    assert optim.RMSProp(0.1, decay=0.5).hyperparameters("w")["alpha"] == 0.5
    assert optim.RMSprop is optim.RMSProp


def test_hyperparameters_by_name() -> None:
    adam = Adam(lambda name: {"lr": 0.0} if name == "frozen" else {"lr": 0.1})
    assert adam.hyperparameters("frozen")["lr"] == 0.0
    assert adam.hyperparameters("free") == {**Adam.rule.defaults, "lr": 0.1}
    adam.hyperparameters("free")["lr"] = 9.0
    assert adam.hyperparameters("free")["lr"] == 0.1
    fixed = Adam(0.5)
    fixed.hyperparameters("w")["lr"] = 9.0
    assert fixed.hyperparameters("w")["lr"] == 0.5


@pytest.mark.parametrize(
    ("make", "kind", "message"),
    [
        (lambda: Adam({"learning": 1}), TypeError, "Adam has no hyperparameter `learning`; it takes lr, eps, betas"),
        (lambda: Adam({"bets": (0.9, 0.9)}), TypeError, "the nearest is `betas`"),
        (lambda: Adam({"lr": -1}), ValueError, "Adam: the hyperparameter `lr` is -1, expected a finite number from 0"),
        (lambda: Adam({"lr": float("nan")}), ValueError, "`lr` is nan"),
        (lambda: Adam(float("inf")), ValueError, "`lr` is inf"),
        (lambda: Adam({"betas": (0.9, 1.0)}), ValueError, "`beta2` is 1, expected a number from 0, below 1"),
        (lambda: Adam({"betas": 0.9}), TypeError, "betas must be two numbers, got 0.9"),
        (lambda: Adam({"lr": "fast"}), TypeError, "`lr` must be a number, got 'fast'"),
        (lambda: Adam("fast"), TypeError, "`lr` must be a number, got 'fast'"),
        (lambda: Adam(0.1, lr=0.2), TypeError, "the learning rate is given twice"),
        (lambda: Adam({"lr": 0.1, "step_size": 0.2}), TypeError, "the hyperparameter `lr` is given twice"),
        (lambda: Adam({"weight_decay": 0.1}), TypeError, "weight_decay=0.1 is not supported; leave it out"),
        (lambda: SGD({"nesterov": True}), TypeError, "`Nesterov` is an optimizer of its own"),
        (lambda: Adam(lambda name: {}, eps=1.0), TypeError, "not both"),
        (lambda: Adam(lambda step: 0.1).hyperparameters("w"), TypeError, "a schedule is given by name"),
        (lambda: Adam(schedules.constant(0.1), lr=0.2), TypeError, "the learning rate is given twice"),
        (lambda: optim.AdagradRMSProp(0.1, eta=0.2), TypeError, "the learning rate is given twice"),
        (lambda: optim.AdagradRMSProp({"t": 0.0}), ValueError, "`t` is 0, expected a number above 0, at most 1"),
        (lambda: optim.DoWG(distance=0), ValueError, "`distance` is 0, expected a number above 0"),
        (lambda: optim.Clipped(Adam()), ValueError, "Clipped needs clip_norm or clip_value"),
        (lambda: optim.Clipped(Adam(), clip_norm=-1), ValueError, "Clipped: the hyperparameter `clip_norm` is -1"),
        (lambda: optim.Clipped(0.1, clip_norm=1), TypeError, "Clipped is put around an optimizer, got 0.1"),
        (lambda: optim.Averaged(Adam(), decay=1.0), ValueError, "Averaged: the hyperparameter `decay` is 1"),
        (lambda: optim.Averaged(Adam(), decay=0.9, power=1), ValueError, "either decay or power, not both"),
        (lambda: optim.Averaged(Adam(), start="late"), TypeError, "`start` must be a number, got 'late'"),
        (
            lambda: Adam(lambda name: 0.1).hyperparameters("w"),
            TypeError,
            "parameter `w`: the function must return a dict",
        ),
        (
            lambda: Adam(lambda name: {"lr": -1}).hyperparameters("w"),
            ValueError,
            "Adam, parameter `w`: the hyperparameter `lr`",
        ),
        (lambda: SGD({"momentum": 1.0}), ValueError, "`momentum` is 1"),
        (lambda: ClippedAdam({"clip_norm": 0}), ValueError, "`clip_norm` is 0, expected a number above 0"),
        (lambda: ClippedAdam({"lrd": 1.1}), ValueError, "`lrd` is 1.1"),
    ],
)
def test_faults_are_told(make, kind, message) -> None:
    with pytest.raises(kind, match=message):
        make()


def test_repr() -> None:
    assert repr(SGD(0.1)) == "SGD(lr=0.1, momentum=0)"
    assert repr(SGD(schedules.constant(0.1))) == "SGD(lr=constant(0.1), momentum=0)"
    assert repr(optim.Averaged(SGD(0.1), start=5)) == "Averaged(SGD(lr=0.1, momentum=0), start=5.0, power=0.0)"
