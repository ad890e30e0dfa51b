"""Rows of continuous distributions on the positive numbers and on intervals that do not touch the negative ones."""

from __future__ import annotations

from typing import Any

import mpmath as mp
from distribution_row import POSITIVES, Row, prob, xlog
from scipy import stats

import vicompile.distributions as dist


def beta(x: Any, a: Any, b: Any) -> Any:
    return xlog(a - 1, x) + xlog(b - 1, 1 - x) - mp.log(mp.beta(a, b))


def inverse_gamma(x: Any, a: Any, rate: Any) -> Any:
    return a * mp.log(rate) - mp.loggamma(a) - (a + 1) * mp.log(x) - rate / x


def continuous_bernoulli(x: Any, p: dict[str, Any]) -> Any:
    q = prob(p)
    constant = 2 if q == mp.mpf(1) / 2 else 2 * mp.atanh(1 - 2 * q) / (1 - 2 * q)
    return mp.log(constant) + xlog(x, q) + xlog(1 - x, 1 - q)


def power_law(x: Any, alpha: Any, low: Any, high: Any) -> Any:
    b = alpha + 1
    return alpha * mp.log(x) - mp.log(mp.log(high / low) if b == 0 else (high**b - low**b) / b)


ROWS = [
    Row(
        dist.AffineBeta,
        [
            {"concentration1": 2.5, "concentration0": 1.5, "loc": -0.5, "scale": 2.0},
            {"concentration1": 10.0, "concentration0": 30.0, "loc": -1.5, "scale": 4.0},
        ],
        [1e-3, 0.1, 0.5, 0.97],
        lambda x, **p: beta((x - p["loc"]) / p["scale"], p["concentration1"], p["concentration0"]) - mp.log(p["scale"]),
        lambda concentration1, concentration0, loc, scale: stats.beta(concentration1, concentration0, loc, scale),
        [({"concentration1": 1e-3, "concentration0": 1e-3, "loc": 0.0, "scale": 1e-100}, 1e-300, 691)],
        needs_gamma=True,
    ),
    Row(
        dist.BetaProportion, [{"mean": 0.6, "concentration": 4.0}, {"mean": 0.25, "concentration": 40.0}],
        [1e-3, 0.1, 0.5, 0.97],
        lambda x, **p: beta(x, p["mean"] * p["concentration"], (1 - p["mean"]) * p["concentration"]),
        lambda mean, concentration: stats.beta(mean * concentration, (1 - mean) * concentration),
        [
            ({"mean": 0.5, "concentration": 1e-3}, 1e-300, 691),
            ({"mean": 2**-30, "concentration": 2.0**40}, 2**-30, 4e4),
        ],
        needs_gamma=True,
    ),
    Row(
        dist.Chi2, [{"df": 6.0}, {"df": 3.0}], POSITIVES,
        lambda x, **p: xlog(p["df"] / 2 - 1, x) - x / 2 - p["df"] / 2 * mp.log(2) - mp.loggamma(p["df"] / 2),
        lambda df: stats.chi2(df),
        [({"df": 2e6}, 2e6, 1.4e7), ({"df": 2e-3}, 1e-300, 691), ({"df": 2.0}, 0.0, 0)],
        needs_gamma=True,
        one_gamma=True,
    ),
    Row(
        dist.InverseChi2, [{"df": 18.0}, {"df": 13.0}], POSITIVES,
        lambda x, **p: inverse_gamma(x, p["df"] / 2, mp.mpf(1) / 2),
        lambda df: stats.invgamma(df / 2, 0, 0.5),
        [({"df": 2e-3}, 1e300, 691), ({"df": 2e6}, 5e-7, 3e7)],
        needs_gamma=True,
        one_gamma=True,
    ),
    Row(
        dist.ScaledInverseChi2, [{"df": 18.0, "scale": 0.7}, {"df": 13.0, "scale": 1.5}], POSITIVES,
        lambda x, **p: inverse_gamma(x, p["df"] / 2, p["df"] * p["scale"] ** 2 / 2),
        lambda df, scale: stats.invgamma(df / 2, 0, 0.5 * df * scale**2),
        [({"df": 2e-3, "scale": 1.0}, 1e300, 691), ({"df": 2e6, "scale": 1.0}, 1.0, 1.4e7)],
        needs_gamma=True,
        one_gamma=True,
    ),
    Row(
        dist.ContinuousBernoulli,
        [{"probs": 0.3}, {"logits": 1.25}, {"logits": 0.15}, {"logits": -0.003}, {"logits": -30.0}],
        [0.0, 0.2, 0.7, 1.0],
        lambda x, **p: continuous_bernoulli(x, p),
        None,
        [
            ({"logits": 700.0}, 1.0, 0), ({"logits": 700.0}, 0.0, 0), ({"logits": -700.0}, 0.25, 0),
            ({"probs": 0.5}, 0.25, 1), ({"logits": 0.0}, 0.25, 1), ({"logits": 1e-9}, 0.75, 0),
            ({"logits": 0.249}, 0.75, 1), ({"logits": 0.251}, 0.75, 1),
        ],
    ),
    Row(
        dist.Dagum,
        [
            {"concentration": 0.7, "sharpness": 9.0, "scale": 1.0},
            {"concentration": 2.5, "sharpness": 12.0, "scale": 3.0},
        ],
        POSITIVES,
        lambda x, **p: mp.log(p["sharpness"] * p["concentration"] / x) + p["sharpness"] * p["concentration"]
        * mp.log(x / p["scale"]) - (p["concentration"] + 1) * mp.log1p((x / p["scale"]) ** p["sharpness"]),
        lambda concentration, sharpness, scale: stats.burr(sharpness, concentration, 0, scale),
        [
            ({"concentration": 1e-3, "sharpness": 2.0, "scale": 1.0}, 1e-300, 691),
            ({"concentration": 1e3, "sharpness": 2.0, "scale": 1.0}, 1e-100, 5e5),
            ({"concentration": 2.0, "sharpness": 2.0, "scale": 1.0}, 1e300, 2e3),
        ],
        has_scipy_entropy=False,
    ),
    Row(
        dist.FisherSnedecor, [{"df1": 4.0, "df2": 12.0}, {"df1": 9.0, "df2": 20.0}], POSITIVES,
        lambda x, **p: p["df1"] / 2 * mp.log(p["df1"] / p["df2"]) + xlog(p["df1"] / 2 - 1, x)
        - (p["df1"] + p["df2"]) / 2 * mp.log1p(p["df1"] * x / p["df2"]) - mp.log(mp.beta(p["df1"] / 2, p["df2"] / 2)),
        lambda df1, df2: stats.f(df1, df2),
        [
            ({"df1": 2e5, "df2": 4e5}, 1.01, 3e5),
            ({"df1": 1e-3, "df2": 1e-3}, 1e-300, 691),
            ({"df1": 1e-3, "df2": 1e-3}, 1e300, 691),
        ],
        needs_gamma=True,
        has_scipy_entropy=False,
    ),
    Row(
        dist.Gompertz, [{"concentration": 1.0, "rate": 1.0}, {"concentration": 0.2, "rate": 3.0}],
        [1e-3, 0.2, 0.9, 1.4],
        lambda x, **p: mp.log(p["concentration"] * p["rate"]) + p["rate"] * x
        - p["concentration"] * mp.expm1(p["rate"] * x),
        lambda concentration, rate: stats.gompertz(concentration, 0, 1 / rate),
        [({"concentration": 1e-10, "rate": 1.0}, 30.0, 100), ({"concentration": 1e10, "rate": 1.0}, 1e-10, 23)],
        has_scipy_entropy=False,
        has_scipy_moments=False,
    ),
    Row(
        dist.HalfStudentT, [{"df": 9.0, "scale": 1.0}, {"df": 12.5, "scale": 2.0}], [0.0, *POSITIVES],
        lambda x, **p: mp.log(2) + mp.loggamma((p["df"] + 1) / 2) - mp.loggamma(p["df"] / 2)
        - mp.log(p["df"] * mp.pi) / 2 - mp.log(p["scale"])
        - (p["df"] + 1) / 2 * mp.log1p((x / p["scale"]) ** 2 / p["df"]),
        None,
        [({"df": 3.0, "scale": 1.0}, 1e100, 0), ({"df": 1e15, "scale": 1.0}, 1.5, 17)],
        needs_gamma=True,
    ),
    Row(
        dist.Kumaraswamy,
        [{"concentration1": 2.0, "concentration0": 3.0}, {"concentration1": 0.7, "concentration0": 1.5}],
        [1e-3, 0.1, 0.5, 0.97],
        lambda x, **p: mp.log(p["concentration1"] * p["concentration0"]) + xlog(p["concentration1"] - 1, x)
        + xlog(p["concentration0"] - 1, 1 - x ** p["concentration1"]),
        None,
        [
            ({"concentration1": 1e-3, "concentration0": 1e-3}, 1e-300, 691),
            ({"concentration1": 1e5, "concentration0": 3.0}, 0.999, 150),
            ({"concentration1": 2.0, "concentration0": 1.0}, 1.0, 0),
            ({"concentration1": 1.0, "concentration0": 2.0}, 0.0, 0),
        ],
    ),
    Row(
        dist.Levy, [{"loc": -0.5, "scale": 1.0}, {"loc": -1.5, "scale": 0.3}], POSITIVES,
        lambda x, **p: mp.log(p["scale"] / (2 * mp.pi)) / 2 - 3 * mp.log(x - p["loc"]) / 2
        - p["scale"] / (x - p["loc"]) / 2,
        lambda loc, scale: stats.levy(loc, scale),
        [({"loc": 0.0, "scale": 1.0}, 1e300, 1036), ({"loc": 0.0, "scale": 1.0}, 1e-10, 0)],
        four_moments=False,
        has_scipy_entropy=False,
    ),
    Row(
        dist.LogitNormal, [{"loc": 0.0, "scale": 1.0}, {"loc": 1.0, "scale": 0.5}], [1e-3, 0.1, 0.5, 0.97],
        lambda x, **p: -(((mp.log(x / (1 - x)) - p["loc"]) / p["scale"]) ** 2) / 2 - mp.log(p["scale"])
        - mp.log(2 * mp.pi) / 2 - mp.log(x * (1 - x)),
        None,
        [({"loc": 0.0, "scale": 1.0}, 1e-300, 3e5), ({"loc": 0.0, "scale": 1.0}, 1 - 2**-50, 600)],
    ),
    Row(
        dist.LogUniform, [{"low": 0.05, "high": 10.0}, {"low": 0.5, "high": 2.0}], [0.6, 1.0, 1.9],
        lambda x, **p: -mp.log(x) - mp.log(mp.log(p["high"] / p["low"])),
        lambda low, high: stats.loguniform(low, high),
        [({"low": 1e-150, "high": 1e150}, 1e-140, 350), ({"low": 1.0, "high": 1 + 2**-40}, 1 + 2**-41, 28)],
    ),
    Row(
        dist.Pareto, [{"scale": 1.0, "alpha": 9.0}, {"scale": 0.3, "alpha": 12.0}], [1.1, 2.5, 9.0],
        lambda x, **p: mp.log(p["alpha"]) + p["alpha"] * mp.log(p["scale"]) - (p["alpha"] + 1) * mp.log(x),
        lambda scale, alpha: stats.pareto(alpha, 0, scale),
        [({"scale": 1e-100, "alpha": 1e-3}, 1e300, 691), ({"scale": 1.0, "alpha": 1e6}, 1.001, 1e3)],
    ),
    Row(
        dist.LowerTruncatedPowerLaw, [{"alpha": -10.0, "low": 1.0}, {"alpha": -13.0, "low": 0.3}], [1.1, 2.5, 9.0],
        lambda x, **p: mp.log(-1 - p["alpha"]) + p["alpha"] * mp.log(x) - (p["alpha"] + 1) * mp.log(p["low"]),
        lambda alpha, low: stats.pareto(-1 - alpha, 0, low),
        [({"alpha": -1.5, "low": 1e-100}, 1e300, 1000)],
    ),
    Row(
        dist.DoublyTruncatedPowerLaw,
        [
            {"alpha": -2.5, "low": 0.1, "high": 5.0},
            {"alpha": 1.5, "low": 0.5, "high": 2.0},
            {"alpha": -1.05, "low": 0.5, "high": 2.0},
        ],
        [0.6, 1.0, 1.9],
        lambda x, **p: power_law(x, **p),
        None,
        [
            ({"alpha": -1.0, "low": 0.5, "high": 2.0}, 1.0, 1),
            ({"alpha": -1.0 + 1e-9, "low": 0.5, "high": 2.0}, 1.25, 1),
            ({"alpha": 300.0, "low": 1e-5, "high": 1e5}, 9e4, 4e3),
            ({"alpha": -300.0, "low": 1e-5, "high": 1e5}, 2e-5, 4e3),
        ],
    ),
    Row(
        dist.Wald, [{"loc": 1.0, "concentration": 3.0}, {"loc": 2.5, "concentration": 9.0}], [0.2, 0.7, 1.0, 2.5, 9.0],
        lambda x, **p: mp.log(p["concentration"] / (2 * mp.pi * x**3)) / 2
        - p["concentration"] * (x - p["loc"]) ** 2 / (2 * p["loc"] ** 2 * x),
        lambda loc, concentration: stats.invgauss(loc / concentration, 0, concentration),
        [
            ({"loc": 1.0, "concentration": 1e8}, 1.0001, 20),
            ({"loc": 1.0, "concentration": 1e-8}, 1e-10, 60),
            ({"loc": 1e-3, "concentration": 1.0}, 1e5, 0),
        ],
        has_scipy_entropy=False,
        draw_jumps=True,
    ),
    Row(
        dist.Frechet, [{"scale": 1.0, "concentration": 9.0}, {"scale": 1.2, "concentration": 12.0}],
        [0.9, 1.0, 2.5, 9.0],
        lambda x, **p: mp.log(p["concentration"] / p["scale"]) - (p["concentration"] + 1) * mp.log(x / p["scale"])
        - (x / p["scale"]) ** -p["concentration"],
        lambda scale, concentration: stats.invweibull(concentration, 0, scale),
        [({"scale": 1.0, "concentration": 0.1}, 1e300, 760), ({"scale": 1.0, "concentration": 2.0}, 1e-3, 0)],
    ),
    Row(
        dist.Rayleigh, [{"scale": 1.0}, {"scale": 2.5}], POSITIVES,
        lambda x, **p: mp.log(x) - 2 * mp.log(p["scale"]) - (x / p["scale"]) ** 2 / 2,
        lambda scale: stats.rayleigh(0, scale),
        [({"scale": 1e-100}, 1e-100, 461), ({"scale": 1.0}, 1e100, 0)],
    ),
    Row(
        dist.LogLogistic, [{"scale": 1.0, "concentration": 9.0}, {"scale": 3.0, "concentration": 12.0}], POSITIVES,
        lambda x, **p: mp.log(p["concentration"] / p["scale"]) + (p["concentration"] - 1) * mp.log(x / p["scale"])
        - 2 * mp.log1p((x / p["scale"]) ** p["concentration"]),
        lambda scale, concentration: stats.fisk(concentration, 0, scale),
        [({"scale": 1.0, "concentration": 2.0}, 1e300, 2e3), ({"scale": 1.0, "concentration": 0.01}, 1e-300, 700)],
        has_scipy_entropy=False,
    ),
    Row(
        dist.Rice, [{"nu": 0.5, "scale": 1.0}, {"nu": 6.0, "scale": 1.5}], [0.2, 1.0, 2.5, 9.0],
        lambda x, **p: mp.log(x / p["scale"] ** 2) - (x**2 + p["nu"] ** 2) / (2 * p["scale"] ** 2)
        + mp.log(mp.besseli(0, x * p["nu"] / p["scale"] ** 2)),
        lambda nu, scale: stats.rice(nu / scale, 0, scale),
        [
            ({"nu": 300.0, "scale": 1.0}, 301.0, 12),
            ({"nu": 1e-8, "scale": 1.0}, 1e-8, 37),
            ({"nu": 1.0, "scale": 1e-2}, 1.5, 0),
        ],
        has_scipy_entropy=False,
    ),
]  # fmt: skip
