"""Handlers on models that are simply called: traces, seeds, decorators, `with` statements, and bad input."""

import numpy as np
import pytest
import scipy.stats
from handler_models import Y, model

import vicompile as vc
import vicompile.distributions as dist
from vicompile import handlers, poutine


def test_a_trace_holds_every_statement_in_order():
    trace = handlers.trace(handlers.seed(model, rng_seed=3)).get_trace(Y)
    assert [(name, site["type"], site["is_observed"]) for name, site in trace.items()] == [
        ("x", "sample", False),
        ("noise", "param", False),
        ("double", "deterministic", False),
        ("y", "sample", True),
        ("pull", "factor", True),
    ]
    x = trace["x"]["value"]
    assert trace["double"]["value"] == 2.0 * x
    assert trace["noise"]["value"] == 1.3
    assert trace["x"]["name"] == "x"
    assert trace["x"]["fn"].loc == 0.5
    np.testing.assert_allclose(trace["y"]["log_prob"], scipy.stats.norm.logpdf(Y, x, 1.3), rtol=1e-12)
    expected = scipy.stats.norm.logpdf(x, 0.5, 3.0) + scipy.stats.norm.logpdf(Y, x, 1.3).sum() - 0.1 * x**2
    np.testing.assert_allclose(trace.log_prob_sum(), expected, rtol=1e-12)
    only_x = trace.log_prob_sum(lambda name, site: name == "x")
    np.testing.assert_allclose(only_x, scipy.stats.norm.logpdf(x, 0.5, 3.0), rtol=1e-12)
    assert trace.nodes["x"] is trace["x"]


def test_shapes_as_a_table():
    assert handlers.trace(model).get_trace(Y).format_shapes().splitlines() == [
        "name    type           batch  event  value",
        "x       sample         ()     ()     ()",
        "noise   param                        ()",
        "double  deterministic                ()",
        "y       sample         (4,)   ()     (4,)",
        "pull    factor                       ()",
    ]


def test_the_same_seed_gives_the_same_draws():
    def drawn(seed):
        return handlers.trace(handlers.seed(model, seed)).get_trace()["y"]["value"]

    assert drawn(1).tolist() == drawn(1).tolist()
    assert drawn(1).tolist() != drawn(2).tolist()
    with handlers.seed(rng_seed=1):
        assert handlers.trace(model).get_trace()["y"]["value"].tolist() == drawn(1).tolist()
    vc.set_rng_seed(7)
    before = vc.sample("x", dist.Normal(0.0, 1.0))
    vc.set_rng_seed(7)
    drawn(1)
    assert vc.sample("x", dist.Normal(0.0, 1.0)) == before


def test_with_statements():
    with handlers.trace() as trace, handlers.condition(data={"x": 2.0}), handlers.scope(prefix="a"):
        vc.sample("x", dist.Normal(0.0, 1.0))
    assert not trace["a/x"]["is_observed"]
    with handlers.trace() as trace, handlers.condition(data={"a/x": 2.0}), handlers.scope(prefix="a"):
        assert vc.sample("x", dist.Normal(0.0, 1.0)) == 2.0
    assert trace["a/x"]["is_observed"]
    with handlers.trace() as trace:
        pass
    assert not trace


def test_handlers_end_with_their_block_also_after_an_error():
    with pytest.raises(RuntimeError), handlers.condition(data={"x": 2.0}):
        raise RuntimeError
    with handlers.trace() as trace:
        vc.sample("x", dist.Normal(0.0, 1.0))
    assert not trace["x"]["is_observed"]


def test_decorators():
    @handlers.trace
    @handlers.do(data={"x": 1.5})
    def decorated():
        """A model."""
        return vc.sample("x", dist.Normal(np.zeros(3), 1.0))

    assert decorated().tolist() == [1.5, 1.5, 1.5]
    assert not decorated.get_trace()
    assert decorated.__name__ == "decorated"


def test_a_handler_can_be_used_around_several_functions():
    fixed = handlers.condition(data={"x": 1.0})
    one, other = fixed(lambda: vc.sample("x", dist.Normal(0.0, 1.0))), fixed(model)
    assert one() == 1.0
    assert handlers.trace(other).get_trace()["x"]["value"] == 1.0


def test_substitute_and_parameters():
    found = handlers.trace(handlers.substitute(model, data={"noise": 0.5, "x": 1.0})).get_trace(Y)
    assert found["noise"]["value"] == 0.5
    assert found["y"]["fn"].scale.tolist() == 0.5
    assert not found["x"]["is_observed"]
    assert "noise" not in vc.get_param_store()


def test_replay_and_uncondition():
    first = handlers.trace(model).get_trace(Y)
    again = handlers.trace(handlers.replay(model, trace=first)).get_trace(Y)
    assert again.log_prob_sum() == first.log_prob_sum()
    free = handlers.trace(handlers.uncondition(model)).get_trace(Y)
    assert not free["y"]["is_observed"]
    assert free["y"]["value"].shape == (4,)
    assert (free["y"]["value"] != Y).all()


def test_lift_has_the_shape_of_the_parameter():
    def vector():
        with vc.plate("data", 5):
            return vc.param("w", lambda: np.zeros((2, 3)))

    trace = handlers.trace(handlers.lift(vector, prior=dist.Normal(0.0, 1.0))).get_trace()
    assert trace["w"]["value"].shape == (2, 3)
    assert trace["w"]["type"] == "sample"
    assert not vc.get_param_store()


def test_infer_options_and_hidden_statements():
    marked = handlers.infer_config(model, config_fn=lambda site: {"seen": site["name"]})
    trace = handlers.trace(handlers.block(marked, hide=["y", "pull"])).get_trace(Y)
    assert trace["x"]["infer"] == {"seen": "x"}
    assert list(trace) == ["x", "noise", "double"]


def test_a_name_may_be_used_once():
    def twice():
        vc.sample("x", dist.Normal(0.0, 1.0))
        vc.sample("x", dist.Normal(0.0, 1.0))

    with pytest.raises(ValueError, match="site `x` is there twice"):
        handlers.trace(twice).get_trace()


def test_values_that_do_not_fit_are_told():
    with pytest.raises(ValueError, match="site `y`"):
        handlers.condition(model, data={"y": np.ones(3)})()
    with pytest.raises(ValueError, match=r"site `y`: the value has shape \(3,\), the site \(4,\)"):
        handlers.do(model, data={"y": np.ones(3)})()


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda: handlers.condition(model), "`data` must be a dict"),
        (lambda: handlers.condition(model, data=[1.0]), "`data` must be a dict"),
        (lambda: handlers.do(3.0, data={}), "the first argument is a model"),
        (lambda: handlers.replay(model, trace=None), "result of get_trace"),
        (lambda: handlers.scope(model, prefix=3), "`prefix` must be a string"),
        (lambda: handlers.lift(model, prior=0.0), "`prior` must be a distribution"),
        (lambda: handlers.block(model, hide=[3]), "`hide` must be a list of strings"),
        (lambda: handlers.block(model, hide_fn=3), "`hide_fn` must be a function"),
        (lambda: handlers.infer_config(model), "`config_fn` must be a function"),
        (lambda: handlers.condition(data={})(3.0), "takes one function"),
    ],
)
def test_bad_arguments_are_told(make, what):
    with pytest.raises(TypeError, match=what):
        make()


def test_bad_seeds_and_prefixes():
    with pytest.raises(ValueError, match="seed"):
        handlers.seed(model, rng_seed=-1)
    with pytest.raises(ValueError, match="braces"):
        handlers.scope(model, prefix="{a}")


def test_poutine_is_the_same_module_under_pyros_name():
    assert {name: getattr(poutine, name) for name in handlers.__all__} == {
        name: getattr(handlers, name) for name in handlers.__all__
    }
    assert vc.poutine is poutine
    assert vc.handlers is handlers
