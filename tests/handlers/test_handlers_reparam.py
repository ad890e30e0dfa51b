"""reparam: the joint distribution is the same, and the sites are those that one would write by hand."""

import numpy as np
import pytest
from handler_models import assert_same_fit, compiled_density, density
from support.stages import Evaluated

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints, handlers
from vicompile.handlers import LocScaleReparam, TransformReparam
from vicompile.infer import SVI
from vicompile.optim import Adam

EFFECTS = np.array([28.0, 8.0, -3.0, 7.0, -1.0, 1.0, 18.0, 12.0])
ERRORS = np.array([15.0, 10.0, 16.0, 11.0, 9.0, 11.0, 10.0, 18.0])


def centred(effects, errors):
    mu = vc.sample("mu", dist.Normal(0.0, 5.0))
    tau = vc.sample("tau", dist.HalfCauchy(5.0))
    with vc.plate("schools", len(effects)):
        theta = vc.sample("theta", dist.Normal(mu, tau))
        vc.sample("y", dist.Normal(theta, errors), obs=effects)


def non_centred(effects, errors):
    mu = vc.sample("mu", dist.Normal(0.0, 5.0))
    tau = vc.sample("tau", dist.HalfCauchy(5.0))
    with vc.plate("schools", len(effects)):
        raw = vc.sample("theta_decentered", dist.Normal(0.0, 1.0))
        theta = mu + tau * raw
        vc.sample("y", dist.Normal(theta, errors), obs=effects)


def guide(effects, errors):
    vc.sample("mu", dist.Normal(vc.param("mu_loc", 4.0), vc.param("mu_scale", 3.0, constraint=constraints.positive)))
    vc.sample(
        "tau", dist.LogNormal(vc.param("tau_loc", 1.0), vc.param("tau_scale", 0.5, constraint=constraints.positive))
    )
    with vc.plate("schools", len(effects)):
        loc = vc.param("loc", lambda: np.full(len(effects), 0.1))
        scale = vc.param("scale", lambda: np.full(len(effects), 0.9), constraint=constraints.positive)
        vc.sample("theta_decentered", dist.Normal(loc, scale))


DECENTRED = handlers.reparam(centred, config={"theta": LocScaleReparam(centered=0.0)})


def test_eight_schools_is_the_non_centred_model_written_by_hand():
    data = (EFFECTS, ERRORS)
    assert_same_fit((DECENTRED, guide), (non_centred, guide), data, data)
    values = {"mu": 3.0, "tau": 2.0, "theta_decentered": np.linspace(-1.0, 1.0, 8)}
    np.testing.assert_allclose(density(DECENTRED, values, *data), density(non_centred, values, *data), rtol=1e-12)


@pytest.mark.parametrize("centred_by", [0.25, 0.5, 1.0])
def test_the_joint_density_is_that_of_the_model_itself(centred_by):
    """p(theta_decentered) = p(theta) * |d theta / d theta_decentered|, and the derivative is tau ** (1 - c)."""
    found = handlers.reparam(centred, config={"theta": LocScaleReparam(centered=centred_by)})
    tau, mu, raw = 2.0, 3.0, np.linspace(-1.0, 1.0, 8)
    theta = mu + tau ** (1 - centred_by) * (raw - centred_by * mu)
    name = "theta" if centred_by == 1.0 else "theta_decentered"
    by_call = density(found, {"mu": mu, "tau": tau, name: raw}, EFFECTS, ERRORS)
    jacobian = 8 * (1 - centred_by) * np.log(tau)
    expected = density(centred, {"mu": mu, "tau": tau, "theta": theta}, EFFECTS, ERRORS) + jacobian
    if centred_by < 1.0:
        np.testing.assert_allclose(by_call, expected, rtol=1e-12)

        def deltas(effects, errors):
            vc.sample("mu", dist.Delta(vc.param("mu_value", 3.0)))
            vc.sample("tau", dist.Delta(vc.param("tau_value", 2.0)))
            with vc.plate("schools", len(effects)):
                vc.sample("theta_decentered", dist.Delta(vc.param("raw", lambda: raw)))

        np.testing.assert_allclose(compiled_density(found, deltas, EFFECTS, ERRORS), by_call, rtol=1e-12)
    trace = handlers.trace(handlers.substitute(found, data={"mu": mu, "tau": tau, name: raw})).get_trace(
        EFFECTS, ERRORS
    )
    np.testing.assert_allclose(trace["theta"]["value"], raw if centred_by == 1.0 else theta, rtol=1e-12)
    assert trace["theta"]["type"] == ("sample" if centred_by == 1.0 else "deterministic")


def test_learnable_centredness_is_a_parameter_with_the_right_gradient():
    found = handlers.reparam(centred, config={"theta": LocScaleReparam()})
    one = Evaluated(found, guide, (EFFECTS, ERRORS), particles=3)
    names = [slot.name for slot in one.fit.slots]
    assert "theta_centered" in names
    np.testing.assert_allclose(one.native()[0], one.objective_loss(), rtol=1e-10)
    np.testing.assert_allclose(one.native()[1], one.central_differences(), rtol=1e-5, atol=1e-6)
    result = SVI(found, guide, Adam(0.01)).run(200, EFFECTS, ERRORS, seed=0, progress_bar=False)
    assert 0.0 < result.params["theta_centered"] < 1.0
    assert result.params["theta_centered"] != 0.5
    assert "theta_centered" in handlers.trace(found).get_trace(EFFECTS, ERRORS)


def events(y):
    mu = vc.sample("mu", dist.Normal(0.0, 5.0))
    x = vc.sample("x", dist.StudentT(4.0, mu, 0.5).expand((3,)).to_event(1))
    vc.sample("y", dist.Normal(x, 1.0).to_event(1), obs=y)


def events_guide(y):
    vc.sample("mu", dist.Normal(vc.param("mu_loc", 0.0), 1.0))
    vc.sample("x_decentered", dist.Normal(vc.param("loc", lambda: np.zeros(3)), 0.5).to_event(1))


def test_events_have_a_centredness_for_each_element():
    found = handlers.reparam(events, config={"x": LocScaleReparam()})
    y = np.array([0.2, 1.0, -1.0])
    params = SVI(found, events_guide, Adam(0.01)).run(3, y, seed=0, progress_bar=False).params
    assert params["x_centered"].shape == (3,)
    assert handlers.trace(found).get_trace(y)["x_centered"]["value"].shape == (3,)
    assert handlers.trace(found).get_trace(y)["x_decentered"]["fn"].df == 4.0


def positive(y):
    rate = vc.sample("rate", dist.LogNormal(0.3, 0.5))
    spread = vc.sample("spread", dist.InverseGamma(3.0, 2.0))
    vc.sample("y", dist.Normal(rate, spread), obs=y)


def positive_by_hand(y):
    rate = np.exp(vc.sample("rate_base", dist.Normal(0.3, 0.5)))
    spread = 1.0 / vc.sample("spread_base", dist.Gamma(3.0, 2.0))
    vc.sample("y", dist.Normal(rate, spread), obs=y)


def positive_guide(y):
    vc.sample("rate_base", dist.Normal(vc.param("loc", 0.0), 0.5))
    vc.sample("spread_base", dist.Gamma(vc.param("a", 3.0, constraint=constraints.positive), 2.0))


def test_transform_draws_the_base_variable():
    config = {"rate": TransformReparam(), "spread": TransformReparam()}
    found = handlers.reparam(positive, config=config)
    assert_same_fit((found, positive_guide), (positive_by_hand, positive_guide), (0.7,), (0.7,))
    assert list(handlers.trace(found).get_trace(0.7)) == ["rate_base", "rate", "spread_base", "spread", "y"]


def test_strategies_chain():
    config = {"rate": TransformReparam(), "rate_base": LocScaleReparam(centered=0.0)}
    trace = handlers.trace(handlers.reparam(positive, config=config)).get_trace(0.7)
    assert list(trace)[:3] == ["rate_base_decentered", "rate_base", "rate"]
    value = np.exp(0.3 + 0.5 * trace["rate_base_decentered"]["value"])
    np.testing.assert_allclose(trace["rate"]["value"], value, rtol=1e-14)


def test_the_new_names_are_seen_further_out():
    found = handlers.scope(DECENTRED, prefix="a")
    data = (EFFECTS, ERRORS)
    assert_same_fit((found, handlers.scope(guide, prefix="a")), (non_centred, guide), data, data)
    given = handlers.condition(DECENTRED, data={"theta_decentered": np.zeros(8)})
    assert handlers.trace(given).get_trace(*data)["theta_decentered"]["is_observed"]


def test_what_a_strategy_does_not_know_is_told():
    def scales(y):
        vc.sample("tau", dist.HalfNormal(1.0))

    with pytest.raises(ValueError, match=r"`tau`: LocScaleReparam .* not for HalfNormal"):
        handlers.reparam(scales, config={"tau": LocScaleReparam(0.0)})(1.0)
    with pytest.raises(ValueError, match=r"`tau`: TransformReparam knows .* LogNormal, .*not HalfNormal"):
        handlers.reparam(scales, config={"tau": TransformReparam()})(1.0)
    with pytest.raises(ValueError, match=r"\[0, 1\]"):
        LocScaleReparam(1.5)
    with pytest.raises(TypeError, match="dict of strategies"):
        handlers.reparam(scales, config={"tau": 0.0})
