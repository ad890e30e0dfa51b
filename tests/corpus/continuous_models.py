"""Models of the corpus with the rarer continuous families, as latent and as observed variables."""

import numpy as np
from corpus.cases import case

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import param, plate, sample

RNG = np.random.default_rng(20261126)
REAL = RNG.normal(0.3, 1.2, size=6)
POSITIVE = RNG.gamma(3.0, 0.5, size=6)
UNIT = RNG.uniform(0.1, 0.9, size=6)


def positive(name, start):
    return param(name, start, constraint=constraints.positive)


def real_guide(y):
    loc, scale = param("loc", 0.3), positive("scale", 0.8)
    sample("a", dist.AsymmetricLaplace(loc, scale, 1.3))
    sample("b", dist.AsymmetricLaplaceQuantile(loc, scale, 0.3))
    sample("c", dist.Moyal(loc, scale))
    sample("d", dist.SkewNormal(loc, scale, param("alpha", 0.7)))
    sample("e", dist.SkewLogistic(loc, scale, positive("asymmetry", 1.4)))


@case(real_guide, REAL)
def real_families(y):
    a = sample("a", dist.SoftLaplace(0.0, 2.0))
    b = sample("b", dist.SoftAsymmetricLaplace(0.0, 2.0, 1.2, 0.7))
    c = sample("c", dist.ExGaussian(0.0, 1.0, 0.7))
    d = sample("d", dist.SkewNormal(0.1, 2.0, -1.5))
    e = sample("e", dist.Moyal(0.0, 2.0))
    with plate("data", len(y)):
        sample("y", dist.SkewLogistic(a + b * c, np.exp(0.1 * d), np.exp(0.1 * e)), obs=y)


def soft_guide(y):
    loc, scale = param("loc", 0.3), positive("scale", 0.8)
    sample("a", dist.SoftLaplace(loc, scale))
    sample("b", dist.SoftAsymmetricLaplace(loc, scale, 1.3, positive("softness", 0.6)))
    sample("c", dist.ExGaussian(loc, scale, positive("rate", 1.3)))


@case(soft_guide, REAL)
def softened_families(y):
    a = sample("a", dist.AsymmetricLaplace(0.0, 2.0, 0.8))
    b = sample("b", dist.Normal(0.0, 2.0))
    c = sample("c", dist.AsymmetricLaplaceQuantile(0.0, 2.0, 0.6))
    with plate("data", len(y)):
        sample("y", dist.ExGaussian(a + b, 0.7, np.exp(0.3 * c)), obs=y)


def positive_guide(y):
    scale, shape = positive("scale", 0.8), positive("shape", 2.3)
    sample("a", dist.Chi2(shape))
    sample("b", dist.InverseChi2(shape))
    sample("c", dist.FisherSnedecor(shape, 6.0))
    sample("d", dist.Dagum(shape, 3.0, scale))
    sample("e", dist.Frechet(scale, shape))
    sample("f", dist.LogLogistic(scale, shape))


@case(positive_guide, POSITIVE)
def positive_families(y):
    a = sample("a", dist.ScaledInverseChi2(4.0, 0.8))
    b = sample("b", dist.Rayleigh(1.2))
    c = sample("c", dist.Wald(1.5, 2.0))
    d = sample("d", dist.Rice(1.0, 0.7))
    e = sample("e", dist.Dagum(1.5, 2.5, 1.2))
    f = sample("f", dist.LogLogistic(1.2, 1.7))
    with plate("data", len(y)):
        sample("y", dist.Gompertz(0.3 + a / (1.0 + b), 0.2 + c / (1.0 + d) + e / (1.0 + f)), obs=y)


def more_positive_guide(y):
    scale, shape = positive("scale", 0.8), positive("shape", 2.3)
    sample("a", dist.ScaledInverseChi2(shape, scale))
    sample("b", dist.Rayleigh(scale))
    sample("c", dist.Gompertz(shape, scale))
    sample("d", dist.Rice(shape, scale))
    sample("e", dist.HalfStudentT(shape, scale))
    sample("f", dist.Pareto(1.5, shape))
    sample("g", dist.Levy(-1.0, scale))


@case(more_positive_guide, POSITIVE)
def more_positive_families(y):
    a = sample("a", dist.InverseChi2(4.0))
    b = sample("b", dist.Chi2(3.0))
    c = sample("c", dist.HalfStudentT(4.0, 1.2))
    d = sample("d", dist.FisherSnedecor(4.0, 7.0))
    e = sample("e", dist.HalfStudentT(5.0, 0.9))
    f = sample("f", dist.LowerTruncatedPowerLaw(-2.5, 1.5))
    g = sample("g", dist.Levy(-1.0, 2.0))
    with plate("data", len(y)):
        sample("y", dist.Frechet(0.5 + a / (1.0 + b) + c / (1.0 + d), 1.0 + e / f + 0.1 * np.tanh(g)), obs=y)


def bounded_guide(y):
    p = param("p", 0.4, constraint=constraints.unit_interval)
    shape = positive("shape", 2.3)
    sample("a", dist.Kumaraswamy(shape, 1.7))
    sample("b", dist.BetaProportion(p, shape))
    sample("c", dist.ContinuousBernoulli(p))
    sample("d", dist.LogitNormal(param("loc", 0.3), 0.7))
    sample("e", dist.AffineBeta(shape, 1.4, -1.0, 2.0))
    sample("f", dist.Triangular(-1.0, 2.0, p))
    sample("g", dist.DoublyTruncatedPowerLaw(param("power", -1.7), 0.5, 3.0))


@case(bounded_guide, UNIT)
def bounded_families(y):
    a = sample("a", dist.ContinuousBernoulli(logits=0.1))
    b = sample("b", dist.LogitNormal(0.2, 1.0))
    c = sample("c", dist.BetaProportion(0.4, 3.0))
    d = sample("d", dist.Kumaraswamy(1.3, 1.8))
    e = sample("e", dist.Triangular(-1.0, 1.0, 0.2))
    f = sample("f", dist.AffineBeta(1.3, 1.8, -1.0, 3.0))
    g = sample("g", dist.LogUniform(0.5, 3.0))
    with plate("data", len(y)):
        sample("y", dist.Kumaraswamy(0.5 + a + b + c, 0.7 + d + 0.2 * e + 0.1 * f + g), obs=y)


def truncated_guide(y, low):
    loc, scale = param("loc", 0.3), positive("scale", 0.8)
    sample("a", dist.TruncatedNormal(loc, scale, low=-1.0, high=2.0))
    sample("b", dist.TruncatedNormal(loc, scale, low=3.0))
    sample("c", dist.TruncatedNormal(loc, scale, high=-3.0))
    sample("d", dist.TruncatedCauchy(loc, scale, low=-1.0, high=2.0))
    sample("e", dist.TruncatedCauchy(loc, scale, low=3.0))


@case(truncated_guide, REAL, np.array([-np.inf, -4.0, -5.0, -np.inf, -6.0, -7.0]))
def truncated_families(y, low):
    a = sample("a", dist.TruncatedCauchy(0.0, 1.0, low=-1.0, high=2.0))
    b = sample("b", dist.TruncatedCauchy(0.0, 1.0, low=3.0))
    c = sample("c", dist.TruncatedCauchy(0.0, 1.0, high=-3.0))
    d = sample("d", dist.TruncatedNormal(0.0, 1.0, low=-1.0, high=2.0))
    e = sample("e", dist.TruncatedNormal(0.0, 1.0, low=3.0))
    with plate("data", len(y)):
        sample("y", dist.TruncatedNormal(a + d, 1.0 + 0.1 / b + 0.1 / e - 0.1 / c, low=low, high=9.0), obs=y)


def circle_guide(y, t):
    sample("concentration", dist.Chi2(positive("df", 3.0)))
    sample("loc", dist.Normal(param("at", 0.2), 0.5))
    sample("mean", dist.Rayleigh(positive("scale", 0.8)))


@case(circle_guide, REAL, POSITIVE)
def circle_and_first_passage(y, t):
    concentration = sample("concentration", dist.Chi2(3.0))
    loc = sample("loc", dist.Normal(0.0, 1.0))
    mean = sample("mean", dist.Rayleigh(1.0))
    with plate("data", len(y)):
        sample("y", dist.VonMises(loc, concentration), obs=y)
        sample("t", dist.Wald(0.1 + mean, 2.0), obs=t)
