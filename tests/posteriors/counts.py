"""Yes or no, and counts: wells, dogs, GLM_Poisson."""

import numpy as np
from posteriors.posterior import posterior
from scipy import special, stats

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints

# -- wells: who switches to another one --------------------------------------------------------------------------------


def switching(columns):
    def log_density(data, params):
        beta = np.atleast_1d(params["beta"])
        logits = params["alpha"] + np.column_stack(columns(data)) @ beta
        return np.where(data["switched"] == 1, special.log_expit(logits), special.log_expit(-logits)).sum()

    return log_density


def intercept():
    return vc.sample("alpha", dist.ImproperUniform(constraints.real, (), ()))


def switched_by(logits, switched):
    with vc.plate("households", len(switched)):
        vc.sample("switched", dist.Bernoulli(logits=logits), obs=switched)


@posterior(
    "extra/wells_data-wells_dist100_model",
    lambda d: (d["dist"], d["switched"]),
    switching(lambda d: [d["dist"] / 100.0]),
)
def wells_dist100(distance, switched):
    alpha = intercept()
    beta = vc.sample("beta", dist.ImproperUniform(constraints.real, (), ()))
    switched_by(alpha + beta * (distance / 100.0), switched)


@posterior(
    "extra/wells_data-wells_dist100ars_model",
    lambda d: (d["dist"], d["arsenic"], d["switched"]),
    switching(lambda d: [d["dist"] / 100.0, d["arsenic"]]),
)
def wells_dist100ars(distance, arsenic, switched):
    alpha = intercept()
    beta = vc.sample("beta", dist.ImproperUniform(constraints.real, (), (2,)))
    switched_by(alpha + beta[0] * (distance / 100.0) + beta[1] * arsenic, switched)


@posterior(
    "extra/wells_data-wells_interaction_model",
    lambda d: (d["dist"], d["arsenic"], d["switched"]),
    switching(lambda d: [d["dist"] / 100.0, d["arsenic"], d["dist"] / 100.0 * d["arsenic"]]),
)
def wells_interaction(distance, arsenic, switched):
    alpha = intercept()
    beta = vc.sample("beta", dist.ImproperUniform(constraints.real, (), (3,)))
    far = distance / 100.0
    switched_by(alpha + np.stack([far, arsenic, far * arsenic], axis=1) @ beta, switched)


# -- dogs: they learn to avoid a shock ---------------------------------------------------------------------------------


def learning(data, params):
    beta, y = params["beta"], data["y"]
    before = np.cumsum(y, axis=1) - y
    logits = beta[0] + beta[1] * (np.arange(y.shape[1]) - before) + beta[2] * before
    likelihood = np.where(y == 1, special.log_expit(logits), special.log_expit(-logits)).sum()
    return likelihood + stats.norm.logpdf(beta, 0.0, 100.0).sum()


@posterior("dev/dogs-dogs_v2022", lambda d: (d["y"],), learning)
def dogs(y):
    """A loop over the trials, which all dogs go through together."""
    beta = vc.sample("beta", dist.Normal(0.0, 100.0).expand([3]).to_event(1))
    avoided, shocks = np.zeros(len(y)), np.zeros(len(y))
    for t in range(y.shape[1]):
        vc.sample(f"y_{t}", dist.Bernoulli(logits=beta[0] + beta[1] * avoided + beta[2] * shocks), obs=y[:, t])
        avoided = avoided + 1.0 - y[:, t]
        shocks = shocks + y[:, t]


@posterior("extra/dogs-dogs", lambda d: (d["y"],), learning)
def dogs_of_each(y):
    """A loop over the dogs, with running sums for the trials."""
    beta = vc.sample("beta", dist.Normal(0.0, 100.0).expand([3]).to_event(1))
    for dog in range(len(y)):
        shocks = np.cumsum(y[dog]) - y[dog]
        avoided = np.arange(y.shape[1]) - shocks
        logits = beta[0] + beta[1] * avoided + beta[2] * shocks
        vc.sample(f"dog_{dog}", dist.Bernoulli(logits=logits).to_event(1), obs=y[dog])


# -- counts of one species ---------------------------------------------------------------------------------------------


def counted(data, p):
    year = data["year"]
    log_rate = p["alpha"] + p["beta1"] * year + p["beta2"] * year**2 + p["beta3"] * year**3
    return stats.poisson.logpmf(data["C"], np.exp(log_rate)).sum()


@posterior("extra/GLM_Poisson_Data-GLM_Poisson_model", lambda d: (d["year"], d["C"]), counted)
def glm_poisson(year, counts):
    log_rate = vc.sample("alpha", dist.Uniform(-20.0, 20.0))
    for k in (1, 2, 3):
        log_rate = log_rate + vc.sample(f"beta{k}", dist.Uniform(-10.0, 10.0)) * year**k
    with vc.plate("years", len(year)):
        vc.sample("counts", dist.Poisson(np.exp(log_rate)), obs=counts)
