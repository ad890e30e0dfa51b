"""Rows of the discrete families. See `distribution_rows`."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np
from distribution_row import Row, miss, plain, prob, xlog
from scipy import stats

import vicompile.distributions as dist


def choose(n: Any, k: Any) -> Any:
    return mp.loggamma(n + 1) - mp.loggamma(k + 1) - mp.loggamma(n - k + 1)


def negative_binomial(x: Any, count: Any, success: Any, failure: Any) -> Any:
    ways = mp.loggamma(x + count) - mp.loggamma(count) - mp.loggamma(x + 1)
    return ways + xlog(x, success) + count * mp.log(failure)


def of_rate(x: Any, concentration: Any, rate: Any) -> Any:
    return negative_binomial(x, concentration, 1 / (1 + rate), rate / (1 + rate))


def category(x: Any, p: dict[str, Any]) -> Any:
    return mp.log(shares(p)[int(x)])


def shares(p: dict[str, Any]) -> list[Any]:
    if "probs" in p:
        return list(p["probs"])
    weights = [mp.exp(logit) for logit in p["logits"]]
    return [weight / sum(weights) for weight in weights]


def categorical(**p: Any) -> Any:
    weights = np.array([float(s) for s in shares(p)])
    return stats.rv_discrete(values=(np.arange(len(weights)), weights / weights.sum()))


def multinomial(x: Any, count: Any, p: dict[str, Any]) -> Any:
    ways = mp.loggamma(count + 1) - sum(mp.loggamma(k + 1) for k in x)
    return ways + sum(xlog(k, share) for k, share in zip(x, shares(p)))


def dirichlet_multinomial(x: Any, concentration: Any, total_count: Any) -> Any:
    whole = sum(concentration)
    result = mp.loggamma(whole) + mp.loggamma(total_count + 1) - mp.loggamma(total_count + whole)
    for k, a in zip(x, concentration):
        result += mp.loggamma(k + a) - mp.loggamma(a) - mp.loggamma(k + 1)
    return result


def ordered(x: Any, predictor: Any, cutpoints: Any) -> Any:
    steps = [mp.mpf(0), *(1 / (1 + mp.exp(predictor - c)) for c in cutpoints), mp.mpf(1)]
    return mp.log(steps[int(x) + 1] - steps[int(x)])


def ordered_scipy(predictor: float, cutpoints: list[float]) -> Any:
    steps = np.array([0.0, *stats.logistic.cdf(np.array(cutpoints) - predictor), 1.0])
    return stats.rv_discrete(values=(np.arange(len(steps) - 1), np.diff(steps)))


def probit(x: Any, predictor: Any, cutpoints: Any) -> Any:
    def below(z: Any) -> Any:
        return mp.erfc(-z / mp.sqrt(2)) / 2

    gaps = [-mp.inf, *(c - predictor for c in cutpoints), mp.inf]
    low, high = gaps[int(x)], gaps[int(x) + 1]
    return mp.log(below(-low) - below(-high) if low > 0 else below(high) - below(low))


def probit_scipy(predictor: float, cutpoints: list[float]) -> Any:
    steps = np.array([0.0, *stats.norm.cdf(np.array(cutpoints) - predictor), 1.0])
    return stats.rv_discrete(values=(np.arange(len(steps) - 1), np.diff(steps)))


def discrete_weibull(x: Any, q: Any, beta: Any) -> Any:
    return mp.log(q ** (x**beta) - q ** ((x + 1) ** beta))


SHARES = [0.1, 0.25, 0.05, 0.6]
LOGITS = [0.3, -1.0, 2.0]
COUNTS = [0.0, 1.0, 4.0, 15.0]
BY_CATEGORY = [{"probs": SHARES}, {"logits": LOGITS}]
FAR_LOGITS = [0.0, 800.0, -800.0]
VECTORS = [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
LONG_VECTORS = [[3.0, 2.0, 0.0, 7.0], [0.0, 0.0, 12.0, 0.0]]

ROWS = [
    Row(
        dist.NegativeBinomial, [{"total_count": 4.5, "probs": 0.6}, {"total_count": 0.7, "logits": -0.5}], COUNTS,
        lambda x, **p: negative_binomial(x, p["total_count"], prob(p), miss(p)),
        lambda total_count, **p: stats.nbinom(total_count, 1 - plain(p)),
        [
            ({"total_count": 3.0, "logits": 700.0}, 2.0, 2100), ({"total_count": 3.0, "logits": -700.0}, 2.0, 0),
            ({"total_count": 1e7, "logits": -13.0}, 20.0, 320), ({"total_count": 3.0, "probs": 0.0}, 0.0, 2),
            ({"total_count": 1e-8, "logits": 0.5}, 3.0, 20),
        ],
        has_scipy_entropy=False,
    ),
    Row(
        dist.GammaPoisson, [{"concentration": 4.5, "rate": 0.8}, {"concentration": 0.7, "rate": 2.0}], COUNTS,
        lambda x, concentration, rate: of_rate(x, concentration, rate),
        lambda concentration, rate: stats.nbinom(concentration, rate / (1 + rate)),
        [
            ({"concentration": 3.0, "rate": 1e-300}, 2.0, 2100), ({"concentration": 3.0, "rate": 1e300}, 2.0, 1400),
            ({"concentration": 1e10, "rate": 1e10}, 1.0, 30),
        ],
    ),
    Row(
        dist.NegativeBinomial2, [{"mean": 4.5, "concentration": 2.0}, {"mean": 1.5, "concentration": 0.7}], COUNTS,
        lambda x, mean, concentration: of_rate(x, concentration, concentration / mean),
        lambda mean, concentration: stats.nbinom(concentration, concentration / (mean + concentration)),
        [({"mean": 5.0, "concentration": 1e8}, 5.0, 150), ({"mean": 1e8, "concentration": 0.5}, 1e8, 20)],
    ),
    Row(
        dist.BetaBinomial,
        [
            {"concentration1": 2.5, "concentration0": 1.5, "total_count": 10},
            {"concentration1": 0.5, "concentration0": 0.7, "total_count": 4},
        ],
        [0.0, 1.0, 3.0, 4.0],
        lambda x, concentration1, concentration0, total_count: choose(total_count, x)
        + mp.log(mp.beta(x + concentration1, total_count - x + concentration0))
        - mp.log(mp.beta(concentration1, concentration0)),
        lambda concentration1, concentration0, total_count: stats.betabinom(
            total_count, concentration1, concentration0
        ),
        [
            ({"concentration1": 1e-8, "concentration0": 1.0, "total_count": 10}, 0.0, 19),
            ({"concentration1": 1e8, "concentration0": 2e8, "total_count": 10}, 3.0, 2e8),
        ],
    ),
    Row(
        dist.BetaNegativeBinomial,
        [
            {"concentration1": 2.0, "concentration0": 30.0, "n": 4.0},
            {"concentration1": 5.5, "concentration0": 25.0, "n": 8.0},
        ],
        [0.0, 1.0, 4.0, 9.0],
        lambda x, concentration1, concentration0, n: mp.loggamma(x + n) - mp.loggamma(n) - mp.loggamma(x + 1)
        + mp.log(mp.beta(concentration1 + x, concentration0 + n)) - mp.log(mp.beta(concentration1, concentration0)),
        lambda concentration1, concentration0, n: stats.betanbinom(n, concentration0, concentration1),
        [({"concentration1": 0.5, "concentration0": 0.5, "n": 0.5}, 1e8, 30)],
    ),
    Row(
        dist.DiscreteUniform, [{"low": -2, "high": 3}, {"low": 2, "high": 9}], [0.0, 1.0, 2.0, 7.0, 9.0],
        lambda x, low, high: -mp.log(high - low + 1),
        lambda low, high: stats.randint(low, high + 1),
        [({"low": -(10**15), "high": 10**15}, 3.0, 0), ({"low": 5, "high": 5}, 5.0, 1)],
    ),
    Row(
        dist.DiscreteWeibull, [{"q": 0.8, "beta": 1.3}, {"q": 0.5, "beta": 1.0}], [0.0, 1.0, 4.0, 9.0],
        discrete_weibull,
        lambda **p: tabulated(lambda x: discrete_weibull(x, **{k: mp.mpf(v) for k, v in p.items()}), 200),
        [
            ({"q": 0.999, "beta": 0.5}, 1e6, 10),
            ({"q": 1e-300, "beta": 2.0}, 1.0, 0),
            ({"q": 0.5, "beta": 1e-3}, 9.0, 9),
        ],
    ),
    Row(
        dist.HyperGeometric, [{"N": 20, "k": 7, "n": 12}, {"N": 15, "k": 10, "n": 9}], [0.0, 4.0, 5.0, 7.0],
        lambda x, N, k, n: choose(k, x) + choose(N - k, n - x) - choose(N, n),
        lambda N, k, n: stats.hypergeom(N, k, n),
        [({"N": 10**6, "k": 10**5, "n": 10**5}, 10000.0, 4e5), ({"N": 5, "k": 0, "n": 3}, 0.0, 3)],
        has_scipy_entropy=False,
    ),
    Row(
        dist.Categorical, BY_CATEGORY, [0.0, 1.0, 2.0, 3.0], lambda x, **p: category(x, p), categorical,
        [
            ({"logits": FAR_LOGITS}, 0.0, 800), ({"logits": FAR_LOGITS}, 1.0, 0), ({"logits": FAR_LOGITS}, 2.0, 1600),
            ({"probs": [1e-300, 1.0]}, 0.0, 0), ({"probs": [0.0, 1.0]}, 1.0, 0),
        ],
    ),
    Row(
        dist.OrderedLogistic,
        [{"predictor": 0.4, "cutpoints": [-1.0, 0.5, 2.0]}, {"predictor": -2.0, "cutpoints": [0.3]}],
        [0.0, 1.0, 2.0, 3.0],
        ordered, ordered_scipy,
        [
            ({"predictor": 800.0, "cutpoints": [0.0, 1.0]}, 0.0, 0),
            ({"predictor": 800.0, "cutpoints": [0.0, 1.0]}, 1.0, 0),
            ({"predictor": -500.0, "cutpoints": [0.0, 1e-9]}, 1.0, 500),
            ({"predictor": 0.0, "cutpoints": [-1e-14, 1e-14]}, 1.0, 30),
        ],
    ),
    Row(
        dist.OrderedProbit,
        [{"predictor": 0.4, "cutpoints": [-1.0, 0.5, 2.0]}, {"predictor": -2.0, "cutpoints": [0.3]}],
        [0.0, 1.0, 2.0, 3.0],
        probit, probit_scipy,
        [
            ({"predictor": 50.0, "cutpoints": [0.0, 1.0]}, 0.0, 0),
            ({"predictor": 50.0, "cutpoints": [0.0, 1.0]}, 1.0, 0),
            ({"predictor": -50.0, "cutpoints": [0.0, 1.0]}, 2.0, 0),
            ({"predictor": -50.0, "cutpoints": [0.0, 1.0]}, 1.0, 0),
            ({"predictor": 1000.0, "cutpoints": [0.0, 1.0]}, 2.0, 0),
        ],
    ),
    Row(
        dist.OneHotCategorical, [{"probs": [0.2, 0.5, 0.3]}, {"logits": LOGITS}], VECTORS,
        lambda x, **p: multinomial(x, mp.mpf(1), p),
        lambda **p: stats.multinomial(1, [float(s) for s in shares(p)]),
        [({"logits": FAR_LOGITS}, VECTORS[2], 1600), ({"probs": [0.0, 1.0, 0.0]}, VECTORS[0], 0)],
    ),
    Row(
        dist.Multinomial, [{"total_count": 12, "probs": SHARES}, {"total_count": 12, "logits": [*LOGITS, 0.0]}],
        LONG_VECTORS,
        lambda x, **p: multinomial(x, p["total_count"], p),
        lambda total_count, **p: stats.multinomial(total_count, [float(s) for s in shares(p)]),
        [
            ({"total_count": 4, "logits": FAR_LOGITS}, [1.0, 3.0, 0.0], 3200),
            ({"total_count": 3, "probs": [0.0, 1.0]}, [0.0, 3.0], 2),
            ({"total_count": 0, "probs": [0.4, 0.6]}, [0, 0], 0),
        ],
    ),
    Row(
        dist.DirichletMultinomial,
        [{"concentration": [0.5, 2.0, 1.5, 7.0], "total_count": 12},
         {"concentration": [3.0, 1.0, 0.2, 4.0], "total_count": 12}],
        LONG_VECTORS,
        dirichlet_multinomial,
        lambda concentration, total_count: stats.dirichlet_multinomial(concentration, total_count),
        [
            ({"concentration": [1e10, 3e10], "total_count": 5}, [2.0, 3.0], 250),
            ({"concentration": [1e-10, 1e-10], "total_count": 5}, [0.0, 5.0], 48),
        ],
    ),
    # The names of one parameter each have the functions of the families above.
    *(
        Row(kind, [setting], points, exact, scipy, has_scipy_entropy=False)
        for kind, setting, points, exact, scipy in (
            (dist.BernoulliProbs, {"probs": 0.3}, [0.0, 1.0], lambda x, probs: mp.log(probs if x == 1 else 1 - probs),
             lambda probs: stats.bernoulli(probs)),
            (dist.BernoulliLogits, {"logits": 0.8}, [0.0, 1.0],
             lambda x, logits: -mp.log1p(mp.exp(-logits if x == 1 else logits)),
             lambda logits: stats.bernoulli(1 / (1 + np.exp(-logits)))),
            (dist.BinomialProbs, {"probs": 0.3, "total_count": 7}, [0.0, 3.0, 7.0],
             lambda x, probs, total_count: choose(total_count, x) + xlog(x, probs) + xlog(total_count - x, 1 - probs),
             lambda probs, total_count: stats.binom(total_count, probs)),
            (dist.BinomialLogits, {"logits": 0.5, "total_count": 7}, [0.0, 3.0, 7.0],
             lambda x, **p: choose(p["total_count"], x) + xlog(x, prob(p)) + xlog(p["total_count"] - x, miss(p)),
             lambda total_count, **p: stats.binom(total_count, plain(p))),
            (dist.GeometricProbs, {"probs": 0.3}, COUNTS, lambda x, **p: xlog(x, miss(p)) + mp.log(prob(p)),
             lambda probs: stats.geom(probs, -1)),
            (dist.GeometricLogits, {"logits": -0.3}, COUNTS, lambda x, **p: xlog(x, miss(p)) + mp.log(prob(p)),
             lambda **p: stats.geom(plain(p), -1)),
            (dist.NegativeBinomialProbs, {"total_count": 4.5, "probs": 0.4}, COUNTS,
             lambda x, total_count, probs: negative_binomial(x, total_count, probs, 1 - probs),
             lambda total_count, probs: stats.nbinom(total_count, 1 - probs)),
            (dist.NegativeBinomialLogits, {"total_count": 4.5, "logits": 0.4}, COUNTS,
             lambda x, total_count, **p: negative_binomial(x, total_count, prob(p), miss(p)),
             lambda total_count, **p: stats.nbinom(total_count, 1 - plain(p))),
            (dist.CategoricalProbs, {"probs": SHARES}, [0.0, 3.0], lambda x, **p: category(x, p), categorical),
            (dist.CategoricalLogits, {"logits": LOGITS}, [0.0, 2.0], lambda x, **p: category(x, p), categorical),
            (dist.OneHotCategoricalProbs, {"probs": [0.2, 0.5, 0.3]}, VECTORS,
             lambda x, **p: multinomial(x, mp.mpf(1), p), lambda probs: stats.multinomial(1, probs)),
            (dist.OneHotCategoricalLogits, {"logits": LOGITS}, VECTORS, lambda x, **p: multinomial(x, mp.mpf(1), p),
             lambda **p: stats.multinomial(1, [float(s) for s in shares(p)])),
            (dist.MultinomialProbs, {"probs": SHARES, "total_count": 12}, LONG_VECTORS,
             lambda x, **p: multinomial(x, p["total_count"], p),
             lambda probs, total_count: stats.multinomial(total_count, probs)),
            (dist.MultinomialLogits, {"logits": [*LOGITS, 0.0], "total_count": 12}, LONG_VECTORS,
             lambda x, **p: multinomial(x, p["total_count"], p),
             lambda total_count, **p: stats.multinomial(total_count, [float(s) for s in shares(p)])),
        )
    ),
]  # fmt: skip


def tabulated(log_mass: Any, count: int) -> Any:
    """A law on the whole numbers below `count` with this log mass, as SciPy has them."""
    masses = np.array([float(mp.exp(log_mass(mp.mpf(k)))) for k in range(count)])
    return stats.rv_discrete(values=(np.arange(count), masses / masses.sum()))
