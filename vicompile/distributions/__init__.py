"""Distributions: one short file each, used eagerly on NumPy arrays and by the compiler on graph nodes.

A family is loaded when its name is first used: a program needs a few of the many. Its file is its name in lower case:
`LogNormal` is in `log_normal`; what is named otherwise stands in `_ELSEWHERE`.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING, Any

from . import constraints, transforms
from .base import Distribution

if TYPE_CHECKING:
    from .affine_beta import AffineBeta
    from .asymmetric_laplace import AsymmetricLaplace
    from .asymmetric_laplace_quantile import AsymmetricLaplaceQuantile
    from .bernoulli import Bernoulli
    from .beta import Beta
    from .beta_proportion import BetaProportion
    from .binomial import Binomial
    from .cauchy import Cauchy
    from .chi2 import Chi2
    from .continuous_bernoulli import ContinuousBernoulli
    from .dagum import Dagum
    from .delta import Delta
    from .doubly_truncated_power_law import DoublyTruncatedPowerLaw
    from .ex_gaussian import ExGaussian
    from .exponential import Exponential
    from .fisher_snedecor import FisherSnedecor
    from .frechet import Frechet
    from .gamma import Gamma
    from .geometric import Geometric
    from .gompertz import Gompertz
    from .gumbel import Gumbel
    from .half_cauchy import HalfCauchy
    from .half_normal import HalfNormal
    from .half_student_t import HalfStudentT
    from .inverse_chi2 import InverseChi2
    from .inverse_gamma import InverseGamma
    from .kl import kl_divergence, register_kl
    from .kumaraswamy import Kumaraswamy
    from .laplace import Laplace
    from .levy import Levy
    from .log_logistic import LogLogistic
    from .log_normal import LogNormal
    from .log_uniform import LogUniform
    from .logistic import Logistic
    from .logit_normal import LogitNormal
    from .lower_truncated_power_law import LowerTruncatedPowerLaw
    from .moyal import Moyal
    from .normal import Normal
    from .pareto import Pareto
    from .poisson import Poisson
    from .rayleigh import Rayleigh
    from .rice import Rice
    from .scaled_inverse_chi2 import ScaledInverseChi2
    from .skew_logistic import SkewLogistic
    from .skew_normal import SkewNormal
    from .soft_asymmetric_laplace import SoftAsymmetricLaplace
    from .soft_laplace import SoftLaplace
    from .student_t import StudentT
    from .triangular import Triangular
    from .truncated_cauchy import TruncatedCauchy
    from .truncated_normal import TruncatedNormal
    from .uniform import Uniform
    from .von_mises import VonMises
    from .wald import Wald
    from .weibull import Weibull

__all__ = [
    "AffineBeta",
    "AsymmetricLaplace",
    "AsymmetricLaplaceQuantile",
    "Bernoulli",
    "Beta",
    "BetaProportion",
    "Binomial",
    "Cauchy",
    "Chi2",
    "ContinuousBernoulli",
    "Dagum",
    "Delta",
    "Distribution",
    "DoublyTruncatedPowerLaw",
    "ExGaussian",
    "Exponential",
    "FisherSnedecor",
    "Frechet",
    "Gamma",
    "Geometric",
    "Gompertz",
    "Gumbel",
    "HalfCauchy",
    "HalfNormal",
    "HalfStudentT",
    "InverseChi2",
    "InverseGamma",
    "Kumaraswamy",
    "Laplace",
    "Levy",
    "LogLogistic",
    "LogNormal",
    "LogUniform",
    "Logistic",
    "LogitNormal",
    "LowerTruncatedPowerLaw",
    "Moyal",
    "Normal",
    "Pareto",
    "Poisson",
    "Rayleigh",
    "Rice",
    "ScaledInverseChi2",
    "SkewLogistic",
    "SkewNormal",
    "SoftAsymmetricLaplace",
    "SoftLaplace",
    "StudentT",
    "Triangular",
    "TruncatedCauchy",
    "TruncatedNormal",
    "Uniform",
    "VonMises",
    "Wald",
    "Weibull",
    "constraints",
    "kl_divergence",
    "register_kl",
    "transforms",
]

_ELSEWHERE = {"kl_divergence": "kl", "register_kl": "kl"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = _ELSEWHERE.get(name) or re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
    value = getattr(import_module(f".{home}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
