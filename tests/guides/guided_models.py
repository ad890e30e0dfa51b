"""Models for automatic guides: every kind of support, bounds that depend on other sites, plates, batches, loops."""

import numpy as np

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints, handlers

Y = np.array([0.3, -1.2, 0.7, 2.0, 0.1])
GROUPS = np.array([0, 1, 1, 0, 2])


def supports(y):
    rate = vc.sample("rate", dist.Gamma(2.0, 3.0))
    share = vc.sample("share", dist.Beta(2.0, 3.0))
    weights = vc.sample("weights", dist.Dirichlet(np.array([1.0, 2.0, 3.0])))
    factor = vc.sample("factor", dist.LKJCholesky(3, 2.0))
    cuts = vc.sample("cuts", dist.ImproperUniform(constraints.ordered_vector, (), (3,)))
    whole = vc.sample("whole", dist.MultivariateNormal(np.zeros(2), np.array([[2.0, 0.5], [0.5, 1.0]])))
    vc.factor("tails", -np.sum(cuts**2))
    mean = rate * share + weights[1] * factor[2, 0] + cuts[0] * whole[1]
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.StudentT(4.0, mean, 1.5), obs=y)


def dependent_bounds(y):
    width = vc.sample("width", dist.HalfNormal(2.0))
    inside = vc.sample("inside", dist.Uniform(0.0, width))
    above = vc.sample("above", dist.Uniform(inside, 9.0))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.Normal(above - inside, 1.0), obs=y)


def plates(y, groups):
    mu = vc.sample("mu", dist.Normal(0.0, 2.0))
    tau = vc.sample("tau", dist.HalfCauchy(1.0))
    with vc.plate("kinds", 2, dim=-2), vc.plate("groups", 3, dim=-1):
        effect = vc.sample("effect", dist.Normal(mu, tau))
        simplex = vc.sample("simplex", dist.Dirichlet(np.ones(4)))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.Normal(effect[1, groups] + effect[0, 0] * simplex[0, groups, 2], 1.0), obs=y)


def batches(y, size):
    mu = vc.sample("mu", dist.Normal(0.0, 2.0))
    with vc.plate("rows", len(y), subsample_size=size) as index:
        scale = vc.sample("scale", dist.LogNormal(0.0, 0.5))
        theta = vc.sample("theta", dist.Normal(mu, 1.0))
        vc.sample("y", dist.Normal(theta, scale), obs=y[index])


def simplexes(y, size):
    with vc.plate("rows", len(y), subsample_size=size) as index:
        weights = vc.sample("weights", dist.Dirichlet(np.ones(3)))
        vc.sample("y", dist.Normal(weights[:, 0], 1.0), obs=y[index])


def crossed(table):
    with vc.plate("a", 4, subsample_size=2, dim=-2) as i, vc.plate("b", 6, subsample_size=3, dim=-1) as j:
        size = vc.sample("size", dist.Gamma(2.0, 1.0))
        vc.sample("y", dist.Normal(size, 1.0), obs=table[i[:, None], j])


def loop_over_batches(y, size):
    mu = vc.sample("mu", dist.Normal(0.0, 1.0))
    for i in vc.plate("rows", len(y), subsample_size=size):
        z = vc.sample(f"z_{i}", dist.Gamma(2.0, 1.0))
        vc.sample(f"y_{i}", dist.Normal(mu * z, 1.0), obs=y[i])


def loop(y):
    mu = vc.sample("mu", dist.Normal(0.0, 2.0))
    for i in vc.plate("rows", len(y)):
        size = vc.sample(f"size_{i}", dist.Gamma(2.0, 1.0))
        vc.sample(f"y_{i}", dist.Normal(mu * size, 1.0), obs=y[i])


def walk(y):
    scale = vc.sample("scale", dist.HalfNormal(1.0))

    def step(before, now):
        state = vc.sample("state", dist.Normal(before, scale))
        vc.sample("y", dist.Normal(state, 0.5), obs=now)
        return state, state

    vc.scan(step, 0.0, y)


@handlers.scale(scale=0.25)
def scaled(y):
    mu = vc.sample("mu", dist.Normal(0.0, 2.0))
    tau = vc.sample("tau", dist.HalfNormal(1.0))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.Normal(mu, tau), obs=y)


def partly(y, known):
    mu = vc.sample("mu", dist.Normal(0.0, 2.0))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.LogNormal(mu, 1.0), obs=np.abs(y), obs_mask=known)


def with_parameter(y):
    tau = vc.param("tau", 1.5, constraint=constraints.positive)
    with vc.plate("rows", len(y)):
        theta = vc.sample("theta", dist.Normal(0.0, tau))
        vc.sample("y", dist.Normal(theta, 1.0), obs=y)


KNOWN = np.array([True, False, True, True, False])
MODELS = {
    "supports": (supports, (Y,)),
    "dependent_bounds": (dependent_bounds, (Y,)),
    "plates": (plates, (Y, GROUPS)),
    "batches": (batches, (Y, 2)),
    "simplexes": (simplexes, (Y, 2)),
    "crossed": (crossed, (np.arange(24.0).reshape(4, 6),)),
    "loop_over_batches": (loop_over_batches, (Y, 2)),
    "loop": (loop, (Y,)),
    "walk": (walk, (Y,)),
    "scaled": (scaled, (Y,)),
    "partly": (partly, (Y, KNOWN)),
    "with_parameter": (with_parameter, (Y,)),
}
LOCAL = ("batches", "simplexes", "crossed", "loop_over_batches", "partly")  # not for guides with one vector
