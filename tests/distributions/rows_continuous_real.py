"""Rows of continuous distributions on the real line, on the circle, and between bounds."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np
from distribution_row import LOC_SCALE, REALS, Row, cdf, z
from scipy import stats

import vicompile.distributions as dist


def two_sided(distance: Any, left: Any, right: Any) -> Any:
    return (distance / left if distance < 0 else -distance / right) - mp.log(left + right)


def soft_asymmetric(x: Any, p: dict[str, Any]) -> Any:
    """The convolution of both exponential tails with the normal part, written out."""
    left, right, soft = p["scale"] * p["asymmetry"], p["scale"] / p["asymmetry"], p["scale"] * p["softness"]
    d = x - p["loc"]
    above = mp.exp(soft**2 / (2 * right**2) - d / right) * cdf(d / soft - soft / right)
    below = mp.exp(soft**2 / (2 * left**2) + d / left) * cdf(-d / soft - soft / left)
    return mp.log((above + below) / (left + right))


def truncated_normal(x: Any, loc: Any, scale: Any, low: Any = -mp.inf, high: Any = mp.inf) -> Any:
    a, b = (low - loc) / scale, (high - loc) / scale
    mass = cdf(-a) - cdf(-b) if a > 0 else cdf(b) - cdf(a)
    return -(((x - loc) / scale) ** 2) / 2 - mp.log(scale) - mp.log(2 * mp.pi) / 2 - mp.log(mass)


def truncated_cauchy(x: Any, loc: Any, scale: Any, low: Any = -mp.inf, high: Any = mp.inf) -> Any:
    angle = mp.atan((high - loc) / scale) - mp.atan((low - loc) / scale)
    return -mp.log1p(((x - loc) / scale) ** 2) - mp.log(scale) - mp.log(angle)


def triangular(x: Any, low: Any, high: Any, peak: Any) -> Any:
    if x == peak:
        return mp.log(2 / (high - low))
    share = (x - low) / (peak - low) if x < peak else (high - x) / (high - peak)
    return mp.log(2 * share / (high - low)) if share > 0 else -mp.inf


def truncnorm(loc: float, scale: float, low: float = -np.inf, high: float = np.inf) -> Any:
    return stats.truncnorm((low - loc) / scale, (high - loc) / scale, loc, scale)


ROWS = [
    Row(
        dist.AsymmetricLaplace,
        [{"loc": 0.0, "scale": 1.0, "asymmetry": 2.0}, {"loc": -1.5, "scale": 0.3, "asymmetry": 0.7}], REALS,
        lambda x, **p: two_sided(x - p["loc"], p["scale"] * p["asymmetry"], p["scale"] / p["asymmetry"]),
        lambda loc, scale, asymmetry: stats.laplace_asymmetric(asymmetry, loc, scale),
        [
            ({"loc": 0.0, "scale": 1.0, "asymmetry": 1e-8}, 1e-5, 19),
            ({"loc": 0.0, "scale": 1.0, "asymmetry": 1e8}, -1e300, 0),
        ],
        kinks=(0.0,),
    ),
    Row(
        dist.AsymmetricLaplaceQuantile,
        [{"loc": 0.0, "scale": 1.0, "quantile": 0.2}, {"loc": -1.5, "scale": 0.3, "quantile": 0.9}], REALS,
        lambda x, **p: two_sided(x - p["loc"], p["scale"] / (1 - p["quantile"]), p["scale"] / p["quantile"]),
        None,
        [({"loc": 0.0, "scale": 1.0, "quantile": 1e-12}, 1e13, 28),
         ({"loc": 0.0, "scale": 1.0, "quantile": 0.5}, 0.0, 2)],
        kinks=(0.0,),
    ),
    Row(
        dist.Moyal, LOC_SCALE, [-1.7, -0.7, 0.0, 0.2, 1.9, 8.0],
        lambda x, **p: -(z(x, p) + mp.exp(-z(x, p))) / 2 - mp.log(p["scale"]) - mp.log(2 * mp.pi) / 2,
        lambda loc, scale: stats.moyal(loc, scale),
        [({"loc": 0.0, "scale": 1.0}, 1e5, 0), ({"loc": 0.0, "scale": 1.0}, -20.0, 0)],
        has_scipy_entropy=False,
    ),
    Row(
        dist.SkewNormal,
        [{"loc": 0.0, "scale": 1.0, "alpha": 3.0}, {"loc": -1.5, "scale": 0.6, "alpha": -0.7}],
        [-1.3, -0.7, 0.0, 0.2, 1.9],
        lambda x, **p: mp.log(2) - z(x, p) ** 2 / 2 - mp.log(2 * mp.pi) / 2 - mp.log(p["scale"])
        + mp.log(cdf(p["alpha"] * z(x, p))),
        lambda loc, scale, alpha: stats.skewnorm(alpha, loc, scale),
        [
            ({"loc": 0.0, "scale": 1.0, "alpha": 5.0}, -20.0, 0),
            ({"loc": 0.0, "scale": 1.0, "alpha": -1e4}, 30.0, 0),
            ({"loc": 0.0, "scale": 1.0, "alpha": 5.0}, 1e100, 0),
        ],
        has_scipy_entropy=False,
    ),
    Row(
        dist.SkewLogistic,
        [{"loc": 0.0, "scale": 1.0, "asymmetry": 3.0}, {"loc": -1.5, "scale": 0.3, "asymmetry": 0.7}], REALS,
        lambda x, **p: mp.log(p["asymmetry"] / p["scale"]) - z(x, p)
        - (p["asymmetry"] + 1) * mp.log1p(mp.exp(-z(x, p))),
        lambda loc, scale, asymmetry: stats.genlogistic(asymmetry, loc, scale),
        [
            ({"loc": 0.0, "scale": 1.0, "asymmetry": 2.0}, 1e5, 0),
            ({"loc": 0.0, "scale": 1.0, "asymmetry": 2.0}, -1e5, 0),
            ({"loc": 0.0, "scale": 1.0, "asymmetry": 1e-8}, -3.0, 18),
        ],
        has_scipy_entropy=False,
    ),
    Row(
        dist.SoftLaplace, LOC_SCALE, REALS,
        lambda x, **p: mp.log(2 / (mp.pi * p["scale"])) - mp.log(mp.exp(z(x, p)) + mp.exp(-z(x, p))),
        lambda loc, scale: stats.hypsecant(loc, scale),
        [({"loc": 0.0, "scale": 1.0}, 1e5, 0), ({"loc": 0.0, "scale": 1.0}, -1e5, 2e5)],
    ),
    Row(
        dist.SoftAsymmetricLaplace,
        [
            {"loc": 0.0, "scale": 1.0, "asymmetry": 2.0, "softness": 0.5},
            {"loc": -1.5, "scale": 0.3, "asymmetry": 0.7, "softness": 3.0},
        ],
        REALS,
        lambda x, **p: soft_asymmetric(x, p),
        None,
        [
            ({"loc": 0.0, "scale": 1.0, "asymmetry": 2.0, "softness": 0.01}, 50.0, 0),
            ({"loc": 0.0, "scale": 1.0, "asymmetry": 2.0, "softness": 0.01}, -50.0, 0),
            ({"loc": 0.0, "scale": 1.0, "asymmetry": 1.0, "softness": 1e4}, 1.0, 0),
            ({"loc": 0.0, "scale": 1.0, "asymmetry": 1.0, "softness": 1e4}, 3e5, 0),
        ],
    ),
    Row(
        dist.ExGaussian,
        [{"loc": 0.0, "scale": 1.0, "rate": 0.5}, {"loc": -1.5, "scale": 0.6, "rate": 4.0}], REALS,
        lambda x, **p: mp.log(p["rate"]) + (p["rate"] * p["scale"]) ** 2 / 2 - p["rate"] * (x - p["loc"])
        + mp.log(cdf(z(x, p) - p["rate"] * p["scale"])),
        lambda loc, scale, rate: stats.exponnorm(1 / (rate * scale), loc, scale),
        [
            ({"loc": 0.0, "scale": 1.0, "rate": 1e4}, 1.0, 0),
            ({"loc": 0.0, "scale": 1.0, "rate": 1e-4}, 1e6, 100),
            ({"loc": 0.0, "scale": 1.0, "rate": 1.0}, -40.0, 0),
            ({"loc": 0.0, "scale": 1e-4, "rate": 1.0}, 3.0, 0),
        ],
        has_scipy_entropy=False,
    ),
    Row(
        dist.VonMises,
        [{"loc": 0.0, "concentration": 1.3}, {"loc": -1.5, "concentration": 40.0}], [-3.0, -1.4, 0.0, 0.2, 1.9],
        lambda x, **p: p["concentration"] * mp.cos(x - p["loc"])
        - mp.log(2 * mp.pi * mp.besseli(0, p["concentration"])),
        None,
        [
            ({"loc": 0.0, "concentration": 1e5}, 1e-3, 0),
            ({"loc": 0.0, "concentration": 1e5}, 3.0, 0),
            ({"loc": 0.0, "concentration": 1e-12}, 3.0, 0),
        ],
        four_moments=False,
        is_circular=True,
    ),
    Row(
        dist.Triangular,
        [{"low": -1.0, "high": 1.0, "peak": 0.0}, {"low": -2.0, "high": 3.0, "peak": 0.5}], [-0.7, 0.2, 0.7],
        lambda x, **p: triangular(x, **p),
        lambda low, high, peak: stats.triang((peak - low) / (high - low), low, high - low),
        [
            ({"low": 0.0, "high": 1.0, "peak": 0.0}, 0.0, 0),
            ({"low": 0.0, "high": 1.0, "peak": 1.0}, 1.0, 0),
            ({"low": 0.0, "high": 1.0, "peak": 0.0}, 1.0, 0),
            ({"low": 0.0, "high": 1.0, "peak": 1e-9}, 1e-12, 0),
        ],
    ),
    Row(
        dist.TruncatedNormal,
        [
            {"loc": 0.0, "scale": 1.0, "low": -0.5, "high": 2.0},
            {"loc": 0.3, "scale": 1.5, "low": -0.2},
            {"loc": 0.3, "scale": 1.5, "high": 2.0},
            {"loc": -30.0, "scale": 1.0, "low": 0.0, "high": 2.0},
            {"loc": 0.3, "scale": 1.5},
        ],
        [0.001, 0.1, 0.2, 1.9],
        lambda x, **p: truncated_normal(x, **p),
        truncnorm,
        [
            ({"loc": 0.0, "scale": 1.0, "low": 30.0}, 30.25, 0),
            ({"loc": 0.0, "scale": 1.0, "high": -30.0}, -31.0, 0),
            ({"loc": 0.0, "scale": 1.0, "low": 30.0, "high": 30.5}, 30.25, 0),
            ({"loc": 0.0, "scale": 1.0, "low": -30.5, "high": -30.0}, -30.25, 0),
            ({"loc": 0.0, "scale": 1.0, "low": 1e4, "high": 10001.0}, 10000.0 + 2**-10, 10),
            ({"loc": 0.0, "scale": 1.0, "low": -1e4, "high": 1e4}, 3.0, 0),
            ({"loc": 0.0, "scale": 1.0, "low": 1e5}, 1e5 + 2**-17, 0),
            ({"loc": 0.0, "scale": 1.0, "low": 1e5, "high": 1e5 + 2**-15}, 1e5 + 2**-17, 0),
            ({"loc": 0.0, "scale": 1.0, "low": -1e5 - 2**-15, "high": -1e5}, -1e5 - 2**-17, 0),
            ({"loc": 0.0, "scale": 1.0, "low": -40.0, "high": -1.0}, -3.0, 0),
            ({"loc": 0.0, "scale": 1.0, "low": 0.0, "high": 2**-30}, 2**-31, 21),
        ],
        has_scipy_entropy=False,
        has_scipy_moments=False,
    ),
    Row(
        dist.TruncatedCauchy,
        [
            {"loc": 0.0, "scale": 1.0, "low": -0.5, "high": 2.0},
            {"loc": 0.3, "scale": 1.5, "low": -0.2},
            {"loc": 0.3, "scale": 1.5, "high": 2.0},
            {"loc": -30.0, "scale": 1.0, "low": 0.0, "high": 2.0},
            {"loc": 0.3, "scale": 1.5},
        ],
        [0.001, 0.1, 0.2, 1.9],
        lambda x, **p: truncated_cauchy(x, **p),
        None,
        [
            ({"loc": 0.0, "scale": 1.0, "low": 1e10}, 1e11, 60),
            ({"loc": 0.0, "scale": 1.0, "high": -1e10}, -1e11, 60),
            ({"loc": 0.0, "scale": 1.0, "low": 1e10, "high": 2e10}, 1.5e10, 50),
            ({"loc": 0.0, "scale": 1.0, "low": -1e10, "high": 1e10}, 1.0, 0),
        ],
        four_moments=False,
    ),
]  # fmt: skip
