"""One row of test data per distribution. The general tests run on every row; a distribution without one fails a test.
The columns are explained in `distribution_row`; the later families have files of their own.
"""

from __future__ import annotations

import mpmath as mp
from distribution_row import LOC_SCALE, POSITIVES, REALS, Row, miss, plain, prob, xlog, z
from rows_continuous_positive import ROWS as POSITIVE_ROWS
from rows_continuous_real import ROWS as REAL_ROWS
from rows_discrete import ROWS as DISCRETE_ROWS
from rows_multivariate import ROWS as MULTIVARIATE_ROWS
from rows_wrappers import ROWS as WRAPPER_ROWS
from scipy import stats

import vicompile.distributions as dist

ROWS = [
    Row(
        dist.Normal, LOC_SCALE, REALS,
        lambda x, **p: -z(x, p) ** 2 / 2 - mp.log(p["scale"]) - mp.log(2 * mp.pi) / 2,
        lambda loc, scale: stats.norm(loc, scale),
        [
            ({"loc": 0.0, "scale": 1.0}, 1e150, 0),
            ({"loc": 3.0, "scale": 1e-300}, 3.0, 0),
            ({"loc": 0.0, "scale": 1e300}, 1.0, 0),
        ],
    ),
    Row(
        dist.HalfNormal, [{"scale": 1.0}, {"scale": 0.2}], [0.0, *POSITIVES],
        lambda x, **p: -(x / p["scale"]) ** 2 / 2 - mp.log(p["scale"]) + mp.log(2 / mp.pi) / 2,
        lambda scale: stats.halfnorm(0, scale),
        [({"scale": 1e-200}, 1e-200, 0), ({"scale": 1.0}, 1e100, 0)],
    ),
    Row(
        dist.LogNormal, [{"loc": 0.0, "scale": 0.5}, {"loc": 1.0, "scale": 0.25}], POSITIVES,
        lambda x, **p: -((mp.log(x) - p["loc"]) / p["scale"]) ** 2 / 2 - mp.log(p["scale"] * x) - mp.log(2 * mp.pi) / 2,
        lambda loc, scale: stats.lognorm(scale, 0, mp.exp(loc).__float__()),
        [({"loc": 0.0, "scale": 1.0}, 1e-300, 3e5), ({"loc": 0.0, "scale": 1.0}, 1e300, 3e5)],
    ),
    Row(
        dist.StudentT, [{"df": 9.0, "loc": 0.0, "scale": 1.0}, {"df": 12.5, "loc": 0.4, "scale": 2.0}], REALS,
        lambda x, **p: mp.loggamma((p["df"] + 1) / 2) - mp.loggamma(p["df"] / 2) - mp.log(p["df"] * mp.pi) / 2
        - mp.log(p["scale"]) - (p["df"] + 1) / 2 * mp.log1p(z(x, p) ** 2 / p["df"]),
        lambda df, loc, scale: stats.t(df, loc, scale),
        [
            ({"df": 3.0, "loc": 0.0, "scale": 1.0}, 1e100, 0),
            ({"df": 1e15, "loc": 0.0, "scale": 1.0}, 1.5, 17),
            ({"df": 1e-3, "loc": 0.0, "scale": 1.0}, 1.5, 8),
            ({"df": 200.0, "loc": 0.0, "scale": 1.0}, 3.0, 5),
            ({"df": 1e8, "loc": 0.0, "scale": 1.0}, 30.0, 0),
            ({"df": 1e8, "loc": 0.0, "scale": 1.0}, 1e5, 0),
        ],
        needs_gamma=True,
    ),
    Row(
        dist.Cauchy, LOC_SCALE, REALS,
        lambda x, **p: -mp.log1p(z(x, p) ** 2) - mp.log(p["scale"] * mp.pi),
        lambda loc, scale: stats.cauchy(loc, scale),
        [({"loc": 0.0, "scale": 1.0}, -1e150, 0), ({"loc": 0.0, "scale": 1e-100}, 1.0, 461)],
        four_moments=False,
    ),
    Row(
        dist.HalfCauchy, [{"scale": 1.0}, {"scale": 25.0}], [0.0, *POSITIVES],
        lambda x, **p: -mp.log1p((x / p["scale"]) ** 2) - mp.log(p["scale"]) + mp.log(2 / mp.pi),
        lambda scale: stats.halfcauchy(0, scale),
        [({"scale": 1.0}, 1e150, 0), ({"scale": 1e150}, 1.0, 0)],
        four_moments=False,
    ),
    Row(
        dist.Exponential, [{"rate": 1.0}, {"rate": 4.0}], [0.0, *POSITIVES],
        lambda x, **p: mp.log(p["rate"]) - p["rate"] * x,
        lambda rate: stats.expon(0, 1 / rate),
        [({"rate": 1e-300}, 1e300, 691), ({"rate": 1e300}, 0.0, 0)],
    ),
    Row(
        dist.Gamma, [{"concentration": 3.0, "rate": 1.0}, {"concentration": 1.5, "rate": 4.0}], POSITIVES,
        lambda x, **p: p["concentration"] * mp.log(p["rate"]) - mp.loggamma(p["concentration"])
        + xlog(p["concentration"] - 1, x) - p["rate"] * x,
        lambda concentration, rate: stats.gamma(concentration, 0, 1 / rate),
        [
            ({"concentration": 1e6, "rate": 1.0}, 1e6, 1.4e7),
            ({"concentration": 1e6, "rate": 1e6}, 1.0, 1.4e7),
            ({"concentration": 1e-3, "rate": 1.0}, 1e-300, 691),
            ({"concentration": 1.0, "rate": 2.0}, 0.0, 0),
            ({"concentration": 2.0, "rate": 2.0}, 0.0, 0),
        ],
        needs_gamma=True,
        one_gamma=True,
    ),
    Row(
        dist.InverseGamma, [{"concentration": 9.0, "rate": 2.0}, {"concentration": 6.5, "rate": 1.0}], POSITIVES,
        lambda x, **p: p["concentration"] * mp.log(p["rate"]) - mp.loggamma(p["concentration"])
        - (p["concentration"] + 1) * mp.log(x) - p["rate"] / x,
        lambda concentration, rate: stats.invgamma(concentration, 0, rate),
        [({"concentration": 1e-3, "rate": 1.0}, 1e300, 691), ({"concentration": 1e6, "rate": 1e6}, 1.0, 1.4e7)],
        needs_gamma=True,
        one_gamma=True,
    ),
    Row(
        dist.Beta,
        [{"concentration1": 2.5, "concentration0": 1.5}, {"concentration1": 10.0, "concentration0": 30.0}],
        [1e-3, 0.1, 0.5, 0.97],
        lambda x, **p: xlog(p["concentration1"] - 1, x) + xlog(p["concentration0"] - 1, 1 - x)
        - mp.log(mp.beta(p["concentration1"], p["concentration0"])),
        lambda concentration1, concentration0: stats.beta(concentration1, concentration0),
        [
            ({"concentration1": 1e-3, "concentration0": 1e-3}, 1e-300, 691),
            ({"concentration1": 1e-3, "concentration0": 2.0}, 0.5, 0),
            ({"concentration1": 1.0, "concentration0": 1.0}, 0.0, 1),
            ({"concentration1": 1.0, "concentration0": 3.0}, 0.0, 0),
            ({"concentration1": 2.0, "concentration0": 1.0}, 0.0, 0),
            ({"concentration1": 1e5, "concentration0": 2e5}, 0.3333, 3e5),
        ],
        needs_gamma=True,
    ),
    Row(
        dist.Uniform, [{"low": 0.0, "high": 1.0}, {"low": -2.0, "high": 3.5}], [0.0, 0.3, 1.0],
        lambda x, **p: -mp.log(p["high"] - p["low"]),
        lambda low, high: stats.uniform(low, high - low),
        [({"low": -1e300, "high": 1e300}, 0.0, 0), ({"low": 0.0, "high": 1e-300}, 0.0, 0)],
    ),
    Row(
        dist.Laplace, [{"loc": 0.0, "scale": 1.0}, {"loc": -1.5, "scale": 0.3}], REALS,
        lambda x, **p: -abs(z(x, p)) - mp.log(2 * p["scale"]),
        lambda loc, scale: stats.laplace(loc, scale),
        [({"loc": 0.0, "scale": 1.0}, -1e300, 0), ({"loc": 1.0, "scale": 1e-300}, 1.0, 0)],
        kinks=(0.0,),
    ),
    Row(
        dist.Logistic, LOC_SCALE, REALS,
        lambda x, **p: -z(x, p) - 2 * mp.log1p(mp.exp(-z(x, p))) - mp.log(p["scale"]),
        lambda loc, scale: stats.logistic(loc, scale),
        [({"loc": 0.0, "scale": 1.0}, -1e5, 2e5), ({"loc": 0.0, "scale": 1.0}, 1e5, 0)],
    ),
    Row(
        dist.Gumbel, LOC_SCALE, REALS,
        lambda x, **p: -z(x, p) - mp.exp(-z(x, p)) - mp.log(p["scale"]),
        lambda loc, scale: stats.gumbel_r(loc, scale),
        [({"loc": 0.0, "scale": 1.0}, 1e5, 0), ({"loc": 0.0, "scale": 1.0}, -20.0, 0)],
    ),
    Row(
        dist.Weibull, [{"scale": 1.0, "concentration": 1.7}, {"scale": 3.0, "concentration": 2.5}], POSITIVES,
        lambda x, **p: mp.log(p["concentration"] / p["scale"]) + xlog(p["concentration"] - 1, x / p["scale"])
        - (x / p["scale"]) ** p["concentration"],
        lambda scale, concentration: stats.weibull_min(concentration, 0, scale),
        [({"scale": 2.0, "concentration": 1.0}, 0.0, 0), ({"scale": 1.0, "concentration": 0.1}, 1e-300, 691)],
    ),
    Row(
        dist.Delta, [{"v": 0.0, "log_density": 0.0}, {"v": 1.5, "log_density": -0.25}], [0.0, 1.5, 2.0],
        lambda x, **p: p["log_density"] if x == p["v"] else -mp.inf,
        None,
        four_moments=False,
    ),
    Row(
        dist.Bernoulli, [{"probs": 0.3}, {"logits": 1.25}], [0.0, 1.0],
        lambda x, **p: mp.log(prob(p)) if x == 1 else mp.log(miss(p)),
        lambda **p: stats.bernoulli(plain(p)),
        [
            ({"logits": 700.0}, 1.0, 0), ({"logits": 700.0}, 0.0, 0),
            ({"logits": -700.0}, 1.0, 0), ({"logits": -700.0}, 0.0, 0),
            ({"probs": 1e-300}, 1.0, 0), ({"probs": 1e-300}, 0.0, 0),
        ],
    ),
    Row(
        dist.Poisson, [{"rate": 4.5}, {"rate": 0.1}], [0.0, 1.0, 7.0, 30.0],
        lambda x, **p: xlog(x, p["rate"]) - p["rate"] - mp.loggamma(x + 1),
        lambda rate: stats.poisson(rate),
        [({"rate": 1e-12}, 0.0, 0), ({"rate": 1e-12}, 3.0, 0), ({"rate": 1e8}, 1e8, 1.9e9), ({"rate": 1e8}, 0.0, 0)],
        has_scipy_entropy=False,
    ),
    Row(
        dist.Binomial, [{"total_count": 12, "probs": 0.3}, {"total_count": 5, "logits": -0.5}], [0.0, 1.0, 4.0, 5.0],
        lambda x, **p: (
            mp.log(mp.binomial(p["total_count"], x)) + xlog(x, prob(p)) + xlog(p["total_count"] - x, miss(p))
        ),
        lambda total_count, **p: stats.binom(total_count, plain(p)),
        [
            ({"total_count": 10, "logits": 700.0}, 10.0, 2.4), ({"total_count": 10, "logits": -700.0}, 1.0, 0),
            ({"total_count": 10, "probs": 0.0}, 0.0, 2.4), ({"total_count": 10, "probs": 1.0}, 10.0, 2.4),
            ({"total_count": 10**6, "probs": 0.25}, 250000.0, 6e5),
        ],
        has_scipy_entropy=False,
    ),
    Row(
        dist.Geometric, [{"probs": 0.3}, {"logits": -0.8}], [0.0, 1.0, 4.0, 15.0],
        lambda x, **p: xlog(x, miss(p)) + mp.log(prob(p)),
        lambda **p: stats.geom(plain(p), -1),
        [
            ({"probs": 1.0}, 0.0, 0),
            ({"probs": 1e-12}, 1e12, 0),
            ({"logits": 700.0}, 0.0, 0),
            ({"logits": -700.0}, 3.0, 0),
        ],
        has_scipy_entropy=False,
    ),
    *POSITIVE_ROWS,
    *REAL_ROWS,
    *DISCRETE_ROWS,
    *WRAPPER_ROWS,
    *MULTIVARIATE_ROWS,
]  # fmt: skip

BY_NAME = {row.kind.__name__: row for row in ROWS}
CASES = [(row, setting) for row in ROWS for setting in row.settings]
CASE_NAMES = [f"{row.kind.__name__}-{k}" for row in ROWS for k in range(len(row.settings))]


def gamma_draws_exist() -> bool:
    """The pathwise gamma draw is a part of the graph's primitives."""
    try:
        import vicompile.reference.gamma  # noqa: F401
    except ImportError:
        return False
    return True
