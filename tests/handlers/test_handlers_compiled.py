"""Handled models are fitted as the models that one would write by hand, and mean what they mean when called."""

import functools

import numpy as np
import pytest
from handler_models import (
    Y,
    assert_same_fit,
    compiled_density,
    delta_guide,
    density,
    model,
    normal_guide,
)

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints, handlers
from vicompile.infer import SVI
from vicompile.optim import Adam

OBSERVED = handlers.condition(model, data={"y": Y})


def test_condition_is_obs_written_by_hand():
    assert_same_fit((OBSERVED, normal_guide), (model, normal_guide), (), (Y,))


def test_condition_counts_as_called_and_as_compiled():
    by_call = density(OBSERVED, {"x": 0.7})
    np.testing.assert_allclose(by_call, density(model, {"x": 0.7}, Y), rtol=1e-12)
    np.testing.assert_allclose(compiled_density(OBSERVED, delta_guide), by_call, rtol=1e-12)


def test_other_data_of_the_same_kind_compiles_nothing():
    data = {"y": Y.copy()}
    svi = SVI(handlers.condition(model, data=data), normal_guide, Adam(0.01))
    first = svi.run(3, seed=0, progress_bar=False)
    before = vc.compile_count()
    again = SVI(handlers.condition(model, data={"y": Y + 1.0}), normal_guide, Adam(0.01))
    assert again.run(3, seed=0, progress_bar=False).losses[0] != first.losses[0]
    assert vc.compile_count() == before


def test_data_changed_in_place_is_seen():
    data = Y.copy()
    svi = SVI(handlers.condition(model, data={"y": data}), normal_guide, Adam(0.01))
    first = svi.run(1, seed=0, progress_bar=False).losses
    data += 1.0
    np.testing.assert_allclose(
        svi.run(1, seed=0, progress_bar=False).losses,
        SVI(model, normal_guide, Adam(0.01)).run(1, data, seed=0, progress_bar=False).losses,
        rtol=1e-12,
    )
    assert svi.run(1, seed=0, progress_bar=False).losses != first


def test_the_outermost_of_two_conditions_counts():
    nested = handlers.condition(handlers.condition(model, data={"y": Y - 5.0}), data={"y": Y})
    assert_same_fit((nested, normal_guide), (OBSERVED, normal_guide))
    assert density(nested, {"x": 0.1}) == density(OBSERVED, {"x": 0.1})


def test_uncondition_takes_the_observation_away():
    again = handlers.condition(handlers.uncondition(model), data={"y": Y})
    assert_same_fit((again, normal_guide), (model, normal_guide), (Y - 3.0,), (Y,))


def two(y):
    a = vc.sample("a", dist.Normal(0.0, 2.0))
    b = vc.sample("b", dist.Normal(a, 1.5))
    vc.sample("y", dist.Normal(b, 1.0).expand((4,)).to_event(1), obs=y)


def one_guide(y):
    vc.sample("b", dist.Normal(vc.param("loc", 0.4), 0.7))


def with_a_set(y):
    b = vc.sample("b", dist.Normal(1.25, 1.5))
    vc.sample("y", dist.Normal(b, 1.0).expand((4,)).to_event(1), obs=y)


def with_a_observed(y):
    a = vc.sample("a", dist.Normal(0.0, 2.0), obs=1.25)
    b = vc.sample("b", dist.Normal(a, 1.5))
    vc.sample("y", dist.Normal(b, 1.0).expand((4,)).to_event(1), obs=y)


def test_do_leaves_the_value_alone():
    assert_same_fit((handlers.do(two, data={"a": 1.25}), one_guide), (with_a_set, one_guide), (Y,), (Y,))
    trace = handlers.trace(handlers.do(two, data={"a": 1.25})).get_trace(Y)
    assert list(trace) == ["b", "y"]
    assert trace["b"]["fn"].loc == 1.25


@pytest.mark.parametrize("kind", [handlers.condition, handlers.substitute])
def test_a_given_latent_counts_with_its_density(kind):
    assert_same_fit((kind(two, data={"a": 1.25}), one_guide), (with_a_observed, one_guide), (Y,), (Y,))


def test_replay_gives_the_values_of_a_trace():
    trace = handlers.trace(handlers.substitute(two, data={"a": 1.25, "b": 0.0})).get_trace(Y)
    del trace["b"]
    assert_same_fit((handlers.replay(two, trace=trace), one_guide), (with_a_observed, one_guide), (Y,), (Y,))


def fixed_noise(y=None):
    x = vc.sample("x", dist.Normal(0.5, 3.0))
    with vc.plate("data", 4):
        vc.sample("y", dist.Normal(x, 0.6), obs=y)
    vc.factor("pull", -0.1 * x**2)


def test_a_substituted_parameter_is_a_constant():
    found = handlers.substitute(model, data={"noise": 0.6, "unknown": 1.0})
    assert_same_fit((found, normal_guide), (fixed_noise, normal_guide), (Y,), (Y,))
    svi = SVI(found, normal_guide, Adam(0.01))
    assert set(svi.run(2, Y, seed=0, progress_bar=False).params) == {"loc", "scale"}


def test_a_substituted_parameter_is_checked():
    svi = SVI(handlers.substitute(model, data={"noise": -0.6}), normal_guide, Adam(0.01))
    with pytest.raises(vc.DataError, match="noise"):
        svi.run(2, Y, seed=0, progress_bar=False)
    with pytest.raises(ValueError, match=r"noise.*positive"):
        handlers.substitute(model, data={"noise": -0.6})(Y)


def weights(y):
    w = vc.param("w", lambda: np.zeros(3))
    vc.sample("y", dist.Normal(np.sum(w), 1.0).expand((4,)).to_event(1), obs=y)


def lifted_weights(y):
    w = vc.sample("w", dist.Normal(np.array([0.0, 1.0, 2.0]), 0.5))
    vc.sample("y", dist.Normal(np.sum(w), 1.0).expand((4,)).to_event(1), obs=y)


def lifted_to_one_prior(y):
    w = vc.sample("w", dist.Normal(0.0, 0.5).expand((3,)))
    vc.sample("y", dist.Normal(np.sum(w), 1.0).expand((4,)).to_event(1), obs=y)


def weights_guide(y):
    vc.sample("w", dist.Normal(vc.param("loc", lambda: np.full(3, 0.4)), 0.7))


@pytest.mark.parametrize(
    ("prior", "written"),
    [
        ({"w": dist.Normal(np.array([0.0, 1.0, 2.0]), 0.5)}, lifted_weights),
        ({"w": dist.Normal(0.0, 0.5)}, lifted_to_one_prior),
        (dist.Normal(0.0, 0.5), lifted_to_one_prior),
        (dist.Normal(np.array([0.0, 1.0, 2.0]), 0.5).to_event(1), lifted_weights),
    ],
)
def test_lift_makes_sites_of_parameters(prior, written):
    found = handlers.lift(weights, prior=prior)
    assert_same_fit((found, weights_guide), (written, weights_guide), (Y,), (Y,))
    values = {"w": np.array([0.1, 0.2, -0.3])}
    np.testing.assert_allclose(density(found, values, Y), density(written, values, Y), rtol=1e-12)


def test_lift_and_condition_compose():
    found = handlers.condition(handlers.lift(weights, prior=dist.Normal(0.0, 0.5)), data={"w": np.ones(3)})
    trace = handlers.trace(found).get_trace(Y)
    assert trace["w"]["is_observed"]
    assert trace["w"]["value"].tolist() == [1.0, 1.0, 1.0]


def prefixed(y):
    x = vc.sample("a/x", dist.Normal(0.5, 3.0))
    noise = vc.param("a/noise", 1.3, constraint=constraints.positive)
    with vc.plate("a/data", 4):
        vc.sample("a/y", dist.Normal(x, noise), obs=y)
    vc.factor("a/pull", -0.1 * x**2)


def prefixed_guide(y):
    loc = vc.param("a/loc", 0.4)
    scale = vc.param("a/scale", 0.8, constraint=constraints.positive)
    vc.sample("a/x", dist.Normal(loc, scale))


def test_scope_puts_a_prefix_before_every_name():
    found = handlers.scope(model, prefix="a"), handlers.scope(normal_guide, prefix="a")
    assert_same_fit(found, (prefixed, prefixed_guide), (Y,), (Y,))
    names = set(SVI(*found, Adam(0.01)).run(1, Y, seed=0, progress_bar=False).params)
    assert names == {"a/noise", "a/loc", "a/scale"}
    assert list(handlers.trace(found[0]).get_trace(Y)) == ["a/x", "a/noise", "a/double", "a/y", "a/pull"]


def test_names_are_those_that_a_handler_sees():
    inside = handlers.scope(handlers.condition(model, data={"y": Y}), prefix="a")
    outside = handlers.condition(handlers.scope(model, prefix="a"), data={"a/y": Y})
    guide = handlers.scope(normal_guide, prefix="a")
    assert_same_fit((inside, guide), (outside, guide))


def test_scopes_nest_and_have_dividers():
    found = handlers.scope(handlers.scope(model, prefix="a"), prefix="b", divider=".")
    assert next(iter(handlers.trace(found).get_trace(Y))) == "b.a/x"


def families(y=None):
    x = vc.sample("x", dist.Normal(0.5, 3.0))
    for i in range(len(y)):
        vc.sample(f"y_{i}", dist.Normal(x, 1.0), obs=y[i])


def test_scope_of_a_family_of_sites():
    found = handlers.scope(families, prefix="a")
    assert_same_fit((found, handlers.scope(normal_guide, prefix="a")), (families, normal_guide), (Y,), (Y,))
    assert "a/y_3" in handlers.trace(found).get_trace(Y)


def test_trace_and_seed_do_nothing_in_a_fit():
    found = handlers.trace(handlers.seed(model, rng_seed=3))
    assert_same_fit((found, normal_guide), (model, normal_guide), (Y,), (Y,))


def auxiliary_guide(y):
    u = vc.sample("u", dist.Normal(0.0, 1.0))
    vc.sample("b", dist.Normal(vc.param("loc", 0.4) + 0.0 * u, 0.7))


def test_infer_config_adds_options():
    def mark(site):
        return {"is_auxiliary": True} if site["name"] == "u" else {}

    found = handlers.infer_config(auxiliary_guide, config_fn=mark)
    SVI(with_a_set, found, Adam(0.01)).run(2, Y, seed=0, progress_bar=False)
    with pytest.raises(vc.CompileError, match="`u`"):
        SVI(with_a_set, auxiliary_guide, Adam(0.01))


def test_decorators_and_names():
    @handlers.condition(data={"y": Y})
    def observed(y=None):
        x = vc.sample("x", dist.Normal(0.5, 3.0))
        with vc.plate("data", 4):
            vc.sample("y", dist.Normal(x, 1.0), obs=y)

    assert observed.__name__ == "observed"
    assert np.isfinite(SVI(observed, normal_guide, Adam(0.01)).run(2, seed=0, progress_bar=False).losses).all()


def short_loop(n=3):
    x = vc.sample("x", dist.Normal(0.5, 3.0))
    for i in range(n):
        vc.sample(f"y_{i}", dist.Normal(x, 1.0))


def short_loop_by_hand(n=3):
    x = vc.sample("x", dist.Normal(0.5, 3.0))
    vc.sample("y", dist.Normal(x, 1.0).expand((3,)).to_event(1), obs=Y[:3])


def loop_guide(n=3):
    vc.sample("x", dist.Normal(vc.param("loc", 0.4), 0.7))


def test_sites_of_a_loop_over_a_number_have_names_of_their_own():
    found = handlers.condition(short_loop, data={f"y_{i}": Y[i] for i in range(3)})
    assert_same_fit((found, loop_guide), (short_loop_by_hand, loop_guide))
    hidden = handlers.block(short_loop, hide_fn=lambda site: site["name"] == "y_2")
    hidden = handlers.condition(hidden, data={"y_0": Y[0], "y_1": Y[1]})
    pair = handlers.condition(short_loop, data={"y_0": Y[0], "y_1": Y[1]}), loop_guide
    assert_same_fit((hidden, loop_guide), pair, (), (2,))


def submodel_data(y, data):
    handlers.condition(two, data=data)(None)


def submodel_written(y, data):
    two(y)


def submodel_guide(y, data):
    vc.sample("a", dist.Normal(0.0, 1.0))
    vc.sample("b", dist.Normal(vc.param("loc", 0.4), 0.7))


def test_names_that_only_the_arguments_tell():
    data = {"y": Y}
    assert_same_fit((submodel_data, submodel_guide), (submodel_written, submodel_guide), (Y, data), (Y, data))


def with_spread(y=None, spread=1.0):
    x = vc.sample("x", dist.Normal(0.5, 3.0))
    with vc.plate("data", 4):
        vc.sample("y", dist.Normal(x, spread), obs=y)


def test_partial_may_stand_around_a_handler():
    around = functools.partial(vc.scale(with_spread, scale=0.5), spread=1.5)
    inside = vc.scale(functools.partial(with_spread, spread=1.5), scale=0.5)
    assert_same_fit((around, normal_guide), (inside, normal_guide), (Y,), (Y,))

    def run(scale, spread):
        found = functools.partial(vc.scale(with_spread, scale=scale), spread=spread)
        return SVI(found, normal_guide, Adam(0.01)).run(2, Y, seed=0, progress_bar=False).losses[0]

    first = run(0.5, 1.5)
    before = vc.compile_count()
    assert len({first, run(0.4, 1.5), run(0.5, 1.4)}) == 3
    assert vc.compile_count() == before
