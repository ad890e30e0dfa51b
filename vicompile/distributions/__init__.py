"""Distributions: one short file each, used eagerly on NumPy arrays and by the compiler on graph nodes.

A family is loaded when its name is first used: a program needs a few of the many. Its file is its name in lower case:
`LogNormal` is in `log_normal`; what is named otherwise stands in `_FILES`.
"""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..diagnostics.absent import absent
from . import constraints, transforms
from .base import Distribution

if TYPE_CHECKING:
    from .affine_beta import AffineBeta
    from .aliases import BernoulliLogits, BernoulliProbs, BinomialLogits, BinomialProbs, GeometricLogits, GeometricProbs
    from .ar import AR
    from .asymmetric_laplace import AsymmetricLaplace
    from .asymmetric_laplace_quantile import AsymmetricLaplaceQuantile
    from .bernoulli import Bernoulli
    from .beta import Beta
    from .beta_binomial import BetaBinomial, BetaNegativeBinomial
    from .beta_proportion import BetaProportion
    from .binomial import Binomial
    from .car import CAR
    from .categorical import Categorical, CategoricalLogits, CategoricalProbs
    from .cauchy import Cauchy
    from .censored import IntervalCensoredDistribution, LeftCensoredDistribution, RightCensoredDistribution
    from .chi2 import Chi2
    from .continuous_bernoulli import ContinuousBernoulli
    from .dagum import Dagum
    from .delta import Delta
    from .dirichlet import Dirichlet
    from .discrete_uniform import DiscreteUniform
    from .discrete_weibull import DiscreteWeibull
    from .doubly_truncated_power_law import DoublyTruncatedPowerLaw
    from .ex_gaussian import ExGaussian
    from .exponential import Exponential
    from .fisher_snedecor import FisherSnedecor
    from .folded import FoldedDistribution
    from .frechet import Frechet
    from .gamma import Gamma
    from .gaussian_copula import GaussianCopula, GaussianCopulaBeta
    from .gaussian_random_walk import GaussianRandomWalk
    from .gaussian_state_space import GaussianStateSpace
    from .geometric import Geometric
    from .gompertz import Gompertz
    from .gumbel import Gumbel
    from .half_cauchy import HalfCauchy
    from .half_normal import HalfNormal
    from .half_student_t import HalfStudentT
    from .hurdle import (
        HurdleDistribution,
        HurdleGamma,
        HurdleLogits,
        HurdleLogNormal,
        HurdleNegativeBinomial2,
        HurdlePoisson,
        HurdleProbs,
    )
    from .hypergeometric import HyperGeometric
    from .icar import ICAR
    from .inverse_chi2 import InverseChi2
    from .inverse_gamma import InverseGamma
    from .inverse_wishart import InverseWishart, InverseWishartCholesky
    from .kl import kl_divergence, register_kl
    from .kumaraswamy import Kumaraswamy
    from .laplace import Laplace
    from .levy import Levy
    from .lkj import LKJ, LKJCholesky
    from .log_logistic import LogLogistic
    from .log_normal import LogNormal
    from .log_uniform import LogUniform
    from .logistic import Logistic
    from .logistic_normal import LogisticNormal
    from .logit_normal import LogitNormal
    from .low_rank_multivariate_normal import LowRankMultivariateNormal
    from .lower_truncated_power_law import LowerTruncatedPowerLaw
    from .matrix_normal import MatrixNormal
    from .mixture import Mixture, MixtureGeneral, MixtureSameFamily
    from .moyal import Moyal
    from .multinomial import (
        DirichletMultinomial,
        Multinomial,
        MultinomialLogits,
        MultinomialProbs,
        OneHotCategorical,
        OneHotCategoricalLogits,
        OneHotCategoricalProbs,
    )
    from .multivariate_normal import MultivariateNormal
    from .multivariate_student_t import MultivariateStudentT
    from .negative_binomial import (
        GammaPoisson,
        NegativeBinomial,
        NegativeBinomial2,
        NegativeBinomialLogits,
        NegativeBinomialProbs,
    )
    from .normal import Normal
    from .ordinal import OrderedLogistic, OrderedProbit
    from .pareto import Pareto
    from .poisson import Poisson
    from .projected_normal import ProjectedNormal
    from .rayleigh import Rayleigh
    from .relaxed import RelaxedBernoulli, RelaxedOneHotCategorical
    from .rice import Rice
    from .scaled_inverse_chi2 import ScaledInverseChi2
    from .sine_skewed import SineSkewed
    from .skew_logistic import SkewLogistic
    from .skew_normal import SkewNormal
    from .soft_asymmetric_laplace import SoftAsymmetricLaplace
    from .soft_laplace import SoftLaplace
    from .stick_breaking_weights import StickBreakingWeights
    from .student_t import StudentT
    from .transformed import TransformedDistribution
    from .triangular import Triangular
    from .truncated import (
        LeftTruncatedDistribution,
        RightTruncatedDistribution,
        TruncatedDistribution,
        TwoSidedTruncatedDistribution,
    )
    from .truncated_cauchy import TruncatedCauchy
    from .truncated_normal import TruncatedNormal
    from .uniform import Uniform
    from .unwrapped import Unwrapped
    from .von_mises import VonMises
    from .von_mises3d import VonMises3D
    from .wald import Wald
    from .weibull import Weibull
    from .wishart import Wishart, WishartCholesky
    from .wrapped import ImproperUniform, Independent, MaskedDistribution, Unit
    from .zero_inflated import (
        ZeroInflatedBinomial,
        ZeroInflatedDistribution,
        ZeroInflatedLogits,
        ZeroInflatedNegativeBinomial,
        ZeroInflatedNegativeBinomial2,
        ZeroInflatedPoisson,
        ZeroInflatedProbs,
    )
    from .zero_sum_normal import ZeroSumNormal

__all__ = [
    "AR",
    "CAR",
    "ICAR",
    "LKJ",
    "AffineBeta",
    "AsymmetricLaplace",
    "AsymmetricLaplaceQuantile",
    "Bernoulli",
    "BernoulliLogits",
    "BernoulliProbs",
    "Beta",
    "BetaBinomial",
    "BetaNegativeBinomial",
    "BetaProportion",
    "Binomial",
    "BinomialLogits",
    "BinomialProbs",
    "Categorical",
    "CategoricalLogits",
    "CategoricalProbs",
    "Cauchy",
    "Chi2",
    "ContinuousBernoulli",
    "Dagum",
    "Delta",
    "Dirichlet",
    "DirichletMultinomial",
    "DiscreteUniform",
    "DiscreteWeibull",
    "Distribution",
    "DoublyTruncatedPowerLaw",
    "ExGaussian",
    "Exponential",
    "FisherSnedecor",
    "FoldedDistribution",
    "Frechet",
    "Gamma",
    "GammaPoisson",
    "GaussianCopula",
    "GaussianCopulaBeta",
    "GaussianRandomWalk",
    "GaussianStateSpace",
    "Geometric",
    "GeometricLogits",
    "GeometricProbs",
    "Gompertz",
    "Gumbel",
    "HalfCauchy",
    "HalfNormal",
    "HalfStudentT",
    "HurdleDistribution",
    "HurdleGamma",
    "HurdleLogNormal",
    "HurdleLogits",
    "HurdleNegativeBinomial2",
    "HurdlePoisson",
    "HurdleProbs",
    "HyperGeometric",
    "ImproperUniform",
    "Independent",
    "IntervalCensoredDistribution",
    "InverseChi2",
    "InverseGamma",
    "InverseWishart",
    "InverseWishartCholesky",
    "Kumaraswamy",
    "LKJCholesky",
    "Laplace",
    "LeftCensoredDistribution",
    "LeftTruncatedDistribution",
    "Levy",
    "LogLogistic",
    "LogNormal",
    "LogUniform",
    "Logistic",
    "LogisticNormal",
    "LogitNormal",
    "LowRankMultivariateNormal",
    "LowerTruncatedPowerLaw",
    "MaskedDistribution",
    "MatrixNormal",
    "Mixture",
    "MixtureGeneral",
    "MixtureSameFamily",
    "Moyal",
    "Multinomial",
    "MultinomialLogits",
    "MultinomialProbs",
    "MultivariateNormal",
    "MultivariateStudentT",
    "NegativeBinomial",
    "NegativeBinomial2",
    "NegativeBinomialLogits",
    "NegativeBinomialProbs",
    "Normal",
    "OneHotCategorical",
    "OneHotCategoricalLogits",
    "OneHotCategoricalProbs",
    "OrderedLogistic",
    "OrderedProbit",
    "Pareto",
    "Poisson",
    "ProjectedNormal",
    "Rayleigh",
    "RelaxedBernoulli",
    "RelaxedOneHotCategorical",
    "Rice",
    "RightCensoredDistribution",
    "RightTruncatedDistribution",
    "ScaledInverseChi2",
    "SineSkewed",
    "SkewLogistic",
    "SkewNormal",
    "SoftAsymmetricLaplace",
    "SoftLaplace",
    "StickBreakingWeights",
    "StudentT",
    "TransformedDistribution",
    "Triangular",
    "TruncatedCauchy",
    "TruncatedDistribution",
    "TruncatedNormal",
    "TwoSidedTruncatedDistribution",
    "Uniform",
    "Unit",
    "Unwrapped",
    "VonMises",
    "VonMises3D",
    "Wald",
    "Weibull",
    "Wishart",
    "WishartCholesky",
    "ZeroInflatedBinomial",
    "ZeroInflatedDistribution",
    "ZeroInflatedLogits",
    "ZeroInflatedNegativeBinomial",
    "ZeroInflatedNegativeBinomial2",
    "ZeroInflatedPoisson",
    "ZeroInflatedProbs",
    "ZeroSumNormal",
    "constraints",
    "kl_divergence",
    "register_kl",
    "transforms",
]

_FILES = {
    "gaussian_copula": ("GaussianCopulaBeta",),
    "inverse_wishart": ("InverseWishartCholesky",),
    "lkj": ("LKJCholesky",),
    "von_mises3d": ("VonMises3D",),
    "wishart": ("WishartCholesky",),
    "aliases": (
        "BernoulliLogits",
        "BernoulliProbs",
        "BinomialLogits",
        "BinomialProbs",
        "GeometricLogits",
        "GeometricProbs",
    ),
    "beta_binomial": ("BetaNegativeBinomial",),
    "categorical": ("CategoricalLogits", "CategoricalProbs"),
    "censored": ("IntervalCensoredDistribution", "LeftCensoredDistribution", "RightCensoredDistribution"),
    "folded": ("FoldedDistribution",),
    "hurdle": (
        "HurdleDistribution",
        "HurdleGamma",
        "HurdleLogNormal",
        "HurdleLogits",
        "HurdleNegativeBinomial2",
        "HurdlePoisson",
        "HurdleProbs",
    ),
    "hypergeometric": ("HyperGeometric",),
    "kl": ("kl_divergence", "register_kl"),
    "mixture": ("MixtureGeneral", "MixtureSameFamily"),
    "multinomial": (
        "DirichletMultinomial",
        "MultinomialLogits",
        "MultinomialProbs",
        "OneHotCategorical",
        "OneHotCategoricalLogits",
        "OneHotCategoricalProbs",
    ),
    "negative_binomial": ("GammaPoisson", "NegativeBinomial2", "NegativeBinomialLogits", "NegativeBinomialProbs"),
    "ordinal": ("OrderedLogistic", "OrderedProbit"),
    "relaxed": ("RelaxedBernoulli", "RelaxedOneHotCategorical"),
    "transformed": ("TransformedDistribution",),
    "truncated": (
        "LeftTruncatedDistribution",
        "RightTruncatedDistribution",
        "TruncatedDistribution",
        "TwoSidedTruncatedDistribution",
    ),
    "wrapped": ("ImproperUniform", "Independent", "MaskedDistribution", "Unit"),
    "zero_inflated": (
        "ZeroInflatedBinomial",
        "ZeroInflatedDistribution",
        "ZeroInflatedLogits",
        "ZeroInflatedNegativeBinomial",
        "ZeroInflatedNegativeBinomial2",
        "ZeroInflatedPoisson",
        "ZeroInflatedProbs",
    ),
}
_ELSEWHERE = {name: file for file, names in _FILES.items() for name in names}
_IN_TRANSFORMS = "it is in `vicompile.distributions.transforms`"
# What users of Pyro and NumPyro may look for.
_ADVICE = {
    "biject_to": _IN_TRANSFORMS,
    "transform_to": _IN_TRANSFORMS,
    "LKJCorrCholesky": "it is called `LKJCholesky`",
    "ExpandedDistribution": "use the method `expand`",
    "Improper": "it is called `ImproperUniform`",
    "MultivariateNormalDiag": "use `Normal(loc, scale).to_event(1)`",
    "GaussianHMM": "use `GaussianStateSpace`, or `scan`",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise absent(__name__, name, _ADVICE)
    home = _ELSEWHERE.get(name) or re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name).lower()
    value = getattr(import_module(f".{home}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
