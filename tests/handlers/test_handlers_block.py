"""What block hides from a fit: latent sites are drawn from the prior, observed ones and factors do not count."""

import numpy as np
import pytest
from handler_models import Y, assert_same_fit, model, normal_guide
from support.stages import Evaluated

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints, handlers
from vicompile.infer import SVI, Trace_ELBO
from vicompile.optim import Adam


def with_nuisance(y=None):
    x = vc.sample("x", dist.Normal(0.5, 3.0))
    shift = vc.sample("shift", dist.Normal(x, 0.5))
    with vc.plate("data", 4):
        vc.sample("y", dist.Normal(x + shift, 1.3), obs=y)


def nuisance_guide(y=None):
    x = vc.sample("x", dist.Normal(vc.param("loc", 0.4), 0.8))
    vc.sample("shift", dist.Normal(x, 0.5))


def short_guide(y=None):
    vc.sample("x", dist.Normal(vc.param("loc", 0.4), 0.8))


def test_a_hidden_latent_is_drawn_from_its_own_distribution():
    """The same as a guide that draws it so: then its two densities cancel."""
    hidden = handlers.block(with_nuisance, hide=["shift"])
    assert_same_fit((hidden, short_guide), (with_nuisance, nuisance_guide), (Y,), (Y,))


def test_a_hidden_latent_has_noise_of_its_own():
    """E[-log p(y | x + shift)] over x ~ N(0.4, 0.8), shift ~ N(x, 0.5), of which the mean is 2 * 0.4."""
    hidden = handlers.block(with_nuisance, hide=["shift"])
    count = 200_000
    loss = SVI(hidden, short_guide, Adam(0.01), Trace_ELBO(num_particles=count)).evaluate_loss(Y)
    variance = 4.0 * 0.8**2 + 0.5**2
    expected = np.sum((Y - 0.8) ** 2 + variance) / (2 * 1.3**2) + 4 * np.log(1.3 * np.sqrt(2 * np.pi))
    prior = (0.1**2 + 0.8**2) / (2 * 3.0**2) + np.log(3.0)
    expected += prior - 0.5 - np.log(0.8)
    # The standard error of one particle's loss is below 10 here.
    assert abs(loss - expected) < 5 * 10.0 / np.sqrt(count)


def without_data(y=None):
    x = vc.sample("x", dist.Normal(0.5, 3.0))
    vc.param("noise", 1.3, constraint=constraints.positive)
    vc.factor("pull", -0.1 * x**2)


def test_a_hidden_observation_does_not_count():
    hidden = handlers.block(model, hide=["y"])
    assert_same_fit((hidden, normal_guide), (without_data, normal_guide), (Y,), (Y,))


def without_factor(y=None):
    x = vc.sample("x", dist.Normal(0.5, 3.0))
    noise = vc.param("noise", 1.3, constraint=constraints.positive)
    with vc.plate("data", 4):
        vc.sample("y", dist.Normal(x, noise), obs=y)


@pytest.mark.parametrize(
    "choice",
    [
        {"hide": ["pull"]},
        {"hide_types": ["factor"]},
        {"expose": ["x", "y", "noise"]},
        {"expose_types": ["sample", "param"]},
        {"hide_fn": lambda site: site["type"] == "factor"},
    ],
)
def test_ways_to_choose(choice):
    hidden = handlers.block(model, **choice)
    assert_same_fit((hidden, normal_guide), (without_factor, normal_guide), (Y,), (Y,))
    assert "pull" not in handlers.trace(hidden).get_trace(Y)
    assert list(handlers.trace(hidden).get_trace(Y))[:2] == ["x", "noise"]


def test_a_hidden_parameter_keeps_its_initial_value():
    svi = SVI(handlers.block(model, hide=["noise"]), normal_guide, Adam(0.1))
    result = svi.run(20, Y, seed=0, progress_bar=False)
    assert set(result.params) == {"loc", "scale"}
    fixed = SVI(handlers.substitute(model, data={"noise": 1.3}), normal_guide, Adam(0.1))
    np.testing.assert_allclose(result.losses, fixed.run(20, Y, seed=0, progress_bar=False).losses, rtol=1e-12)


def test_hidden_sites_of_model_and_guide_have_different_draws():
    def hiding_guide(y=None):
        shift = vc.sample("shift", dist.Normal(0.0, 0.5))
        vc.sample("x", dist.Normal(vc.param("loc", 0.4) + shift, 0.8))

    pair = handlers.block(with_nuisance, hide=["shift"]), handlers.block(hiding_guide, hide=["shift"])
    found = Evaluated(*pair, (Y,))
    assert found.fit.noise.row >= 3
    np.testing.assert_allclose(found.native()[0], found.objective_loss(), rtol=1e-12)
    np.testing.assert_allclose(found.native()[1], found.central_differences(), rtol=1e-6, atol=1e-7)


def test_handlers_inside_a_block_see_what_it_hides():
    seen = handlers.condition(with_nuisance, data={"shift": 0.3})
    hidden = handlers.block(seen, hide=["shift"])

    def by_hand(y=None):
        x = vc.sample("x", dist.Normal(0.5, 3.0))
        with vc.plate("data", 4):
            vc.sample("y", dist.Normal(x + 0.3, 1.3), obs=y)

    assert_same_fit((hidden, short_guide), (by_hand, short_guide), (Y,), (Y,))


def test_only_one_way_to_choose():
    with pytest.raises(ValueError, match="hide_fn and hide"):
        handlers.block(model, hide_fn=bool, hide=["x"])
