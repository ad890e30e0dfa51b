"""Models of series for NumPyro: unrolled, as `vicompile` reads them, they take XLA minutes to compile."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax.scipy.special import logsumexp
from numpyro.distributions import constraints


def flat(support: Any, event_shape: tuple[int, ...] = ()) -> Any:
    return dist.ImproperUniform(support, (), event_shape)


def ark(y: Any, lags: int) -> None:
    alpha = numpyro.sample("alpha", dist.Normal(0.0, 10.0))
    beta = numpyro.sample("beta", dist.Normal(np.zeros(lags), 10.0).to_event(1))
    sigma = numpyro.sample("sigma", dist.HalfCauchy(2.5))
    before = np.lib.stride_tricks.sliding_window_view(y, lags)[:-1, ::-1]
    numpyro.sample("y", dist.Normal(alpha + before @ beta, sigma), obs=y[lags:])


def arma11(y: Any) -> None:
    mu = numpyro.sample("mu", dist.Normal(0.0, 10.0))
    phi = numpyro.sample("phi", dist.Normal(0.0, 2.0))
    theta = numpyro.sample("theta", dist.Normal(0.0, 2.0))
    sigma = numpyro.sample("sigma", dist.HalfCauchy(2.5))

    def step(error: Any, pair: Any) -> Any:
        before, now = pair
        mean = mu + phi * before + theta * error
        return now - mean, mean

    first = mu + phi * mu
    _, means = jax.lax.scan(step, y[0] - first, (jnp.asarray(y[:-1]), jnp.asarray(y[1:])))
    numpyro.sample("y", dist.Normal(jnp.concatenate([first[None], means]), sigma), obs=y)


def garch11(y: Any, sigma1: float) -> None:
    """With beta1 / (1 - alpha1) as the site: NumPyro's guides know no support that depends on a site."""
    mu = numpyro.sample("mu", flat(constraints.real))
    alpha0 = numpyro.sample("alpha0", flat(constraints.positive))
    alpha1 = numpyro.sample("alpha1", dist.Uniform(0.0, 1.0))
    share = numpyro.sample("beta1", dist.Uniform(0.0, 1.0))
    numpyro.factor("change of variables", jnp.log1p(-alpha1))

    def step(variance: Any, now: Any) -> Any:
        return alpha0 + alpha1 * (now - mu) ** 2 + (1.0 - alpha1) * share * variance, variance

    _, variances = jax.lax.scan(step, jnp.asarray(sigma1**2, float), jnp.asarray(y))
    numpyro.sample("y", dist.Normal(mu, jnp.sqrt(variances)), obs=y)


def hmm_example(y: Any) -> None:
    theta1 = numpyro.sample("theta1", flat(constraints.simplex, (2,)))
    theta2 = numpyro.sample("theta2", flat(constraints.simplex, (2,)))
    mu = numpyro.sample("mu", flat(constraints.positive_ordered_vector, (2,)))
    numpyro.factor("prior of mu", jnp.sum(dist.Normal(jnp.array([3.0, 10.0]), 1.0).log_prob(mu)))
    transitions = jnp.log(jnp.stack([theta1, theta2]))

    def step(forward: Any, now: Any) -> Any:
        return logsumexp(forward[:, None] + transitions, axis=0) + dist.Normal(mu, 1.0).log_prob(now), None

    forward, _ = jax.lax.scan(step, dist.Normal(mu, 1.0).log_prob(y[0]), jnp.asarray(y[1:]))
    numpyro.factor("y", logsumexp(forward))


SERIES = {
    "dev/arK-arK": ark,
    "dev/arma-arma11": arma11,
    "dev/garch-garch11": garch11,
    "dev/hmm_example-hmm_example": hmm_example,
}
