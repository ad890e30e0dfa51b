"""The corpus of discrete likelihoods and of distributions made from distributions."""

import numpy as np
from corpus.cases import case

import vicompile.distributions as dist
from vicompile.distributions import constraints, transforms
from vicompile.language import param, plate, sample

RNG = np.random.default_rng(20261127)
N = 9
COUNTS = RNG.poisson(2.0, N) * (RNG.random(N) < 0.7)
CATEGORIES = RNG.integers(0, 3, N)
GROUPS = RNG.integers(0, 4, N)
X = RNG.normal(size=N)
POSITIVE = RNG.gamma(2.0, 1.0, N)
CENSORED = RNG.random(N) < 0.4
TABLE = RNG.multinomial(6, [0.2, 0.5, 0.3], N)


def line_guide(a, b=None, c=None):
    loc = param("loc", lambda: np.array([0.2, -0.3]))
    sample("w", dist.Normal(loc, param("scale", 0.4, constraint=constraints.positive)).to_event(1))


def unit_guide(a, b=None, c=None):
    first = param("first", 2.0, constraint=constraints.positive)
    sample("p", dist.Beta(first, param("second", 3.0, constraint=constraints.positive)))


def rate_guide(a, b=None, c=None):
    sample("rate", dist.LogNormal(param("loc", 0.3), param("scale", 0.5, constraint=constraints.positive)))


def logits_guide(a, b=None, c=None):
    loc = param("loc", lambda: np.array([0.1, -0.2, 0.4]))
    sample("logits", dist.Normal(loc, 0.3).to_event(1))


def table_guide(a, b=None, c=None):
    loc = param("loc", lambda: np.arange(12.0).reshape(4, 3) / 10.0)
    sample("logits", dist.Normal(loc, 0.3).to_event(2))


# -- counts ------------------------------------------------------------------------------------------------------------


@case(line_guide, X, COUNTS)
def zero_inflated_poisson_regression(a, b=None, c=None):
    x, y = a, b
    w = sample("w", dist.Normal(np.zeros(2), 1.0).to_event(1))
    gate = param("gate", 0.3, constraint=constraints.unit_interval)
    with plate("data", len(y)):
        sample("y", dist.ZeroInflatedPoisson(gate, np.exp(w[0] + w[1] * x)), obs=y)


@case(line_guide, X, COUNTS)
def zero_inflated_negative_binomial_loop(a, b=None, c=None):
    x, y = a, b
    w = sample("w", dist.Normal(np.zeros(2), 1.0).to_event(1))
    for i in range(len(y)):
        mean = np.exp(w[0] + w[1] * x[i])
        sample(f"y_{i}", dist.ZeroInflatedNegativeBinomial2(mean, 1.5, gate_logits=w[1] - x[i]), obs=y[i])


@case(line_guide, X, COUNTS)
def zero_inflated_binomial(a, b=None, c=None):
    x, y = a, b
    w = sample("w", dist.Normal(np.zeros(2), 1.0).to_event(1))
    with plate("data", len(y)):
        sample("y", dist.ZeroInflatedBinomial(12, logits=w[0] + w[1] * x, gate=0.2), obs=y)


@case(rate_guide, COUNTS)
def hurdle_poisson(a, b=None, c=None):
    y = a
    rate = sample("rate", dist.Gamma(2.0, 1.0))
    gate = param("gate", 0.3, constraint=constraints.unit_interval)
    with plate("data", len(y)):
        sample("y", dist.HurdlePoisson(gate, rate), obs=y)


@case(rate_guide, POSITIVE * (COUNTS > 0))
def hurdle_gamma_loop(a, b=None, c=None):
    y = a
    rate = sample("rate", dist.Gamma(2.0, 1.0))
    for i in range(len(y)):
        sample(f"y_{i}", dist.HurdleGamma(0.25, 1.5, rate), obs=y[i])


@case(rate_guide, COUNTS)
def gamma_poisson(a, b=None, c=None):
    y = a
    rate = sample("rate", dist.Gamma(2.0, 1.0))
    with plate("data", len(y)):
        sample("y", dist.GammaPoisson(rate + 0.5, rate), obs=y)


@case(line_guide, X, COUNTS)
def negative_binomial_regression(a, b=None, c=None):
    x, y = a, b
    w = sample("w", dist.Normal(np.zeros(2), 1.0).to_event(1))
    concentration = param("concentration", 2.0, constraint=constraints.positive)
    with plate("data", len(y)):
        sample("y", dist.NegativeBinomial(concentration, logits=w[0] + w[1] * x), obs=y)
        sample("z", dist.NegativeBinomial2(np.exp(w[0]), concentration), obs=y)


@case(rate_guide, COUNTS, RNG.integers(9, 14, N))
def beta_binomial_of_data_sized_counts(a, b=None, c=None):
    y, n = a, b
    rate = sample("rate", dist.Gamma(2.0, 1.0))
    for i in range(len(y)):
        sample(f"y_{i}", dist.BetaBinomial(rate, 1.5, n[i]), obs=y[i])
    with plate("data", len(y)):
        sample("z", dist.BetaNegativeBinomial(rate, 2.5, 3.0), obs=y)


@case(unit_guide, COUNTS)
def discrete_weibull(a, b=None, c=None):
    y = a
    q = sample("p", dist.Beta(2.0, 2.0))
    with plate("data", len(y)):
        sample("y", dist.DiscreteWeibull(q, 0.9), obs=y)


# -- categories --------------------------------------------------------------------------------------------------------


@case(logits_guide, CATEGORIES)
def categorical_shared(a, b=None, c=None):
    y = a
    logits = sample("logits", dist.Normal(np.zeros(3), 1.0).to_event(1))
    with plate("data", len(y)):
        sample("y", dist.Categorical(logits=logits), obs=y)


@case(table_guide, GROUPS, CATEGORIES)
def categorical_by_group(a, b=None, c=None):
    group, y = a, b
    logits = sample("logits", dist.Normal(np.zeros((4, 3)), 1.0).to_event(2))
    with plate("data", len(y)):
        sample("y", dist.Categorical(logits=logits[group]), obs=y)


@case(table_guide, GROUPS, CATEGORIES)
def categorical_by_group_loop(a, b=None, c=None):
    group, y = a, b
    logits = sample("logits", dist.Normal(np.zeros((4, 3)), 1.0).to_event(2))
    for i in range(len(y)):
        sample(f"y_{i}", dist.Categorical(logits=logits[group[i]]), obs=y[i])


@case(unit_guide, CATEGORIES, RNG.dirichlet(np.ones(3), N))
def categorical_of_data_probs_loop(a, b=None, c=None):
    y, probs = a, b
    p = sample("p", dist.Beta(2.0, 2.0))
    even = np.array([0.2, 0.3, 0.5])
    for i in range(len(y)):
        sample(f"y_{i}", dist.Categorical(p * probs[i] + (1.0 - p) * even), obs=y[i])


@case(logits_guide, CATEGORIES, X)
def ordered_regression(a, b=None, c=None):
    y, x = a, b
    w = sample("logits", dist.Normal(np.zeros(3), 1.0).to_event(1))
    cutpoints = param("cutpoints", lambda: np.array([-0.5, 0.8]), constraint=constraints.ordered_vector)
    with plate("data", len(y)):
        sample("y", dist.OrderedLogistic(w[0] * x, cutpoints), obs=y)
    for i in range(len(y)):
        sample(f"z_{i}", dist.OrderedProbit(w[1] + w[2] * x[i], cutpoints), obs=y[i])


@case(logits_guide, TABLE)
def multinomial_rows(a, b=None, c=None):
    table = a
    logits = sample("logits", dist.Normal(np.zeros(3), 1.0).to_event(1))
    with plate("rows", len(table)):
        sample("y", dist.Multinomial(6, logits=logits), obs=table)
    for i in range(len(table)):
        sample(f"z_{i}", dist.DirichletMultinomial(np.exp(logits), 6), obs=table[i])


# -- made of others ----------------------------------------------------------------------------------------------------


@case(line_guide, X)
def mixture_same_family(a, b=None, c=None):
    x = a
    locs = sample("w", dist.Normal(np.zeros(2), 1.0).to_event(1))
    weights = param("weights", lambda: np.array([0.3, 0.7]), constraint=constraints.simplex)
    with plate("data", len(x)):
        sample("x", dist.MixtureSameFamily(dist.Categorical(weights), dist.Normal(locs, 0.6)), obs=x)


@case(line_guide, X, POSITIVE)
def mixture_same_family_loop(a, b=None, c=None):
    x, width = a, b
    locs = sample("w", dist.Normal(np.zeros(2), 1.0).to_event(1))
    for i in range(len(x)):
        components = dist.Normal(locs * x[i], np.stack([width[i], 0.6]))
        sample(f"x_{i}", dist.MixtureSameFamily(dist.Categorical(logits=locs), components), obs=x[i])


@case(line_guide, X, POSITIVE)
def mixture_same_family_in_a_plate_in_a_loop(a, b=None, c=None):
    x, width = a, b
    locs = sample("w", dist.Normal(np.zeros(2), 1.0).to_event(1))
    for i in range(len(x)):
        with plate("inner", 4):
            mixing = dist.Categorical(np.array([0.25, 0.75]))
            sample(f"x_{i}", dist.MixtureSameFamily(mixing, dist.Normal(locs + x[i], width[i])), obs=width[:4])


@case(line_guide, X)
def mixture_general(a, b=None, c=None):
    x = a
    w = sample("w", dist.Normal(np.zeros(2), 1.0).to_event(1))
    with plate("data", len(x)):
        components = [dist.Normal(w[0], 0.6), dist.StudentT(3.0, w[1], 1.0)]
        sample("x", dist.Mixture(dist.Categorical(np.array([0.4, 0.6])), components), obs=x)


@case(line_guide, X, POSITIVE)
def mixture_general_loop(a, b=None, c=None):
    x, width = a, b
    w = sample("w", dist.Normal(np.zeros(2), 1.0).to_event(1))
    for i in range(len(x)):
        components = [dist.Normal(w[0], width[i]), dist.Logistic(w[1] * x[i], 1.0)]
        sample(f"x_{i}", dist.MixtureGeneral(dist.Categorical(logits=w), components), obs=x[i])


def truncated_guide(a, b=None, c=None):
    loc = param("loc", 0.4)
    sample("level", dist.TruncatedDistribution(dist.Normal(loc, 0.7), low=0.0))
    sample("part", dist.TwoSidedTruncatedDistribution(dist.Logistic(param("centre", 0.2), 0.5), -1.0, 2.0))
    sample("size", dist.FoldedDistribution(dist.Normal(loc, param("scale", 0.7, constraint=constraints.positive))))


@case(truncated_guide, X, POSITIVE)
def truncated_and_folded(a, b=None, c=None):
    x, y = a, b
    level = sample("level", dist.HalfNormal(2.0))
    part = sample("part", dist.Uniform(-1.0, 2.0))
    size = sample("size", dist.Exponential(1.0))
    with plate("data", len(x)):
        sample("x", dist.Normal(part, level + size + 0.1), obs=x)
        sample("y", dist.LeftTruncatedDistribution(dist.Normal(part, level + 0.5), 0.0), obs=y)


@case(rate_guide, POSITIVE, CENSORED)
def censored_weibull(a, b=None, c=None):
    y, censored = a, b
    rate = sample("rate", dist.Gamma(2.0, 1.0))
    with plate("data", len(y)):
        sample("y", dist.RightCensoredDistribution(dist.Weibull(1.0 / rate, 1.3), censored), obs=y)
    for i in range(len(y)):
        sample(f"z_{i}", dist.LeftCensoredDistribution(dist.LogNormal(rate, 0.8), censored[i]), obs=y[i])


@case(rate_guide, np.stack([POSITIVE, POSITIVE + RNG.random(N) * (~CENSORED)], -1), RNG.random(N) < 0.3, CENSORED)
def interval_censored(a, b=None, c=None):
    pairs, left, right = a, b, c
    rate = sample("rate", dist.Gamma(2.0, 1.0))
    with plate("data", len(pairs)):
        sample("y", dist.IntervalCensoredDistribution(dist.Normal(rate, 1.5), left, right), obs=pairs)


@case(unit_guide, RNG.random(N) < 0.5, CENSORED)
def independent_and_masked(a, b=None, c=None):
    flips, mask = a, b
    p = sample("p", dist.Beta(2.0, 2.0))
    sample(
        "flips", dist.Independent(dist.MaskedDistribution(dist.Bernoulli(p).expand((len(flips),)), True), 1), obs=flips
    )
    for i in range(len(flips)):
        sample(f"flip_{i}", dist.MaskedDistribution(dist.Bernoulli(p), mask[i]), obs=flips[i])


def relaxed_guide(a, b=None, c=None):
    sample("gate", dist.RelaxedBernoulli(0.8, logits=param("logit", 0.3)))
    logits = param("logits", lambda: np.array([0.2, -0.4, 0.6]))
    sample("shares", dist.RelaxedOneHotCategorical(1.1, logits=logits))


@case(relaxed_guide, X)
def relaxed(a, b=None, c=None):
    x = a
    gate = sample("gate", dist.RelaxedBernoulli(0.8, 0.4))
    shares = sample("shares", dist.RelaxedOneHotCategorical(1.1, np.array([0.2, 0.3, 0.5])))
    with plate("data", len(x)):
        sample("x", dist.Normal(gate + shares[0] - shares[1], 1.0), obs=x)


@case(rate_guide, X)
def improper_prior(a, b=None, c=None):
    x = a
    rate = sample("rate", dist.ImproperUniform(constraints.positive, (), ()))
    with plate("data", len(x)):
        sample("x", dist.Normal(rate, 1.0), obs=x)


def transformed_guide(a, b=None, c=None):
    loc = param("loc", 0.2)
    shift = param("shift", 0.1)
    maps = [transforms.AffineTransform(shift, 0.7), transforms.ExpTransform()]
    sample("rate", dist.TransformedDistribution(dist.Normal(loc, 0.8), maps))
    base = dist.Normal(param("locs", lambda: np.array([0.1, -0.3])), 0.4)
    sample("shares", dist.TransformedDistribution(base, transforms.StickBreakingTransform()))


@case(transformed_guide, X, CATEGORIES, POSITIVE)
def transformed(a, b=None, c=None):
    x, y, width = a, b, c
    rate = sample("rate", dist.TransformedDistribution(dist.Normal(0.0, 1.0), transforms.ExpTransform()))
    shares = sample("shares", dist.ImproperUniform(constraints.simplex, (), (3,)))
    with plate("data", len(y)):
        sample("y", dist.Categorical(shares), obs=y)
    for i in range(len(x)):
        moved = transforms.AffineTransform(x[i], width[i])
        sample(f"x_{i}", dist.TransformedDistribution(dist.Logistic(rate, 1.0), [moved]), obs=x[i])
        pair = dist.TransformedDistribution(dist.Normal(np.zeros(2), rate), [moved])
        sample(f"pair_{i}", pair.to_event(1), obs=x[:2])
