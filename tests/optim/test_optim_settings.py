"""The public optimizers: their hyperparameters under one set of names, whichever way they are given."""

from __future__ import annotations

import pytest

from vicompile.optim import SGD, Adam, ClippedAdam


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


@pytest.mark.parametrize("kind", [Adam, ClippedAdam, SGD])
def test_defaults_are_in_the_order_of_the_names(kind: type) -> None:
    assert tuple(kind().hyperparameters("w")) == kind.hyper_names
    assert kind().hyperparameters("w") == kind.defaults


def test_rules() -> None:
    assert (Adam.rule, ClippedAdam.rule, SGD.rule) == ("adam", "clipped_adam", "sgd")
    assert ClippedAdam({"lr": 0.01, "clip_norm": 5, "lrd": 0.999}).hyperparameters("w")["lrd"] == 0.999
    assert SGD({"lr": 0.1, "momentum": 0.9}).hyperparameters("w") == {"lr": 0.1, "momentum": 0.9}


def test_the_run_time_knows_every_rule_and_its_order() -> None:
    optimizers = pytest.importorskip("vicompile.svi.optimizers")
    for kind in (Adam, ClippedAdam, SGD):
        assert optimizers.RULES[kind.rule].hyper_names == kind.hyper_names


def test_hyperparameters_by_name() -> None:
    adam = Adam(lambda name: {"lr": 0.0} if name == "frozen" else {"lr": 0.1})
    assert adam.hyperparameters("frozen")["lr"] == 0.0
    assert adam.hyperparameters("free") == {**Adam.defaults, "lr": 0.1}
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
        (lambda: Adam(lambda name: {}, eps=1.0), TypeError, "not both"),
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
