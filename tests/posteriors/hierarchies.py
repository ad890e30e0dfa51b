"""Hierarchies: eight schools and radon with one intercept for each county."""

import numpy as np
from posteriors.posterior import posterior
from scipy import stats

import vicompile as vc
import vicompile.distributions as dist

# -- eight schools -----------------------------------------------------------------------------------------------------


def schools(data, p):
    """With the effects themselves as parameters."""
    top = stats.norm.logpdf(p["mu"], 0.0, 5.0) + stats.halfcauchy.logpdf(p["tau"], scale=5.0)
    effects = stats.norm.logpdf(p["theta"], p["mu"], p["tau"]).sum()
    return top + effects + stats.norm.logpdf(data["y"], p["theta"], data["sigma"]).sum()


def schools_noncentered(data, p):
    """With standardised effects as parameters: the density has no tau ** -8 from the change of variables."""
    return schools(data, p) + len(p["theta"]) * np.log(p["tau"])


@posterior("dev/eight_schools-eight_schools_centered", lambda d: (d["y"], d["sigma"]), schools)
def centered(y, sigma):
    mu = vc.sample("mu", dist.Normal(0.0, 5.0))
    tau = vc.sample("tau", dist.HalfCauchy(5.0))
    with vc.plate("schools", len(y)):
        theta = vc.sample("theta", dist.Normal(mu, tau))
        vc.sample("y", dist.Normal(theta, sigma), obs=y)


@posterior(
    "dev/eight_schools-eight_schools_noncentered",
    lambda d: (d["y"], d["sigma"]),
    schools_noncentered,
    sites=lambda p: {"mu": p["mu"], "tau": p["tau"], "theta_trans": (p["theta"] - p["mu"]) / p["tau"]},
    parameters=lambda p: {**p, "theta": (p["mu"] + p["tau"] * p["theta_trans"].T).T},
)
def noncentered(y, sigma):
    mu = vc.sample("mu", dist.Normal(0.0, 5.0))
    tau = vc.sample("tau", dist.HalfCauchy(5.0))
    with vc.plate("schools", len(y)):
        theta = mu + tau * vc.sample("theta_trans", dist.Normal(0.0, 1.0))
        vc.sample("y", dist.Normal(theta, sigma), obs=y)


# -- radon -------------------------------------------------------------------------------------------------------------


def standardised(p):
    """The county intercepts as the model draws them; the other parameters as they are."""
    raw = (p["alpha"] - p["mu_alpha"]) / p["sigma_alpha"]
    return {**{name: value for name, value in p.items() if name != "alpha"}, "alpha_raw": raw}


def intercepts(p):
    """The parameters by what the model draws; of many draws where the draws are the leading axis."""
    return {**p, "alpha": (p["mu_alpha"] + p["sigma_alpha"] * p["alpha_raw"].T).T}


def counties(data, p):
    county = data["county_idx"] - 1
    mean = p["alpha"][county]
    priors = (
        stats.norm.logpdf(p["sigma_y"])
        + stats.norm.logpdf(p["sigma_alpha"])
        + stats.norm.logpdf(p["mu_alpha"], 0.0, 10.0)
        + stats.norm.logpdf(standardised(p)["alpha_raw"]).sum()
    )
    if "beta" in p:
        priors += stats.norm.logpdf(p["beta"], 0.0, 10.0).sum()
        mean = mean + data["log_uppm"] * p["beta"][0] + data["floor_measure"] * p["beta"][1]
    return priors + stats.norm.logpdf(data["log_radon"], mean, p["sigma_y"]).sum()


def county_intercepts(county_count):
    mu_alpha = vc.sample("mu_alpha", dist.Normal(0.0, 10.0))
    sigma_alpha = vc.sample("sigma_alpha", dist.HalfNormal(1.0))
    with vc.plate("counties", county_count):
        raw = vc.sample("alpha_raw", dist.Normal(0.0, 1.0))
    return mu_alpha + sigma_alpha * raw


@posterior(
    "extra/radon_mn-radon_partially_pooled_noncentered",
    lambda d: (d["county_idx"] - 1, d["log_radon"], d["J"]),
    counties,
    sites=standardised,
    parameters=intercepts,
)
def radon_partially_pooled(county, log_radon, county_count):
    alpha = county_intercepts(county_count)
    sigma_y = vc.sample("sigma_y", dist.HalfNormal(1.0))
    with vc.plate("houses", len(log_radon)):
        vc.sample("log_radon", dist.Normal(alpha[county], sigma_y), obs=log_radon)


@posterior(
    "extra/radon_mn-radon_hierarchical_intercept_noncentered",
    lambda d: (d["county_idx"] - 1, d["log_uppm"], d["floor_measure"], d["log_radon"], d["J"]),
    counties,
    sites=standardised,
    parameters=intercepts,
)
def radon_hierarchical_intercept(county, uranium, floor, log_radon, county_count):
    alpha = county_intercepts(county_count)
    beta = vc.sample("beta", dist.Normal(0.0, 10.0).expand([2]).to_event(1))
    sigma_y = vc.sample("sigma_y", dist.HalfNormal(1.0))
    with vc.plate("houses", len(log_radon)):
        mean = alpha[county] + uranium * beta[0] + floor * beta[1]
        vc.sample("log_radon", dist.Normal(mean, sigma_y), obs=log_radon)
