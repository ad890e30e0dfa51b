"""Models of the corpus whose loops carry values: recurrences of numbers, vectors and latents, alone and nested."""

import numpy as np
from corpus.cases import case

import vicompile.distributions as dist
from vicompile.language import factor, param, plate, sample, scan

RNG = np.random.default_rng(20261126)
SERIES = RNG.normal(size=12)
TABLE = RNG.normal(size=(7, 3))
MANY = RNG.normal(size=(300, 4))


def garch_guide(y):
    sample("mu", dist.Normal(param("m", 0.0), 0.1))
    for name, start in (("a0", 0.0), ("a1", -1.0), ("b1", -1.0)):
        sample(name, dist.LogNormal(param(f"log_{name}", start), 0.2))


@case(garch_guide, SERIES)
def garch(y):
    mu = sample("mu", dist.Normal(0.0, 1.0))
    a0 = sample("a0", dist.LogNormal(0.0, 1.0))
    a1 = sample("a1", dist.LogNormal(-2.0, 2.0))
    b1 = sample("b1", dist.LogNormal(-2.0, 2.0))
    variance = 1.0
    for t in range(1, len(y)):
        variance = a0 + a1 * (y[t - 1] - mu) ** 2 + b1 * variance
        sample(f"y_{t}", dist.Normal(mu, np.sqrt(variance)), obs=y[t])


def mean_field_walk_guide(y):
    sample("step", dist.LogNormal(param("log_step", 0.0), 0.1))
    loc = param("loc", lambda: np.zeros(len(y)))
    for t in range(len(y)):
        sample(f"z_{t}", dist.Normal(loc[t], 0.3))


@case(mean_field_walk_guide, SERIES)
def random_walk(y):
    step = sample("step", dist.LogNormal(0.0, 1.0))
    z = 0.0
    for t in range(len(y)):
        z = sample(f"z_{t}", dist.Normal(z, step))
        sample(f"y_{t}", dist.Normal(z, 1.0), obs=y[t])


def autoregressive_guide(y):
    sample("step", dist.LogNormal(param("log_step", 0.0), 0.1))
    loc, rho = param("loc", lambda: np.zeros(len(y))), param("rho", 0.5)
    z = 0.0
    for t in range(len(y)):
        z = sample(f"z_{t}", dist.Normal(loc[t] + rho * z, 0.3))


@case(autoregressive_guide, SERIES, particles=3)
def stochastic_volatility(y):
    step = sample("step", dist.LogNormal(0.0, 1.0))
    z = 0.0
    for t in range(len(y)):
        z = sample(f"z_{t}", dist.Normal(0.9 * z, step))
        sample(f"y_{t}", dist.Normal(0.0, np.exp(0.5 * z)), obs=y[t])


def two_scales_guide(y):
    sample("q", dist.LogNormal(param("log_q", 0.0), 0.1))
    sample("r", dist.LogNormal(param("log_r", 0.0), 0.1))


@case(two_scales_guide, SERIES)
def kalman_filter(y):
    q, r = sample("q", dist.LogNormal(0.0, 1.0)), sample("r", dist.LogNormal(0.0, 1.0))
    mean, variance = 0.0, 1.0
    for t in range(len(y)):
        variance = variance + q
        total = variance + r
        factor(f"l_{t}", -0.5 * np.log(total) - 0.5 * (y[t] - mean) ** 2 / total)
        gain = variance / total
        mean, variance = mean + gain * (y[t] - mean), (1.0 - gain) * variance


def weights_guide(y):
    sample("w", dist.Normal(param("loc", lambda: np.full(3, 0.3)), 0.1).to_event(1))


@case(weights_guide, SERIES)
def recurrent_cell(y):
    w = sample("w", dist.Normal(np.zeros(3), 1.0).to_event(1))
    state, states = np.zeros(3), []
    for value in y:
        state = np.tanh(w * state + value)
        states.append(state)
    factor("fit", -np.sum(np.stack(states) ** 2))


def matrix_guide(y):
    sample("a", dist.Normal(param("loc", lambda: np.full((2, 2), 0.3)), 0.1).to_event(2))


@case(matrix_guide, SERIES)
def vector_autoregression(y):
    a = sample("a", dist.Normal(np.zeros((2, 2)), 1.0).to_event(2))
    state, total = np.ones(2), 0.0
    for t in range(len(y)):
        state = np.tanh(a @ state) + y[t]
        total += np.sum(state**2)
    factor("fit", -total)


def coefficients_guide(y, lags=2):
    sample("b", dist.Normal(param("loc", lambda: np.full(lags, 0.1)), 0.1).to_event(1))


@case(coefficients_guide, SERIES)
def autoregression_of_order(y, lags=2):
    b = sample("b", dist.Normal(np.zeros(lags), 1.0).to_event(1))
    for t in range(lags, len(y)):
        mean = 0.0
        for k in range(lags):
            mean = mean + b[k] * y[t - k - 1]
        sample(f"y_{t}", dist.Normal(mean, 1.0), obs=y[t])


def one_number_guide(table):
    sample("a", dist.Normal(param("loc", 0.1), 0.1))


@case(one_number_guide, TABLE)
def nested_recurrences(table):
    a = sample("a", dist.Normal(0.0, 1.0))
    total = 0.0
    for i in range(table.shape[0]):
        level = 0.1 * total
        for j in range(table.shape[1]):
            level = np.tanh(a * level + table[i, j])
        total = total + level
        factor(f"row_{i}", level * level)
    factor("end", total)


@case(one_number_guide, MANY)
def independent_recurrences(table):
    a = sample("a", dist.Normal(0.0, 1.0))
    for i in range(table.shape[0]):
        level = 0.1
        for j in range(table.shape[1]):
            level = np.tanh(a * level + table[i, j])
        factor(f"row_{i}", level * level)


def moving_average_guide(y):
    sample("theta", dist.Normal(param("loc", 0.1), 0.1))


@case(moving_average_guide, SERIES)
def moving_average(y):
    theta = sample("theta", dist.Normal(0.0, 1.0))
    errors = [y[0]]
    for t in range(1, len(y)):
        errors.append(y[t] - 0.3 - 0.2 * y[t - 1] - theta * errors[-1])
    sample("errors", dist.Normal(0.0, 1.0).expand([len(y)]).to_event(1), obs=np.array(errors))


def series_guide(table):
    sample("step", dist.LogNormal(param("log_step", 0.0), 0.1))
    loc = param("loc", lambda: np.full(table.shape, 0.1))
    with plate("series", table.shape[0]):
        z = 0.0
        for t in range(table.shape[1]):
            z = sample(f"z_{t}", dist.Normal(loc[:, t] + 0.2 * z, 0.3))


@case(series_guide, TABLE)
def many_series(table):
    step = sample("step", dist.LogNormal(0.0, 1.0))
    with plate("series", table.shape[0]):
        z = 0.0
        for t in range(table.shape[1]):
            z = sample(f"z_{t}", dist.Normal(0.5 * z, step))
            sample(f"y_{t}", dist.Normal(z, 1.0), obs=table[:, t])


def scan_guide(y):
    sample("a", dist.Normal(param("m", 0.1), 0.1))

    def step(z, loc):
        z = sample("z", dist.Normal(loc + 0.3 * z, 0.3))
        return z, None

    scan(step, 0.0, param("loc", lambda: np.full(len(y), 0.1)))


@case(scan_guide, SERIES)
def scanned_states(y):
    a = sample("a", dist.Normal(0.0, 1.0))

    def step(carry, x):
        z, count = carry
        z = sample("z", dist.Normal(a * z, 0.8))
        sample("y", dist.Normal(z, 1.0), obs=x)
        return (z, count + 1.0), 2.0 * z

    (z, count), doubled = scan(step, (0.0, 0.0), y)
    factor("end", -0.5 * z**2 - 0.1 * np.sum(doubled**2) + count)
