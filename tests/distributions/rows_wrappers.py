"""Rows of the distributions made of other distributions. See `distribution_rows`.

The parameters of an inner distribution are those of its `params`, as floats.
"""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np
from distribution_row import Row, xlog
from rows_discrete import shares, tabulated
from scipy import stats

import vicompile.distributions as dist
from vicompile.distributions import constraints, transforms

COUNTS = [0.0, 1.0, 4.0, 9.0]


def poisson(x: Any, rate: Any) -> Any:
    return xlog(x, rate) - rate - mp.loggamma(x + 1)


def normal(x: Any, loc: Any, scale: Any) -> Any:
    return -(((x - loc) / scale) ** 2) / 2 - mp.log(scale) - mp.log(2 * mp.pi) / 2


def normal_cdf(x: Any, loc: Any, scale: Any) -> Any:
    return mp.erfc((loc - x) / scale / mp.sqrt(2)) / 2


def unwrapped(x: Any, base_dist: Any) -> Any:
    loc, concentration = inner(base_dist)
    of_angle = concentration * mp.cos(x - loc) - mp.log(2 * mp.pi * mp.besseli(0, concentration))
    # Seen from the lower tail, where the two cdfs do not cancel.
    low, high = ((-abs(x) + end) / (2 * mp.pi) for end in (-mp.pi, mp.pi))
    return of_angle + mp.log(1 / (1 + mp.exp(-high)) - 1 / (1 + mp.exp(-low)))


def weibull_survival(x: Any, scale: Any, concentration: Any) -> Any:
    return mp.exp(-((x / scale) ** concentration))


def inner(one: Any) -> list[Any]:
    """The parameters of a distribution in mpmath."""
    return [mp.mpf(float(value)) for value in one.params.values()]


def gates(p: dict[str, Any]) -> tuple[Any, Any]:
    if "gate" in p:
        return p["gate"], 1 - p["gate"]
    return 1 / (1 + mp.exp(-p["gate_logits"])), 1 / (1 + mp.exp(p["gate_logits"]))


def zero_inflated(x: Any, base_dist: Any, **p: Any) -> Any:
    closed, opened = gates(p)
    return mp.log((closed if x == 0 else 0) + opened * mp.exp(poisson(x, *inner(base_dist))))


def hurdle(x: Any, base_dist: Any, **p: Any) -> Any:
    closed, opened = gates(p)
    (rate,) = inner(base_dist)
    return mp.log(closed) if x == 0 else mp.log(opened) + poisson(x, rate) - mp.log(-mp.expm1(-rate))


def as_table(exact: Any) -> Any:
    def law(**p: Any) -> Any:
        converted = {k: mp.mpf(v) if isinstance(v, float) else v for k, v in p.items()}
        return tabulated(lambda x: exact(x, **converted), 60)

    return law


def truncated(x: Any, base_dist: Any, low: Any = -mp.inf, high: Any = mp.inf) -> Any:
    parameters = inner(base_dist)
    mean = parameters[0]
    if low > mean:  # the tail on the other side keeps the digits
        mass = normal_cdf(2 * mean - low, *parameters) - normal_cdf(2 * mean - high, *parameters)
    else:
        mass = normal_cdf(high, *parameters) - normal_cdf(low, *parameters)
    return normal(x, *parameters) - mp.log(mass)


def truncated_scipy(base_dist: Any, low: float = -np.inf, high: float = np.inf) -> Any:
    loc, scale = (float(v) for v in base_dist.params.values())
    return stats.truncnorm((low - loc) / scale, (high - loc) / scale, loc, scale)


def left_censored(x: Any, base_dist: Any, censored: Any) -> Any:
    return mp.log(normal_cdf(x, *inner(base_dist))) if censored else normal(x, *inner(base_dist))


def right_censored(x: Any, base_dist: Any, censored: Any) -> Any:
    scale, concentration = inner(base_dist)
    if censored:
        return mp.log(weibull_survival(x, scale, concentration))
    z = x / scale
    return mp.log(concentration / scale) + (concentration - 1) * mp.log(z) - z**concentration


def interval_censored(x: Any, base_dist: Any, left_censored: Any, right_censored: Any) -> Any:
    lower, upper = x
    parameters = inner(base_dist)
    below, above = normal_cdf(lower, *parameters), normal_cdf(2 * parameters[0] - upper, *parameters)
    if left_censored:
        return mp.log(below + above) if right_censored else mp.log(normal_cdf(upper, *parameters))
    if right_censored:
        return mp.log(normal_cdf(2 * parameters[0] - lower, *parameters))
    if lower == upper:
        return normal(lower, *parameters)
    return mp.log(normal_cdf(upper, *parameters) - below)


def mixture(x: Any, mixing_distribution: Any, component: Any) -> Any:
    weights = shares({k: [mp.mpf(float(v)) for v in value] for k, value in mixing_distribution.params.items()})
    locs, scales = (np.broadcast_to(v, len(weights)) for v in component.params.values())
    return mp.log(sum(w * mp.exp(normal(x, mp.mpf(m), mp.mpf(s))) for w, m, s in zip(weights, locs, scales)))


def general(x: Any, mixing_distribution: Any, component_distributions: Any) -> Any:
    weights = shares({k: [mp.mpf(float(v)) for v in value] for k, value in mixing_distribution.params.items()})
    densities = [normal(x, *inner(component_distributions[0])), logistic(x, *inner(component_distributions[1]))]
    return mp.log(sum(w * mp.exp(d) for w, d in zip(weights, densities)))


def logistic(x: Any, loc: Any, scale: Any) -> Any:
    z = (x - loc) / scale
    return -z - mp.log(scale) - 2 * mp.log1p(mp.exp(-z))


def relaxed(x: Any, temperature: Any, **p: Any) -> Any:
    odds = p["probs"] / (1 - p["probs"]) if "probs" in p else mp.exp(p["logits"])
    a, b = x ** (-temperature), (1 - x) ** (-temperature)
    top = mp.log(temperature) + mp.log(odds) - (temperature + 1) * (mp.log(x) + mp.log(1 - x))
    return top - 2 * mp.log(odds * a + b)


def relaxed_one_hot(x: Any, temperature: Any, **p: Any) -> Any:
    count, weights = len(x), shares(p)
    powers = [w * v ** (-temperature) for w, v in zip(weights, x)]
    terms = sum(mp.log(power / v) for power, v in zip(powers, x))
    return mp.loggamma(count) + (count - 1) * mp.log(temperature) + terms - count * mp.log(sum(powers))


def transformed(x: Any, base_dist: Any, transforms: Any) -> Any:
    """By hand: the density of the source, over the slope of the map."""
    if not isinstance(transforms, list):
        return normal(mp.log(x), *inner(base_dist)) - mp.log(x)
    loc, scale = mp.mpf(0.7), mp.mpf(-1.5)
    source = (mp.log(x / (1 - x)) - loc) / scale
    return normal(source, *inner(base_dist)) - mp.log(abs(scale) * x * (1 - x))


def broken_sticks(x: Any, base_dist: Any, transforms: Any) -> Any:
    """Each element is a share of what is left: the sigmoid of the source less log(number of elements still to come)."""
    locs, scale = base_dist.loc, mp.mpf(float(base_dist.scale))
    left, result = mp.mpf(1), mp.mpf(0)
    for k, loc in enumerate(locs):
        share = x[k] / left
        source = mp.log(share / (1 - share)) + mp.log(len(locs) - k)
        result += normal(source, mp.mpf(float(loc)), scale) - mp.log(left * share * (1 - share))
        left -= x[k]
    return result


STANDARD = dist.Normal(0.0, 1.0)
POINTS = [-3.0, -0.7, 0.2, 1.9, 8.0]
PAIR = dist.Categorical([0.3, 0.7])

ROWS = [
    *(
        Row(kind, settings, COUNTS, zero_inflated, as_table(zero_inflated), extremes, has_scipy_entropy=False)
        for kind, settings, extremes in (
            (
                dist.ZeroInflatedDistribution,
                [{"base_dist": dist.Poisson(2.5), "gate": 0.3}, {"base_dist": dist.Poisson(0.5), "gate_logits": -0.7}],
                [
                    ({"base_dist": dist.Poisson(800.0), "gate": 0.0}, 0.0, 0),
                    ({"base_dist": dist.Poisson(800.0), "gate": 1e-300}, 0.0, 0),
                    ({"base_dist": dist.Poisson(2.0), "gate": 1.0}, 0.0, 2),
                    ({"base_dist": dist.Poisson(2.0), "gate": 1.0}, 3.0, 0),
                    ({"base_dist": dist.Poisson(2.0), "gate_logits": 800.0}, 3.0, 0),
                    ({"base_dist": dist.Poisson(2.0), "gate_logits": -800.0}, 0.0, 0),
                    ({"base_dist": dist.Poisson(1e-20), "gate_logits": -800.0}, 0.0, 0),
                ],
            ),
            (dist.ZeroInflatedProbs, [{"base_dist": dist.Poisson(2.5), "gate": 0.3}], []),
            (dist.ZeroInflatedLogits, [{"base_dist": dist.Poisson(2.5), "gate_logits": 0.3}], []),
        )
    ),
    *(
        Row(kind, settings, COUNTS, hurdle, as_table(hurdle), extremes, has_scipy_entropy=False)
        for kind, settings, extremes in (
            (
                dist.HurdleDistribution,
                [{"base_dist": dist.Poisson(2.5), "gate": 0.3}, {"base_dist": dist.Poisson(0.5), "gate_logits": -0.7}],
                [
                    ({"base_dist": dist.Poisson(1e-12), "gate": 0.25}, 1.0, 28),
                    ({"base_dist": dist.Poisson(800.0), "gate": 0.0}, 0.0, 0),
                    ({"base_dist": dist.Poisson(2.0), "gate_logits": 800.0}, 3.0, 0),
                ],
            ),
            (dist.HurdleProbs, [{"base_dist": dist.Poisson(2.5), "gate": 0.3}], []),
            (dist.HurdleLogits, [{"base_dist": dist.Poisson(2.5), "gate_logits": 0.3}], []),
        )
    ),
    *(
        Row(kind, settings, POINTS, truncated, truncated_scipy, extremes)
        for kind, settings, extremes in (
            (
                dist.TruncatedDistribution,
                [
                    {"base_dist": dist.Normal(0.3, 1.5), "low": -1.0, "high": 2.0},
                    {"base_dist": STANDARD, "low": 8.0},
                    {"base_dist": STANDARD, "high": -1.0},
                ],
                [
                    ({"base_dist": STANDARD, "low": 40.0, "high": 41.0}, 40.01, 800),
                    ({"base_dist": STANDARD, "low": -41.0, "high": -40.0}, -40.01, 800),
                    ({"base_dist": STANDARD, "low": 1e8}, 1e8, 5e15),
                    ({"base_dist": STANDARD, "low": -1e-9, "high": 1e-9}, 0.0, 1e9),
                ],
            ),
            (dist.LeftTruncatedDistribution, [{"base_dist": dist.Normal(0.3, 1.5), "low": -2.0}], []),
            (dist.RightTruncatedDistribution, [{"base_dist": dist.Normal(0.3, 1.5), "high": 2.0}], []),
            (
                dist.TwoSidedTruncatedDistribution,
                [{"base_dist": dist.Normal(0.3, 1.5), "low": -1.0, "high": 2.0}],
                [],
            ),
        )
    ),
    Row(
        dist.FoldedDistribution,
        [{"base_dist": dist.Normal(0.7, 1.5)}, {"base_dist": STANDARD}],
        [0.0, 0.2, 1.0, 4.0],
        lambda x, base_dist: mp.log(
            mp.exp(normal(x, *inner(base_dist))) + mp.exp(normal(-x, *inner(base_dist)))
        ),
        lambda base_dist: stats.foldnorm(base_dist.loc / base_dist.scale, 0, base_dist.scale),
        [({"base_dist": dist.Normal(50.0, 1.0)}, 50.0, 0), ({"base_dist": STANDARD}, 100.0, 0)],
    ),
    Row(
        dist.Unwrapped,
        [{"base_dist": dist.VonMises(0.4, 1.3)}, {"base_dist": dist.VonMises(-2.0, 5.0)}],
        [-9.0, -3.0, -0.4, 0.0, 2.0, 4.0, 7.0],
        unwrapped,
        None,
        [({"base_dist": dist.VonMises(0.4, 1.3)}, 1e5, 1e5), ({"base_dist": dist.VonMises(0.0, 1e5)}, 1e-3, 0)],
        four_moments=False,
    ),
    Row(
        dist.LeftCensoredDistribution,
        [{"base_dist": dist.Normal(0.3, 1.5), "censored": 0}, {"base_dist": dist.Normal(0.3, 1.5), "censored": 1}],
        POINTS,
        left_censored,
        None,
        [
            ({"base_dist": STANDARD, "censored": 1}, -1e5, 0),
            ({"base_dist": STANDARD, "censored": 1}, 5.0, 0),
        ],
        is_normalised=False,
    ),
    Row(
        dist.RightCensoredDistribution,
        [{"base_dist": dist.Weibull(2.0, 1.5), "censored": c} for c in (0, 1)],
        [0.1, 1.0, 5.0],
        right_censored,
        None,
        [({"base_dist": dist.Weibull(2.0, 1.5), "censored": 1}, 1e10, 0)],
        is_normalised=False,
    ),
    Row(
        dist.IntervalCensoredDistribution,
        [
            {"base_dist": dist.Normal(0.3, 1.5), "left_censored": a, "right_censored": b}
            for a, b in ((0, 0), (1, 0), (0, 1), (1, 1))
        ],
        [[-0.5, 1.0], [1.25, 1.25], [-3.0, 6.0]],
        interval_censored,
        None,
        [
            ({"base_dist": STANDARD, "left_censored": 0, "right_censored": 0}, [40.0, 41.0], 800),
            ({"base_dist": STANDARD, "left_censored": 0, "right_censored": 0}, [-41.0, -40.0], 800),
            ({"base_dist": STANDARD, "left_censored": 0, "right_censored": 0}, [-50.0, 1.0], 0),
            ({"base_dist": STANDARD, "left_censored": 0, "right_censored": 1}, [60.0, 61.0], 0),
        ],
        is_normalised=False,
    ),
    Row(
        dist.MixtureSameFamily,
        [
            {"mixing_distribution": PAIR, "component_distribution": dist.Normal([-1.0, 2.0], [0.5, 1.0])},
            {"mixing_distribution": dist.Categorical(logits=[0.1, 1.0, -1.0]),
             "component_distribution": dist.Normal([0.0, 1.0, 5.0], 1.5)},
        ],
        POINTS,
        lambda x, mixing_distribution, component_distribution: mixture(x, mixing_distribution, component_distribution),
        None,
        [
            ({"mixing_distribution": PAIR, "component_distribution": dist.Normal([-1.0, 2.0], 1.0)}, 1e3, 0),
            ({"mixing_distribution": dist.Categorical([0.0, 1.0]),
              "component_distribution": dist.Normal([-1.0, 2.0], 1.0)}, 0.5, 2),
        ],
    ),
    Row(
        dist.MixtureGeneral,
        [{"mixing_distribution": PAIR, "component_distributions": [dist.Normal(-1.0, 0.5), dist.Logistic(2.0, 1.5)]}],
        POINTS,
        general,
        None,
        [
            ({"mixing_distribution": PAIR,
              "component_distributions": [dist.Normal(-1.0, 0.5), dist.Logistic(2.0, 1.5)]}, 1e5, 0),
        ],
    ),
    Row(
        dist.RelaxedBernoulli,
        [{"temperature": 0.7, "probs": 0.3}, {"temperature": 2.0, "logits": 0.8}],
        [1e-3, 0.2, 0.5, 0.9],
        relaxed,
        None,
        [({"temperature": 0.5, "logits": 300.0}, 1e-300, 1300), ({"temperature": 0.5, "logits": -300.0}, 0.5, 0)],
    ),
    Row(
        dist.RelaxedOneHotCategorical,
        [{"temperature": 0.7, "probs": [0.2, 0.5, 0.3]}, {"temperature": 2.0, "logits": [0.3, -1.0, 2.0]}],
        [[0.1, 0.6, 0.3], [0.9, 0.05, 0.05]],
        relaxed_one_hot,
        None,
        [({"temperature": 0.5, "logits": [0.0, 300.0]}, [1.0 - 1e-12, 1e-12], 400)],
    ),
    Row(
        dist.TransformedDistribution,
        [
            {"base_dist": dist.Normal(0.3, 0.5), "transforms": transforms.ExpTransform()},
            {"base_dist": dist.Normal(0.3, 0.5),
             "transforms": [transforms.AffineTransform(0.7, -1.5), transforms.SigmoidTransform()]},
        ],
        [0.2, 0.9, 3.0],
        transformed,
        None,
        [({"base_dist": STANDARD, "transforms": transforms.ExpTransform()}, 1e-300, 3e5)],
    ),
    Row(
        dist.TransformedDistribution,
        [{"base_dist": dist.Normal([0.3, -0.2], 0.5), "transforms": transforms.StickBreakingTransform()}],
        [[0.2, 0.5, 0.3], [0.05, 0.05, 0.9]],
        broken_sticks,
        None,
    ),
    Row(dist.Unit, [{"log_factor": -1.5}], [], None, None),
    Row(
        dist.ImproperUniform,
        [{"support": constraints.positive}],
        [0.5, 3.0],
        lambda x, support: mp.mpf(0),
        None,
        is_normalised=False,
    ),
]  # fmt: skip
