"""What follows in time: arK, arma11, garch11, a hidden Markov chain, predators and prey; and a Gaussian process."""

import numpy as np
from posteriors.posterior import posterior
from scipy import integrate, stats
from scipy.linalg import solve_triangular
from scipy.special import logsumexp

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints

# -- autoregressions ---------------------------------------------------------------------------------------------------


def autoregression(data, p):
    y, lags = data["y"], data["K"]
    windows = np.lib.stride_tricks.sliding_window_view(y, lags)[:-1, ::-1]
    return (
        stats.norm.logpdf(p["alpha"], 0.0, 10.0)
        + stats.norm.logpdf(p["beta"], 0.0, 10.0).sum()
        + stats.halfcauchy.logpdf(p["sigma"], scale=2.5)
        + stats.norm.logpdf(y[lags:], p["alpha"] + windows @ p["beta"], p["sigma"]).sum()
    )


@posterior("dev/arK-arK", lambda d: (d["y"], d["K"]), autoregression)
def ark(y, lags):
    alpha = vc.sample("alpha", dist.Normal(0.0, 10.0))
    beta = vc.sample("beta", dist.Normal(np.zeros(lags), 10.0).to_event(1))
    sigma = vc.sample("sigma", dist.HalfCauchy(2.5))
    for t in range(lags, len(y)):
        mean = alpha
        for k in range(lags):
            mean = mean + beta[k] * y[t - 1 - k]
        vc.sample(f"y_{t}", dist.Normal(mean, sigma), obs=y[t])


def moving_average(data, p):
    y, error, density = data["y"], 0.0, 0.0
    previous = p["mu"]
    for value in y:
        error = value - (p["mu"] + p["phi"] * previous + p["theta"] * error)
        density += stats.norm.logpdf(error, 0.0, p["sigma"])
        previous = value
    return (
        density
        + stats.norm.logpdf(p["mu"], 0.0, 10.0)
        + stats.norm.logpdf(p["phi"], 0.0, 2.0)
        + stats.norm.logpdf(p["theta"], 0.0, 2.0)
        + stats.halfcauchy.logpdf(p["sigma"], scale=2.5)
    )


@posterior("dev/arma-arma11", lambda d: (d["y"],), moving_average)
def arma11(y):
    mu = vc.sample("mu", dist.Normal(0.0, 10.0))
    phi = vc.sample("phi", dist.Normal(0.0, 2.0))
    theta = vc.sample("theta", dist.Normal(0.0, 2.0))
    sigma = vc.sample("sigma", dist.HalfCauchy(2.5))
    error = y[0] - (mu + phi * mu)
    vc.sample("first", dist.Normal(mu + phi * mu, sigma), obs=y[0])
    for t in range(1, len(y)):
        mean = mu + phi * y[t - 1] + theta * error
        vc.sample(f"y_{t}", dist.Normal(mean, sigma), obs=y[t])
        error = y[t] - mean


def changing_variance(data, p):
    variance, density = data["sigma1"] ** 2, 0.0
    for value in data["y"]:
        density += stats.norm.logpdf(value, p["mu"], np.sqrt(variance))
        variance = p["alpha0"] + p["alpha1"] * (value - p["mu"]) ** 2 + p["beta1"] * variance
    return density


@posterior("dev/garch-garch11", lambda d: (d["y"], d["sigma1"]), changing_variance)
def garch11(y, sigma1):
    mu = vc.sample("mu", dist.ImproperUniform(constraints.real, (), ()))
    alpha0 = vc.sample("alpha0", dist.ImproperUniform(constraints.positive, (), ()))
    alpha1 = vc.sample("alpha1", dist.Uniform(0.0, 1.0))
    beta1 = vc.sample("beta1", dist.ImproperUniform(constraints.interval(0.0, 1.0 - alpha1)))
    variance = sigma1**2
    for t in range(len(y)):
        vc.sample(f"y_{t}", dist.Normal(mu, np.sqrt(variance)), obs=y[t])
        variance = alpha0 + alpha1 * (y[t] - mu) ** 2 + beta1 * variance


# -- a chain of hidden states, summed over -----------------------------------------------------------------------------


def hidden_states(data, p):
    transitions = np.stack([p["theta1"], p["theta2"]])
    # The draws are rounded, and our values of a simplex have the sum 1.
    transitions = transitions / transitions.sum(axis=1, keepdims=True)
    emissions = stats.norm.pdf(data["y"][:, None], p["mu"], 1.0)
    weights, density = emissions[0], 0.0
    for emission in emissions[1:]:
        total = weights.sum()
        density += np.log(total)
        weights = (weights / total) @ transitions * emission
    return density + np.log(weights.sum()) + stats.norm.logpdf(p["mu"], [3.0, 10.0], 1.0).sum()


@posterior("dev/hmm_example-hmm_example", lambda d: (d["y"],), hidden_states)
def hmm_example(y):
    theta1 = vc.sample("theta1", dist.ImproperUniform(constraints.simplex, (), (2,)))
    theta2 = vc.sample("theta2", dist.ImproperUniform(constraints.simplex, (), (2,)))
    mu = vc.sample("mu", dist.ImproperUniform(constraints.positive_ordered_vector, (), (2,)))
    vc.factor("prior of mu", np.sum(dist.Normal(np.array([3.0, 10.0]), 1.0).log_prob(mu)))
    transitions = np.log(np.stack([theta1, theta2]))
    forward = dist.Normal(mu, 1.0).log_prob(y[0])
    for t in range(1, len(y)):
        forward = logsumexp(forward[:, None] + transitions, axis=0) + dist.Normal(mu, 1.0).log_prob(y[t])
    vc.factor("y", logsumexp(forward))


# -- a differential equation -------------------------------------------------------------------------------------------


def slopes(state, theta):
    """The derivatives of prey and predators by time."""
    alpha, beta, gamma, delta = theta
    prey, predators = state
    return np.array([(alpha - beta * predators) * prey, (delta * prey - gamma) * predators])


def by_runge_kutta(theta, state, years, steps=20):
    """The classical method of order 4, with `steps` steps between two years."""
    states = [state]
    for h in np.diff(years) / steps:
        for _ in range(steps):
            first = slopes(state, theta)
            second = slopes(state + h / 2 * first, theta)
            third = slopes(state + h / 2 * second, theta)
            fourth = slopes(state + h * third, theta)
            state = state + h / 6 * (first + 2 * second + 2 * third + fourth)
        states.append(state)
    return np.array(states)


def accurately(theta, state, years):
    """By a method of order 8 that chooses its steps."""
    ends = (years[0], years[-1])
    solved = integrate.solve_ivp(lambda _, z: slopes(z, theta), ends, state, "DOP853", years, rtol=1e-12, atol=1e-12)
    return solved.y.T


def populations(data, p, solve=by_runge_kutta):
    """The Stan program solves the equation with a tolerance of 1e-5 and 1e-3; here it is solved as the model does."""
    years, counts = counted_each_year(data)
    return (
        stats.norm.logpdf(p["theta"], [1.0, 0.05, 1.0, 0.05], [0.5, 0.05, 0.5, 0.05]).sum()
        + stats.lognorm.logpdf(p["sigma"], 1.0, scale=np.exp(-1.0)).sum()
        + stats.lognorm.logpdf(p["z_init"], 1.0, scale=10.0).sum()
        + stats.lognorm.logpdf(counts, p["sigma"], scale=solve(p["theta"], p["z_init"], years)).sum()
    )


def counted_each_year(data):
    """Years from 0 and the counts of both species, the first ones with the others."""
    return np.concatenate([[0.0], data["ts"]]), np.vstack([data["y_init"], data["y"]])


@posterior("dev/hudson_lynx_hare-lotka_volterra", counted_each_year, populations)
def lotka_volterra(years, counts, steps=20):
    rates = dist.TruncatedNormal(np.array([1.0, 0.05, 1.0, 0.05]), np.array([0.5, 0.05, 0.5, 0.05]), low=0.0)
    theta = vc.sample("theta", rates.to_event(1))
    z_init = vc.sample("z_init", dist.LogNormal(np.log(10.0), 1.0).expand([2]).to_event(1))
    sigma = vc.sample("sigma", dist.LogNormal(-1.0, 1.0).expand([2]).to_event(1))
    alpha, beta, gamma, delta = theta[0], theta[1], theta[2], theta[3]

    def slope(state, t):
        prey, predators = state
        return (alpha - beta * predators) * prey, (delta * prey - gamma) * predators

    prey, predators = vc.odeint_rk4(slope, (z_init[0], z_init[1]), years, steps=steps)
    with vc.plate("years", len(years)):
        vc.sample("hares", dist.LogNormal(np.log(prey), sigma[0]), obs=counts[:, 0])
        vc.sample("lynxes", dist.LogNormal(np.log(predators), sigma[1]), obs=counts[:, 1])


# -- a Gaussian process ------------------------------------------------------------------------------------------------


def process(data, p):
    x, y = data["x"], data["y"]
    covariance = p["alpha"] ** 2 * np.exp(-0.5 * np.subtract.outer(x, x) ** 2 / p["rho"] ** 2)
    covariance += p["sigma"] * np.eye(len(x))
    return (
        stats.multivariate_normal.logpdf(y, np.zeros(len(x)), covariance)
        + stats.gamma.logpdf(p["rho"], 25.0, scale=1.0 / 4.0)
        + stats.norm.logpdf(p["alpha"], 0.0, 2.0)
        + stats.norm.logpdf(p["sigma"])
    )


@posterior("dev/gp_pois_regr-gp_regr", lambda d: (d["x"], d["y"]), process)
def gp_regr(x, y):
    """The scale on the diagonal is `sigma` itself, as in the Stan program."""
    rho = vc.sample("rho", dist.Gamma(25.0, 4.0))
    alpha = vc.sample("alpha", dist.HalfNormal(2.0))
    sigma = vc.sample("sigma", dist.HalfNormal(1.0))
    distance = (x[:, None] - x[None, :]) / rho
    root = np.linalg.cholesky(alpha**2 * np.exp(-0.5 * distance**2) + sigma * np.eye(len(x)))
    standard = solve_triangular(root, y, lower=True)
    vc.factor("y", -0.5 * np.sum(standard**2) - np.sum(np.log(np.diagonal(root))))
