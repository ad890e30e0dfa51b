"""The corpus: tiny models with their guides and arguments.

Every stage is tested on each; adding one here, or in `long_models`, adds many tests.
"""

import numpy as np
from corpus.cases import case

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.language import deterministic, factor, param, plate, sample

RNG = np.random.default_rng(20261121)


def normal_guide(y):
    loc = param("loc", 0.3)
    scale = param("scale", 0.8, constraint=constraints.positive)
    sample("x", dist.Normal(loc, scale))


FLIPS = np.array([1.0, 1, 1, 1, 1, 1, 0, 0, 0, 0])
Y = RNG.normal(1.0, 2.0, size=7)
X = RNG.normal(size=(7, 3))
COUNTS = RNG.poisson(3.0, size=7)
GROUP = np.array([0, 1, 1, 2, 0, 2, 2])


# -- conjugate pairs and one-liners ------------------------------------------------------------------------------------


def coin_guide(flips):
    a = param("a", 15.0, constraint=constraints.positive)
    b = param("b", 15.0, constraint=constraints.positive)
    sample("fairness", dist.Beta(a, b))


@case(coin_guide, FLIPS)
def coin_plate(flips):
    fairness = sample("fairness", dist.Beta(10.0, 10.0))
    with plate("flips", len(flips)):
        sample("obs", dist.Bernoulli(fairness), obs=flips)


@case(coin_guide, FLIPS.astype(bool))
def coin_loop(flips):
    fairness = sample("fairness", dist.Beta(10.0, 10.0))
    for i in range(len(flips)):
        sample(f"obs_{i}", dist.Bernoulli(fairness), obs=flips[i])


def normal_scalar_guide(y):
    loc = param("loc", 0.3)
    scale = param("scale", 0.8, constraint=constraints.positive)
    sample("mu", dist.Normal(loc, scale))


@case(normal_scalar_guide, Y)
def normal_mean(y):
    mu = sample("mu", dist.Normal(0.0, 10.0))
    with plate("data", len(y)):
        sample("y", dist.Normal(mu, 2.0), obs=y)


@case(normal_scalar_guide, Y)
def enumerate_loop(y):
    mu = sample("mu", dist.Normal(0.0, 10.0))
    for i, value in enumerate(y):
        sample(f"y_{i}", dist.Normal(mu, 2.0), obs=value)


def gamma_guide(counts):
    a = param("a", 5.0, constraint=constraints.positive)
    b = param("b", 2.0, constraint=constraints.positive)
    sample("rate", dist.Gamma(a, b))


@case(gamma_guide, COUNTS, particles=3)
def poisson_gamma(counts):
    rate = sample("rate", dist.Gamma(1.0, 1.0))
    with plate("data", len(counts)):
        sample("n", dist.Poisson(rate), obs=counts)


def lognormal_guide(y):
    loc = param("loc", 0.1)
    scale = param("scale", 0.5, constraint=constraints.positive)
    sample("sigma", dist.LogNormal(loc, scale))


@case(lognormal_guide, Y)
def half_cauchy_scale(y):
    sigma = sample("sigma", dist.HalfCauchy(2.5))
    sample("y", dist.Normal(0.0, sigma).expand([len(y)]).to_event(1), obs=y)


@case(lognormal_guide, Y)
def half_normal_scale(y):
    sigma = sample("sigma", dist.HalfNormal(3.0))
    with plate("data", y.shape[0]):
        sample("y", dist.StudentT(4.0, 1.0, sigma), obs=y)


@case(lognormal_guide, np.abs(Y))
def exponential_waiting(y):
    sigma = sample("sigma", dist.Exponential(0.5))
    with plate("data", len(y)):
        sample("y", dist.Exponential(1.0 / sigma), obs=y)


def uniform_guide(y):
    low = param("low", -1.0)
    width = param("width", 2.0, constraint=constraints.greater_than(0.5))
    sample("shift", dist.StudentT(5.0, low, width))


@case(uniform_guide, Y)
def student_guide(y):
    shift = sample("shift", dist.Normal(0.0, 5.0))
    with plate("data", len(y)):
        sample("y", dist.Normal(np.tanh(shift) * 2.0, 1.5), obs=y)


# -- regressions -------------------------------------------------------------------------------------------------------


def regression_guide(x, y):
    w_loc = param("w_loc", np.zeros(x.shape[1]))
    w_scale = param("w_scale", 0.3 * np.ones(x.shape[1]), constraint=constraints.positive)
    sample("w", dist.Normal(w_loc, w_scale).to_event(1))
    b_loc = param("b_loc", 0.1)
    b_scale = param("b_scale", 0.4, constraint=constraints.positive)
    sample("b", dist.Normal(b_loc, b_scale))


@case(regression_guide, X, (Y > 1.0) * 1.0)
def logistic_regression(x, y):
    w = sample("w", dist.Normal(np.zeros(x.shape[1]), 1.0).to_event(1))
    b = sample("b", dist.Normal(0.0, 1.0))
    with plate("data", len(y)):
        sample("y", dist.Bernoulli(logits=x @ w + b), obs=y)


@case(regression_guide, X, Y)
def linear_regression(x, y):
    w = sample("w", dist.Normal(np.zeros(x.shape[1]), 1.0).to_event(1))
    b = sample("b", dist.Normal(0.0, 1.0))
    sigma = param("sigma", 1.0, constraint=constraints.positive)
    mean = np.dot(x, w) + b
    deterministic("mean", mean)
    with plate("data", len(y)):
        sample("y", dist.Normal(mean, sigma), obs=y)


def poisson_guide(x, counts):
    w_loc = param("w_loc", lambda: np.zeros(x.shape[1]))
    w_scale = param("w_scale", lambda: np.full(x.shape[1], 0.1), constraint=constraints.interval(0.01, 2.0))
    with plate("columns", x.shape[1]):
        sample("w", dist.Normal(w_loc, w_scale))


@case(poisson_guide, X, COUNTS)
def poisson_regression(x, counts):
    with plate("columns", x.shape[1]):
        w = sample("w", dist.Normal(0.0, 1.0))
    with plate("data", len(counts)):
        sample("n", dist.Poisson(np.exp(np.clip(x @ w, -10.0, 10.0))), obs=counts)


def columns_guide(x, y, degree=2):
    a_loc, b_loc = param("a_loc", 0.0), param("b_loc", 0.0)
    sample("a", dist.Normal(a_loc, 0.5))
    sample("b", dist.Normal(b_loc, 0.5))


@case(columns_guide, X, Y, degree=3)
def columns_and_slices(x, y, degree=2):
    a = sample("a", dist.Normal(0.0, 1.0))
    b = sample("b", dist.Normal(0.0, 1.0))
    mean = a * x[:, 0] + b * x[:, -1]
    for k in range(degree):
        mean = mean + 0.1 * x[:, 1] ** k
    sample("y", dist.Normal(mean[1:], 1.0), obs=y[1:])


# -- hierarchies -------------------------------------------------------------------------------------------------------


def schools_guide(y, sigma):
    mu_loc, mu_scale = param("mu_loc", 0.0), param("mu_scale", 1.0, constraint=constraints.positive)
    tau_loc, tau_scale = param("tau_loc", 0.0), param("tau_scale", 0.5, constraint=constraints.positive)
    z_loc = param("z_loc", np.zeros(len(y)))
    z_scale = param("z_scale", np.ones(len(y)), constraint=constraints.positive)
    sample("mu", dist.Normal(mu_loc, mu_scale))
    sample("tau", dist.LogNormal(tau_loc, tau_scale))
    with plate("schools", len(y)):
        sample("z", dist.Normal(z_loc, z_scale))


SCHOOLS = np.array([28.0, 8, -3, 7, -1, 1, 18, 12]), np.array([15.0, 10, 16, 11, 9, 11, 10, 18])


@case(schools_guide, *SCHOOLS, particles=3)
def eight_schools(y, sigma):
    mu = sample("mu", dist.Normal(0.0, 5.0))
    tau = sample("tau", dist.HalfCauchy(5.0))
    with plate("schools", len(y)):
        z = sample("z", dist.Normal(0.0, 1.0))
        theta = mu + tau * z
        sample("obs", dist.Normal(theta, sigma), obs=y)


def varying_guide(group, y, groups=3):
    loc = param("loc", np.zeros(groups))
    scale = param("scale", np.ones(groups), constraint=constraints.positive)
    sample("alpha", dist.Normal(loc, scale).to_event(1))


@case(varying_guide, GROUP, Y)
def varying_intercepts(group, y, groups=3):
    alpha = sample("alpha", dist.Normal(np.zeros(groups), 2.0).to_event(1))
    with plate("data", len(y)):
        sample("y", dist.Normal(alpha[group], 1.0), obs=y)


def varying_plate_guide(group, y, groups=3):
    loc = param("loc", np.zeros(groups))
    with plate("groups", groups):
        sample("alpha", dist.Normal(loc, 0.5))


@case(varying_plate_guide, GROUP, Y)
def gather_by_plate_index(group, y, groups=3):
    with plate("groups", groups):
        alpha = sample("alpha", dist.Normal(0.0, 2.0))
    with plate("data", len(y)) as i:
        sample("y", dist.Normal(alpha[group[i]], 1.0), obs=y[i])


def matrix_guide(table):
    rows, columns = table.shape
    loc = param("loc", np.zeros((rows, columns)))
    row_loc = param("row_loc", np.zeros(rows))
    with plate("columns", columns), plate("rows", rows):
        sample("cell", dist.Normal(loc, 0.5))
    with plate("rows_alone", rows):
        sample("row", dist.Normal(row_loc, 0.5))


@case(matrix_guide, X)
def nested_plates(table):
    rows, columns = table.shape
    with plate("rows_alone", rows):
        row = sample("row", dist.Normal(0.0, 1.0))
    with plate("columns", columns), plate("rows", rows):
        cell = sample("cell", dist.Normal(row[:, None], 1.0))
        sample("obs", dist.Normal(cell, 0.7), obs=table)


def family_guide(y):
    loc = param("loc", np.zeros(len(y)))
    for i in range(len(y)):
        sample(f"z_{i}", dist.Normal(loc[i], 0.5))


@case(family_guide, Y)
def latent_family(y):
    for i in range(len(y)):
        z = sample(f"z_{i}", dist.Normal(0.0, 1.0))
        sample(f"y_{i}", dist.Normal(z, 1.0), obs=y[i])


def static_guide(y):
    for name in ("left", "right"):
        sample(name, dist.Normal(param(f"{name}_loc", 0.1), 0.5))


@case(static_guide, Y)
def static_names(y):
    left = sample("left", dist.Normal(0.0, 1.0))
    right = sample("right", dist.Normal(left, 1.0))
    sample("y", dist.Normal(left - right, 1.0), obs=y)


# -- language ----------------------------------------------------------------------------------------------------------


def _standardised(x):
    return (x - np.mean(x)) / 2.0


SCALE = 1.7


def flavoured_guide(y, flavour="narrow"):
    sample("x", dist.Normal(param("loc", 0.3), 0.6))


@case(flavoured_guide, Y, flavour="wide")
def helpers_and_static_if(y, flavour="narrow"):
    x = sample("x", dist.Normal(0.0, 3.0))
    width = SCALE if flavour == "wide" else 0.5
    bend = lambda v: np.where(v > 0.0, v, 0.1 * v)  # noqa: E731
    with plate("data", len(y)):
        sample("y", dist.Normal(bend(x) + _standardised(y) * 0.1, width), obs=y)


@case(normal_guide, Y)
def factor_and_math(y):
    x = sample("x", dist.Normal(0.0, 3.0))
    factor("penalty", -0.5 * np.sum((y - np.sin(x)) ** 2) + np.log1p(x**2) - np.sqrt(x * x + 1.0))
    factor("mean", np.mean(np.abs(y - x)) * -1.0)


@case(normal_guide, Y)
def masked(y):
    x = sample("x", dist.Normal(0.0, 3.0))
    with plate("data", len(y)):
        sample("y", dist.Normal(x, 1.0).mask(y > 0.0), obs=y)


def structured_guide(data):
    sample("x", dist.Normal(param("loc", 0.3), 0.6))


@case(structured_guide, {"y": Y, "parts": (Y[:3], 2.0)})
def structured_arguments(data):
    x = sample("x", dist.Normal(0.0, 3.0))
    first, weight = data["parts"]
    sample("y", dist.Normal(x, 1.0), obs=data["y"])
    sample("first", dist.Normal(weight * x, np.array([1.0, 2.0, 3.0])), obs=first)


def dependent_guide(y):
    x = sample("x", dist.Normal(param("loc", 0.2), 0.7))
    sample("z", dist.Normal(0.5 * x + param("shift", 0.1), param("scale", 0.6, constraint=constraints.positive)))


@case(dependent_guide, Y)
def dependent_latents(y):
    x = sample("x", dist.Normal(0.0, 1.0))
    z = sample("z", dist.Normal(x, 1.0))
    sample("y", dist.Normal(x * z, 1.0 + 0.1 * np.exp(-z)), obs=y)


def maximum_likelihood_guide(y):
    pass


@case(maximum_likelihood_guide, Y)
def maximum_likelihood(y):
    loc = param("loc", 0.0)
    scale = param("scale", 1.0, constraint=constraints.positive)
    sample("y", dist.Normal(loc, scale), obs=y)


def beta_guide(y):
    p = param("p", 0.4, constraint=constraints.unit_interval)
    sample("f", dist.Beta(0.8 + p, 0.7))


@case(beta_guide, FLIPS)
def small_concentrations(y):
    f = sample("f", dist.Beta(0.5, 1.5))
    sample("y", dist.Bernoulli(probs=0.1 + 0.8 * f), obs=y)


def autoregression_guide(y):
    sample("phi", dist.Normal(param("loc", 0.1), 0.2))


@case(autoregression_guide, Y)
def autoregression(y):
    phi = sample("phi", dist.Normal(0.0, 1.0))
    for t in range(1, len(y)):
        sample(f"y_{t}", dist.Normal(phi * y[t - 1], 1.0), obs=y[t])
