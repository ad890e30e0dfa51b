"""Models that several tests of inference share."""

from __future__ import annotations

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints


@vc.model
def coin(data):
    f = vc.sample("latent_fairness", dist.Beta(10.0, 10.0))
    with vc.plate("flips", len(data)):
        vc.sample("obs", dist.Bernoulli(f), obs=data)


@vc.guide
def coin_guide(data):
    alpha_q = vc.param("alpha_q", 15.0, constraint=constraints.positive)
    beta_q = vc.param("beta_q", 15.0, constraint=constraints.positive)
    vc.sample("latent_fairness", dist.Beta(alpha_q, beta_q))


# Undecorated on purpose: plain functions are accepted as well.
def location(data):
    mu = vc.sample("mu", dist.Normal(0.0, 10.0))
    with vc.plate("d", len(data)):
        vc.sample("obs", dist.Normal(mu, 1.0), obs=data)


def location_guide(data):
    loc = vc.param("loc", 0.0)
    scale = vc.param("scale", 1.0, constraint=constraints.positive)
    vc.sample("mu", dist.Normal(loc, scale))


def location_posterior(data):
    """Mean and standard deviation of mu given the data, in closed form."""
    precision = 0.01 + len(data)
    return sum(data) / precision, precision**-0.5
