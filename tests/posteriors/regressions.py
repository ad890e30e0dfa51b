"""Linear regressions with one scale: earnings, kidiq, mesquite, nes, sblri, radon_pooled.

Each model has its own features; the density in NumPy is that of a linear model of a matrix that is built here.
"""

import numpy as np
from posteriors.posterior import posterior
from scipy import stats

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints


def linear(y, columns, prior=lambda params: 0.0):
    """Normal observations around a matrix of columns times beta."""

    def log_density(data, params):
        matrix = np.column_stack([np.broadcast_to(column, len(y(data))) for column in columns(data)])
        return stats.norm.logpdf(y(data), matrix @ params["beta"], params["sigma"]).sum() + prior(params)

    return log_density


def half_cauchy(params):
    return stats.halfcauchy.logpdf(params["sigma"], scale=2.5)


def flat(count):
    """Coefficients without a prior: used inside of models."""
    return dist.ImproperUniform(constraints.real, (), (count,))


def flat_scale():
    return dist.ImproperUniform(constraints.positive, (), ())


def observed(mean, sigma, y):
    with vc.plate("data", len(y)):
        vc.sample("y", dist.Normal(mean, sigma), obs=y)


# -- earnings ----------------------------------------------------------------------------------------------------------


@posterior(
    "dev/earnings-earn_height",
    lambda d: (d["height"], d["earn"]),
    linear(lambda d: d["earn"], lambda d: [1.0, d["height"]]),
)
def earn_height(height, earn):
    beta = vc.sample("beta", flat(2))
    sigma = vc.sample("sigma", flat_scale())
    observed(beta[0] + beta[1] * height, sigma, earn)


@posterior(
    "dev/earnings-logearn_height",
    lambda d: (d["height"], d["earn"]),
    linear(lambda d: np.log(d["earn"]), lambda d: [1.0, d["height"]]),
)
def logearn_height(height, earn):
    beta = vc.sample("beta", flat(2))
    sigma = vc.sample("sigma", flat_scale())
    observed(beta[0] + beta[1] * height, sigma, np.log(earn))


@posterior(
    "dev/earnings-logearn_interaction",
    lambda d: (d["height"], d["male"], d["earn"]),
    linear(lambda d: np.log(d["earn"]), lambda d: [1.0, d["height"], d["male"], d["height"] * d["male"]]),
)
def logearn_interaction(height, male, earn):
    beta = vc.sample("beta", flat(4))
    sigma = vc.sample("sigma", flat_scale())
    observed(beta[0] + beta[1] * height + (beta[2] + beta[3] * height) * male, sigma, np.log(earn))


@posterior(
    "dev/earnings-logearn_logheight_male",
    lambda d: (d["height"], d["male"], d["earn"]),
    linear(lambda d: np.log(d["earn"]), lambda d: [1.0, np.log(d["height"]), d["male"]]),
)
def logearn_logheight_male(height, male, earn):
    beta = vc.sample("beta", flat(3))
    sigma = vc.sample("sigma", flat_scale())
    observed(beta[0] + beta[1] * np.log(height) + beta[2] * male, sigma, np.log(earn))


# -- kidiq -------------------------------------------------------------------------------------------------------------


@posterior(
    "dev/kidiq-kidscore_momiq",
    lambda d: (d["mom_iq"], d["kid_score"]),
    linear(lambda d: d["kid_score"], lambda d: [1.0, d["mom_iq"]], half_cauchy),
)
def kidscore_momiq(mom_iq, kid_score):
    beta = vc.sample("beta", flat(2))
    sigma = vc.sample("sigma", dist.HalfCauchy(2.5))
    observed(beta[0] + beta[1] * mom_iq, sigma, kid_score)


@posterior(
    "dev/kidiq-kidscore_interaction",
    lambda d: (d["mom_hs"], d["mom_iq"], d["kid_score"]),
    linear(lambda d: d["kid_score"], lambda d: [1.0, d["mom_hs"], d["mom_iq"], d["mom_hs"] * d["mom_iq"]], half_cauchy),
)
def kidscore_interaction(mom_hs, mom_iq, kid_score):
    beta = vc.sample("beta", flat(4))
    sigma = vc.sample("sigma", dist.HalfCauchy(2.5))
    features = np.stack([np.ones_like(mom_iq), mom_hs, mom_iq, mom_hs * mom_iq], axis=1)
    observed(features @ beta, sigma, kid_score)


@posterior(
    "dev/kidiq_with_mom_work-kidscore_interaction_c2",
    lambda d: (d["mom_hs"], d["mom_iq"], d["kid_score"]),
    linear(
        lambda d: d["kid_score"],
        lambda d: [1.0, d["mom_hs"] - 0.5, d["mom_iq"] - 100.0, (d["mom_hs"] - 0.5) * (d["mom_iq"] - 100.0)],
    ),
)
def kidscore_interaction_c2(mom_hs, mom_iq, kid_score):
    beta = vc.sample("beta", flat(4))
    sigma = vc.sample("sigma", flat_scale())
    school, iq = mom_hs - 0.5, mom_iq - 100.0
    observed(beta[0] + beta[1] * school + beta[2] * iq + beta[3] * school * iq, sigma, kid_score)


@posterior(
    "dev/kidiq_with_mom_work-kidscore_mom_work",
    lambda d: (d["mom_work"], d["kid_score"]),
    linear(lambda d: d["kid_score"], lambda d: [1.0, *(d["mom_work"] == k for k in (2, 3, 4))]),
)
def kidscore_mom_work(mom_work, kid_score):
    beta = vc.sample("beta", flat(4))
    sigma = vc.sample("sigma", flat_scale())
    mean = beta[0]
    for k in (2, 3, 4):
        mean = mean + beta[k - 1] * (mom_work == k)
    observed(mean, sigma, kid_score)


# -- mesquite ----------------------------------------------------------------------------------------------------------


def leaves(data):
    """The measurements of the bushes, as a model gets them."""
    names = ("diam1", "diam2", "canopy_height", "total_height", "density", "group", "weight")
    return tuple(data[name] for name in names)


def _volume(data):
    return data["diam1"] * data["diam2"] * data["canopy_height"]


@posterior(
    "dev/mesquite-mesquite",
    leaves,
    linear(
        lambda d: d["weight"],
        lambda d: [1.0, d["diam1"], d["diam2"], d["canopy_height"], d["total_height"], d["density"], d["group"]],
    ),
)
def mesquite(diam1, diam2, canopy_height, total_height, density, group, weight):
    beta = vc.sample("beta", flat(7))
    sigma = vc.sample("sigma", flat_scale())
    size = beta[1] * diam1 + beta[2] * diam2 + beta[3] * canopy_height + beta[4] * total_height
    observed(beta[0] + size + beta[5] * density + beta[6] * group, sigma, weight)


@posterior(
    "dev/mesquite-logmesquite_logvas",
    leaves,
    linear(
        lambda d: np.log(d["weight"]),
        lambda d: [
            1.0,
            np.log(_volume(d)),
            np.log(d["diam1"] * d["diam2"]),
            np.log(d["diam1"] / d["diam2"]),
            np.log(d["total_height"]),
            np.log(d["density"]),
            d["group"],
        ],
    ),
)
def logmesquite_logvas(diam1, diam2, canopy_height, total_height, density, group, weight):
    beta = vc.sample("beta", flat(7))
    sigma = vc.sample("sigma", flat_scale())
    area = diam1 * diam2
    canopy = beta[1] * np.log(area * canopy_height) + beta[2] * np.log(area) + beta[3] * np.log(diam1 / diam2)
    rest = beta[4] * np.log(total_height) + beta[5] * np.log(density) + beta[6] * group
    observed(beta[0] + canopy + rest, sigma, np.log(weight))


@posterior(
    "dev/mesquite-logmesquite_logvolume",
    leaves,
    linear(lambda d: np.log(d["weight"]), lambda d: [1.0, np.log(_volume(d))]),
)
def logmesquite_logvolume(diam1, diam2, canopy_height, total_height, density, group, weight):
    beta = vc.sample("beta", flat(2))
    sigma = vc.sample("sigma", flat_scale())
    observed(beta[0] + beta[1] * np.log(diam1 * diam2 * canopy_height), sigma, np.log(weight))


# -- nes: four years of one survey -------------------------------------------------------------------------------------


def survey(data):
    """The answers of one year, as the model gets them."""
    names = ("real_ideo", "race_adj", "age_discrete", "educ1", "gender", "income", "partyid7")
    return tuple(data[name] for name in names)


def nes(ideology, race, age, education, gender, income, party):
    beta = vc.sample("beta", flat(9))
    sigma = vc.sample("sigma", flat_scale())
    by_age = np.array([beta[3], beta[4], beta[5]])
    older = by_age[0] * (age == 2) + by_age[1] * (age == 3) + by_age[2] * (age == 4)
    mean = beta[0] + beta[1] * ideology + beta[2] * race + older
    observed(mean + beta[6] * education + beta[7] * gender + beta[8] * income, sigma, party)


_nes = linear(
    lambda d: d["partyid7"],
    lambda d: [
        1.0,
        d["real_ideo"],
        d["race_adj"],
        *(d["age_discrete"] == k for k in (2, 3, 4)),
        d["educ1"],
        d["gender"],
        d["income"],
    ],
)
for year in (1972, 1980, 1988, 2000):
    posterior(f"dev/nes{year}-nes", survey, _nes)(nes)


# -- with priors -------------------------------------------------------------------------------------------------------


@posterior(
    "dev/sblri-blr",
    lambda d: (d["X"], d["y"]),
    linear(
        lambda d: d["y"],
        lambda d: d["X"].T,
        lambda p: stats.norm.logpdf(p["beta"], 0.0, 10.0).sum() + stats.norm.logpdf(p["sigma"], 0.0, 10.0),
    ),
)
def blr(x, y):
    beta = vc.sample("beta", dist.Normal(np.zeros(x.shape[1]), 10.0).to_event(1))
    sigma = vc.sample("sigma", dist.HalfNormal(10.0))
    observed(x @ beta, sigma, y)


def _radon(data, p):
    return (
        stats.norm.logpdf(p["sigma_y"])
        + stats.norm.logpdf(p["alpha"], 0.0, 10.0)
        + stats.norm.logpdf(p["beta"], 0.0, 10.0)
        + stats.norm.logpdf(data["log_radon"], p["alpha"] + p["beta"] * data["floor_measure"], p["sigma_y"]).sum()
    )


@posterior("extra/radon_mn-radon_pooled", lambda d: (d["floor_measure"], d["log_radon"]), _radon)
def radon_pooled(floor, log_radon):
    alpha = vc.sample("alpha", dist.Normal(0.0, 10.0))
    beta = vc.sample("beta", dist.Normal(0.0, 10.0))
    sigma = vc.sample("sigma_y", dist.HalfNormal(1.0))
    observed(alpha + beta * floor, sigma, log_radon)
