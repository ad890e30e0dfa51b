"""What importance weights say about an approximation."""

import pytest

from vicompile.infer.quality import quality_of


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
