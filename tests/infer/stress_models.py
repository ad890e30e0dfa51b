"""Posteriors that are hard for a fit, and what is known of them: (model, arguments, exact means and sds or None).

None: a Gaussian can't describe it, or there is no posterior at all.
"""

import numpy as np
from scipy import integrate, stats
from scipy.special import log_expit

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints

# -- what a fit must get right -----------------------------------------------------------------------------------------


def far_and_wide():
    vc.sample("far", dist.Normal(1e6, 1.0))
    vc.sample("wide", dist.Normal(0.0, 1e6))


def small_and_large():
    vc.sample("small", dist.Normal(0.0, 1e-6))
    vc.sample("large", dist.Normal(0.0, 1e6))


def ill_conditioned(mean, covariance):
    vc.sample("x", dist.MultivariateNormal(mean, covariance))


def _ill_conditioned(size=100):
    rng = np.random.default_rng(3)
    vectors, _ = np.linalg.qr(rng.normal(size=(size, size)))
    covariance = vectors * np.geomspace(1e-3, 1e3, size) @ vectors.T
    covariance = 0.5 * (covariance + covariance.T)
    mean = rng.normal(size=size)
    return ill_conditioned, (mean, covariance), (mean, np.sqrt(np.diagonal(covariance)))


def one_column_twice(x, y, scale):
    beta = vc.sample("beta", dist.Normal(0.0, scale).expand([2]).to_event(1))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.Normal(beta[0] * x + beta[1] * x, 1.0), obs=y)


def _twice():
    x = np.linspace(-1.0, 1.0, 40)
    y = 2.0 * x + np.random.default_rng(0).normal(size=40)
    matrix = np.column_stack([x, x])
    covariance = np.linalg.inv(matrix.T @ matrix + np.eye(2) / 100.0**2)
    return one_column_twice, (x, y, 100.0), (covariance @ matrix.T @ y, np.sqrt(np.diagonal(covariance)))


def separable(x, y):
    beta = vc.sample("beta", dist.Normal(0.0, 3.0))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.Bernoulli(logits=beta * x), obs=y)


SEPARATED = np.linspace(-2.0, 2.0, 20), (np.linspace(-2.0, 2.0, 20) > 0.0).astype(float)


def _separable():
    x, y = SEPARATED

    def log_density(b):
        return stats.norm.logpdf(b, 0.0, 3.0) + log_expit(np.where(y == 1.0, b * x, -b * x)).sum()

    return separable, SEPARATED, _by_quadrature(log_density, -5.0, 30.0)


def twice_exponential(y):
    x = vc.sample("x", dist.Normal(0.0, 1.0))
    vc.sample("y", dist.Normal(np.exp(np.exp(x)), 1.0), obs=y)


def _twice_exponential():
    def log_density(x):
        return stats.norm.logpdf(x) + stats.norm.logpdf(10.0, np.exp(np.exp(x)), 1.0)

    return twice_exponential, (10.0,), _by_quadrature(log_density, -1.0, 2.0)


def _by_quadrature(log_density, low, high):
    grid = np.linspace(low, high, 20001)
    values = np.array([log_density(point) for point in grid])
    weights = np.exp(values - values.max())
    total = integrate.trapezoid(weights, grid)
    mean = integrate.trapezoid(weights * grid, grid) / total
    variance = integrate.trapezoid(weights * (grid - mean) ** 2, grid) / total
    return np.array([mean]), np.array([np.sqrt(variance)])


RIGHT = {
    "N(1e6, 1) x N(0, 1e6)": (far_and_wide, (), (np.array([1e6, 0.0]), np.array([1.0, 1e6]))),
    "scales 1e-6 and 1e6": (small_and_large, (), (np.zeros(2), np.array([1e-6, 1e6]))),
    "100 dimensions, condition 1e6": _ill_conditioned(),
    "one column twice, N(0, 100) prior": _twice(),
    "separable logistic regression, N(0, 3) prior": _separable(),
    "exp(exp(x))": _twice_exponential(),
}

# -- what a fit must complain of ---------------------------------------------------------------------------------------


def banana():
    x = vc.sample("x", dist.Normal(0.0, 1.0))
    vc.sample("y", dist.Normal(x**2, 0.2))


def cauchy():
    vc.sample("x", dist.Cauchy(0.0, 1.0))


def funnel():
    v = vc.sample("v", dist.Normal(0.0, 3.0))
    with vc.plate("nine", 9):
        vc.sample("x", dist.Normal(0.0, np.exp(v / 2.0)))


def bimodal():
    x = vc.sample("x", dist.ImproperUniform(constraints.real, (), ()))
    vc.factor("two", np.logaddexp(-0.5 * (x - 4.0) ** 2, -0.5 * (x + 4.0) ** 2))


def flat():
    vc.sample("flat", dist.ImproperUniform(constraints.real, (), ()))
    vc.sample("proper", dist.Normal(0.0, 1.0))


def one_column_twice_flat(x, y):
    beta = vc.sample("beta", dist.ImproperUniform(constraints.real, (), (2,)))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.Normal(beta[0] * x + beta[1] * x, 1.0), obs=y)


def separable_flat(x, y):
    beta = vc.sample("beta", dist.ImproperUniform(constraints.real, (), ()))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.Bernoulli(logits=beta * x), obs=y)


def three_groups(y):
    """A flat prior on log tau: the density has no integral."""
    mu = vc.sample("mu", dist.ImproperUniform(constraints.real, (), ()))
    log_tau = vc.sample("log_tau", dist.ImproperUniform(constraints.real, (), ()))
    with vc.plate("groups", len(y)):
        theta = vc.sample("theta", dist.Normal(mu, np.exp(log_tau)))
        vc.sample("y", dist.Normal(theta, 1.0), obs=y)


def ends_at_three_and_a_half():
    x = vc.sample("x", dist.Normal(0.0, 1.0))
    vc.factor("end", 1e-3 * np.sqrt(3.5 - x))


FLAGGED = {
    "banana": (banana, ()),
    "Cauchy": (cauchy, ()),
    "funnel": (funnel, ()),
    "two modes at -4 and 4": (bimodal, ()),
    "flat direction": (flat, ()),
    "one column twice, flat prior": (one_column_twice_flat, _twice()[1][:2]),
    "separable logistic regression, flat prior": (separable_flat, SEPARATED),
    "three groups, flat prior of log tau": (three_groups, (np.array([-1.0, 0.0, 1.5]),)),
    "NaN beyond 3.5 sd": (ends_at_three_and_a_half, ()),
}


def support_undeclared():
    x = vc.sample("x", dist.ImproperUniform(constraints.real, (), ()))
    vc.factor("beyond", np.log(x - 3.0) - x)


REFUSED = {"support x > 3, undeclared": (support_undeclared, ())}
