"""Distributions: one short file each, used eagerly on NumPy arrays and by the compiler on graph nodes."""

from __future__ import annotations

from . import constraints
from .aliases import BernoulliLogits, BernoulliProbs, BinomialLogits, BinomialProbs, GeometricLogits, GeometricProbs
from .base import Distribution
from .bernoulli import Bernoulli
from .beta import Beta
from .beta_binomial import BetaBinomial, BetaNegativeBinomial
from .binomial import Binomial
from .categorical import Categorical, CategoricalLogits, CategoricalProbs
from .cauchy import Cauchy
from .censored import IntervalCensoredDistribution, LeftCensoredDistribution, RightCensoredDistribution
from .delta import Delta
from .discrete_uniform import DiscreteUniform
from .discrete_weibull import DiscreteWeibull
from .exponential import Exponential
from .folded import FoldedDistribution
from .gamma import Gamma
from .geometric import Geometric
from .gumbel import Gumbel
from .half_cauchy import HalfCauchy
from .half_normal import HalfNormal
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
from .inverse_gamma import InverseGamma
from .laplace import Laplace
from .log_normal import LogNormal
from .logistic import Logistic
from .mixture import Mixture, MixtureGeneral, MixtureSameFamily
from .multinomial import (
    DirichletMultinomial,
    Multinomial,
    MultinomialLogits,
    MultinomialProbs,
    OneHotCategorical,
    OneHotCategoricalLogits,
    OneHotCategoricalProbs,
)
from .negative_binomial import (
    GammaPoisson,
    NegativeBinomial,
    NegativeBinomial2,
    NegativeBinomialLogits,
    NegativeBinomialProbs,
)
from .normal import Normal
from .ordinal import OrderedLogistic, OrderedProbit
from .poisson import Poisson
from .relaxed import RelaxedBernoulli, RelaxedOneHotCategorical
from .student_t import StudentT
from .truncated import (
    LeftTruncatedDistribution,
    RightTruncatedDistribution,
    TruncatedDistribution,
    TwoSidedTruncatedDistribution,
)
from .uniform import Uniform
from .weibull import Weibull
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

__all__ = [
    "Bernoulli",
    "BernoulliLogits",
    "BernoulliProbs",
    "Beta",
    "BetaBinomial",
    "BetaNegativeBinomial",
    "Binomial",
    "BinomialLogits",
    "BinomialProbs",
    "Categorical",
    "CategoricalLogits",
    "CategoricalProbs",
    "Cauchy",
    "Delta",
    "DirichletMultinomial",
    "DiscreteUniform",
    "DiscreteWeibull",
    "Distribution",
    "Exponential",
    "FoldedDistribution",
    "Gamma",
    "GammaPoisson",
    "Geometric",
    "GeometricLogits",
    "GeometricProbs",
    "Gumbel",
    "HalfCauchy",
    "HalfNormal",
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
    "InverseGamma",
    "Laplace",
    "LeftCensoredDistribution",
    "LeftTruncatedDistribution",
    "LogNormal",
    "Logistic",
    "MaskedDistribution",
    "Mixture",
    "MixtureGeneral",
    "MixtureSameFamily",
    "Multinomial",
    "MultinomialLogits",
    "MultinomialProbs",
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
    "Poisson",
    "RelaxedBernoulli",
    "RelaxedOneHotCategorical",
    "RightCensoredDistribution",
    "RightTruncatedDistribution",
    "StudentT",
    "TruncatedDistribution",
    "TwoSidedTruncatedDistribution",
    "Uniform",
    "Unit",
    "Weibull",
    "ZeroInflatedBinomial",
    "ZeroInflatedDistribution",
    "ZeroInflatedLogits",
    "ZeroInflatedNegativeBinomial",
    "ZeroInflatedNegativeBinomial2",
    "ZeroInflatedPoisson",
    "ZeroInflatedProbs",
    "constraints",
]
