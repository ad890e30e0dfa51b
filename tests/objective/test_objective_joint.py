"""The joint log density on the unconstrained scale: by hand, at every stage, and for the whole corpus."""

from functools import partial

import numpy as np
import pytest
from corpus.everything import CASES
from scipy import stats
from support.golden import compile_and_bind
from support.stages import EvaluatedAtPoints

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.infer import log_density
from vicompile.infer.unconstrained import constrained_values, unconstrained_vector
from vicompile.ir.interpret import interpret
from vicompile.ir.verify import verify
from vicompile.objective import joint_log_density

Y = np.array([0.3, -1.2, 0.7, 2.0])


def hierarchy(y, most=9.0):
    mu = vc.sample("mu", dist.Normal(0.5, 2.0))
    tau = vc.sample("tau", dist.HalfCauchy(1.5))
    part = vc.sample("part", dist.Uniform(0.0, tau))
    weights = vc.sample("weights", dist.ImproperUniform(constraints.simplex, (), (3,)))
    level = vc.sample("level", dist.Uniform(part, most))
    with vc.plate("data", len(y)):
        theta = vc.sample("theta", dist.Normal(mu, tau))
        vc.sample("y", dist.StudentT(4.0, theta * weights[1] + level, 1.5), obs=y)
    vc.factor("small", -0.1 * part**2)


def by_hand(u, y, most=9.0, jacobian=True):
    """The density of `hierarchy` at u = (mu, log tau, logit of part, two of the weights, logit of level, theta)."""
    mu, tau, theta = u[0], np.exp(u[1]), u[6:]
    share = 1.0 / (1.0 + np.exp(-u[2]))
    part = tau * share
    first = 1.0 / (1.0 + np.exp(-(u[3] - np.log(2.0))))
    second = 1.0 / (1.0 + np.exp(-u[4]))
    weight = (1.0 - first) * second
    above = 1.0 / (1.0 + np.exp(-u[5]))
    level = part + (most - part) * above
    density = (
        stats.norm.logpdf(mu, 0.5, 2.0)
        + stats.halfcauchy.logpdf(tau, scale=1.5)
        - np.log(tau)
        - np.log(most - part)
        + stats.norm.logpdf(theta, mu, tau).sum()
        + stats.t.logpdf(y, 4.0, theta * weight + level, 1.5).sum()
        - 0.1 * part**2
    )
    if jacobian:
        density += u[1] + np.log(tau * share * (1 - share)) + np.log((most - part) * above * (1 - above))
        # d(w0, w1) / d(first, second) = (1 - first), and each is a sigmoid.
        density += np.log(first * (1 - first)) + np.log(second * (1 - second)) + np.log(1 - first)
    return density


@pytest.mark.parametrize("jacobian", [True, False])
def test_it_is_the_density_written_by_hand(jacobian):
    fit = bound(hierarchy, (Y,), jacobian=jacobian)
    for seed in range(5):
        u = np.random.default_rng(seed).normal(size=10)
        assert at(fit, u) == pytest.approx(by_hand(u, Y, jacobian=jacobian), rel=1e-12)


def test_every_stage_has_the_same_density_and_its_gradient():
    one = EvaluatedAtPoints(hierarchy, (Y,))
    verify([one.unit.objective.loss])
    values, gradients = one.graph()
    for row, value, gradient in zip(one.rows, values, gradients):
        assert value == pytest.approx(one.objective_loss(row), rel=1e-12)
        np.testing.assert_allclose(gradient, one.central_differences(row), rtol=1e-6, atol=1e-7)
    for stage in (one.python, one.native):
        np.testing.assert_allclose(stage()[0], values, rtol=1e-12)
        np.testing.assert_allclose(stage()[1], gradients, rtol=1e-10, atol=1e-12)


def test_bounds_may_be_parameters():
    def model(y):
        low = vc.param("low", 1.5)
        z = vc.sample("z", dist.ImproperUniform(constraints.greater_than(low)))
        vc.sample("y", dist.Normal(z, 1.0).expand([4]).to_event(1), obs=y)

    fit = bound(model, (Y,))
    u = unconstrained_vector(fit, {"low": -0.5, "z": 2.0})
    np.testing.assert_allclose(u, [-0.5, np.log(2.5)], rtol=1e-14)
    assert constrained_values(fit, u)["z"] == pytest.approx(2.0, rel=1e-14)
    assert at(fit, u) == pytest.approx(stats.norm.logpdf(Y, 2.0).sum() + np.log(2.5), rel=1e-13)


def test_a_site_under_a_mask_keeps_its_jacobian():
    def model(scale):
        vc.sample("s", dist.HalfNormal(scale).mask(False))

    assert at(bound(model, (2.0,)), np.array([0.7])) == pytest.approx(0.7, rel=1e-15)


def test_parameters_of_the_model_are_varied_without_jacobian():
    def model(y):
        scale = vc.param("scale", 1.0, constraint=constraints.positive)
        vc.sample("y", dist.Normal(0.0, scale).expand([4]).to_event(1), obs=y)

    found = at(bound(model, (Y,)), np.array([0.3]))
    assert found == pytest.approx(stats.norm.logpdf(Y, 0.0, np.exp(0.3)).sum(), rel=1e-14)


def bounded_by_others(y, high):
    low = vc.sample("low", dist.ImproperUniform(constraints.interval(0.0, high[0])))
    vc.sample("top", dist.ImproperUniform(constraints.greater_than(low)))
    with vc.plate("data", len(y)):
        part = vc.sample("part", dist.ImproperUniform(constraints.interval(low, high)))
        vc.sample("y", dist.Normal(part, 1.0), obs=y)
    for i in range(len(y)):
        vc.sample(f"below_{i}", dist.ImproperUniform(constraints.less_than(part[i])))
    vc.sample("row", dist.ImproperUniform(constraints.interval(-high, low), (), (len(y),)))


def test_bounds_may_be_computed():
    high = np.array([4.0, 5.0, 6.0, 7.0])
    fit = bound(bounded_by_others, (Y, high), jacobian=False)
    u = np.random.default_rng(2).normal(size=fit.parameter_count)
    values = constrained_values(fit, u)
    assert 0.0 < values["low"] < 4.0 < values["top"] + 4.0
    assert values["top"] > values["low"]
    assert np.all((values["part"] > values["low"]) & (values["part"] < high))
    assert np.all(values["below_{}"] < values["part"])
    assert np.all((values["row"] > -high) & (values["row"] < values["low"]))
    np.testing.assert_allclose(unconstrained_vector(fit, values), u, rtol=1e-10, atol=1e-12)
    assert at(fit, u) == pytest.approx(stats.norm.logpdf(Y, values["part"]).sum(), rel=1e-13)
    # The Jacobian is that of the map: the logarithm of the determinant of its central differences.
    flat = [np.concatenate([np.ravel(v) for v in constrained_values(fit, w).values()]) for w in _around(u)]
    matrix = [(up - down) / 2e-5 for up, down in zip(flat[::2], flat[1::2])]
    with_volume = bound(bounded_by_others, (Y, high))
    assert at(with_volume, u) - at(fit, u) == pytest.approx(np.linalg.slogdet(matrix)[1], rel=1e-7)


def _around(u, h=1e-5):
    for step in h * np.eye(len(u)):
        yield from (u + step, u - step)


def bound(model, args, kwargs=None, jacobian=True):
    """The density without machine code."""
    question = joint_log_density if jacobian else partial(joint_log_density, jacobian=False)
    return compile_and_bind(model, None, args, kwargs, question=question)


def at(fit, u):
    """Its value by the interpreter."""
    unit = fit.compiled.unit
    values = dict(fit.values)
    for slot, record in zip(fit.slots, unit.params):
        values[record.unconstrained] = slot.read(u)
    return float(interpret([unit.objective.loss], values, fit.sizes)[0])


# -- the corpus --------------------------------------------------------------------------------------------------------


def members(name, value):
    """The sites that an eager run has for one site: those of the rounds of a loop are one when compiled."""
    if "{}" not in name:
        return {name: value}
    found = {}
    for k in range(len(value)):
        found |= members(name.replace("{}", str(k), 1), value[k])
    return found


def sites(constrained):
    """As an eager run names them."""
    return {name: value for one in constrained.items() for name, value in members(*one).items()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_compiled_density_is_the_eager_one(case):
    try:
        fit = bound(case.model, case.args, case.kwargs, jacobian=False)
    except vc.CompileError as error:
        if error.diagnostics[0].code not in ("random-subsample", "no-unconstrained-form"):
            raise
        pytest.skip(error.diagnostics[0].text("message"))
    u = 0.3 * np.random.default_rng(1).normal(size=fit.parameter_count)
    constrained = sites(constrained_values(fit, u))
    eager, _ = log_density(case.model, case.args, case.kwargs, constrained)
    assert at(fit, u) == pytest.approx(eager, rel=1e-9)
