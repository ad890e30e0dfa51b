"""What importance weights say about an approximation."""

import numpy as np
import pytest

from vicompile.infer.psis import pareto_k
from vicompile.infer.quality import Quality, quality_of

KINDS = ("good", "usable", "poor")


@pytest.mark.parametrize(
    ("variance", "k_hat", "expected"),
    [
        (0.0, -float("inf"), "good"),
        (0.05, 0.9, "good"),  # a heavy tail with no mass in it
        (0.15, 1.2, "poor"),  # one that is seen
        (0.3, 0.9, "usable"),
        (0.8, 0.6, "usable"),
        (0.8, 0.8, "poor"),
    ],
)
def test_quality(variance, k_hat, expected):
    assert quality_of(variance, k_hat) == expected


def test_another_limit():
    assert quality_of(0.25, 0.9, good=0.3) == "good"


def test_the_quality_of_weights() -> None:
    log_weights = np.random.default_rng(0).normal(size=1000)
    found = Quality.of(np.append(log_weights, [np.nan, -np.inf, np.inf]))
    assert found.variance == pytest.approx(log_weights.var())
    assert found.k_hat == pareto_k(np.append(log_weights, [-np.inf] * 3))
    assert found.kind == quality_of(found.variance, found.k_hat)
    assert Quality.of(np.full(30, -np.inf)) == Quality("poor", np.inf, np.inf)
    assert Quality.of(0.5 * log_weights, good=0.3).kind == "good"


def test_the_words() -> None:
    words = {kind: Quality(kind, 0.25, 0.5).in_words("it", if_usable="!", if_poor="?") for kind in KINDS}
    assert words == {
        "good": "it describes this posterior",
        "usable": "it is rough, and weighted draws are better!",
        "poor": "it does not describe this posterior?",
    }
    assert Quality("good", 0.25, 0.5).numbers == "Var(log w) = 0.25, k-hat = 0.50"
