"""One mean and its guide, for which bounds are integrals over one number."""

import math

import numpy as np
from scipy import stats

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints

Y = np.array([0.4, 1.1])
Q_LOC, Q_SCALE = 0.3, 0.9


def one_mean(y):
    z = vc.sample("z", dist.Normal(0.0, 1.0))
    vc.sample("y", dist.Normal(z, 1.0).expand([len(y)]).to_event(1), obs=y)


def one_mean_guide(y):
    loc, scale = vc.param("loc", Q_LOC), vc.param("scale", Q_SCALE, constraint=constraints.positive)
    vc.sample("z", dist.Normal(loc, scale))


POSTERIOR = stats.norm(Y.sum() / 3.0, math.sqrt(1.0 / 3.0))
EVIDENCE = stats.multivariate_normal(np.zeros(2), np.eye(2) + 1.0).logpdf(Y)


def log_weights(z):
    return EVIDENCE + POSTERIOR.logpdf(z) - stats.norm(Q_LOC, Q_SCALE).logpdf(z)
