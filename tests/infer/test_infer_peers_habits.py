"""What users of Pyro and NumPyro type out of habit works, or says what to type."""

import numpy as np
import pytest

import vicompile as vc
import vicompile.distributions as dist
from vicompile.handlers import block
from vicompile.infer import SVI, Predictive, Trace_ELBO, init_to_value
from vicompile.infer.autoguide import AutoLaplaceApproximation, AutoNormal
from vicompile.optim import Adam, Momentum

Y = np.array([2.0, 1.0, 4.0])


def model(y=None):
    level = vc.sample("level", dist.Normal(0.0, 1.0))
    with vc.plate("rows", 3):
        vc.sample("y", dist.Normal(level, 1.0), obs=y)


@pytest.fixture(autouse=True)
def fresh():
    vc.clear_param_store()
    yield
    vc.clear_param_store()


def fitted(kind=AutoNormal):
    guide = kind(model, init_loc_fn=init_to_value(values={"level": 1.0}))
    svi = SVI(model, guide, Adam(0.01), Trace_ELBO(num_particles=10, vectorize_particles=True))
    return svi, guide, svi.run(50, Y, progress_bar=False)


@pytest.mark.parametrize("kind", [AutoNormal, AutoLaplaceApproximation])
def test_a_guide_asked_without_parameters_takes_those_of_the_store(kind):
    _, guide, result = fitted(kind)
    assert guide.median() == guide.median(result.params)
    np.testing.assert_array_equal(
        guide.quantiles(None, [0.1, 0.9])["level"], guide.quantiles(result.params, [0.1, 0.9])["level"]
    )
    np.testing.assert_array_equal(
        guide.sample_posterior(0, sample_shape=(5,))["level"],
        guide.sample_posterior(0, result.params, sample_shape=(5,))["level"],
    )
    with pytest.raises(TypeError, match=r"quantiles\(params, quantiles\)"):
        guide.quantiles([0.1, 0.9])
    with pytest.raises(TypeError, match="`params` is a dict"):
        guide.median(Y)


@pytest.mark.parametrize("kind", [AutoNormal, AutoLaplaceApproximation])
def test_a_question_about_other_arguments_is_not_remembered(kind):
    _, guide, result = fitted(kind)
    before = guide.median(result.params)
    # Without data `y` is latent as well, and would have parameters that nobody has fitted.
    with pytest.raises(ValueError, match="parameters that were not fitted"):
        guide(None)
    with pytest.raises(ValueError, match="parameter"):
        guide.median(result.params, None)
    assert guide.median(result.params) == before
    assert Predictive(model, guide=guide, params=result.params, num_samples=4)(0)["y"].shape == (4, 3)
    assert guide.median(result.params, Y) == before


def test_a_guide_that_was_never_fitted_remembers_what_it_was_asked_about():
    guide = AutoNormal(model)
    params = {"level_auto_loc": 0.5, "level_auto_scale": 0.1}
    assert guide.median(params, Y)["level"] == guide.median(params)["level"] == 0.5


class OfAnotherPackage:
    def update(self):
        """As optax has it."""


SVI_OF_MODEL = SVI(model, AutoNormal(model), Adam(0.01))
HABITS = [
    (lambda: SVI_OF_MODEL.run(np.array([0, 1], np.uint32), 100, Y), ValueError, r"run\(num_steps, \*args, seed=0\)"),
    (lambda: SVI_OF_MODEL.run(0, 100, Y), vc.DataError, "no keys, `run` has `seed=`"),
    (lambda: SVI_OF_MODEL.run(100, Y, rng_key=0), vc.DataError, "no keys, `run` has `seed=`"),
    (lambda: SVI_OF_MODEL.init(np.array([0, 1], np.uint32), Y), TypeError, "in place of a key give a number"),
    (lambda: SVI(model, AutoNormal(model), OfAnotherPackage()), TypeError, "cannot be compiled: use the one of the"),
    (lambda: SVI(model, AutoNormal(model), OfAnotherPackage), TypeError, "cannot be compiled"),
    (lambda: SVI(model, block(AutoNormal(model), hide=["level"]), Adam(0.1)), TypeError, r"AutoNormal\(block\(model"),
    (lambda: SVI(model, AutoNormal(model), Adam(0.1), lambda m, g: 0.0), TypeError, "`CustomELBO`"),
    (lambda: Adam({"lr": 0.01}, {"clip_norm": 10.0}), TypeError, r"`Clipped\(Adam"),
    (lambda: Momentum(0.1, 0.9), TypeError, "given by name"),
    (lambda: Trace_ELBO().loss(model, model), AttributeError, "evaluate_loss"),
    (lambda: vc.get_param_store().get_all_param_names(), AttributeError, r"`keys\(\)`"),
    (lambda: vc.get_param_store().save("x"), AttributeError, "numpy.savez"),
    (lambda: Predictive(model, num_samples=2, return_sites=["_RETURN"])(0), ValueError, "`deterministic"),
]


@pytest.mark.parametrize(("call", "kind", "text"), HABITS)
def test_a_habit_that_does_not_work_says_what_does(call, kind, text):
    with pytest.raises(kind, match=text):
        call()


def test_the_store_is_kept_as_the_error_says(tmp_path):
    _, _, result = fitted()
    np.savez(tmp_path / "store.npz", **vc.get_param_store())
    vc.get_param_store()["level_auto_scale"] = 5.0
    vc.get_param_store().update(np.load(tmp_path / "store.npz"))
    assert dict(vc.get_param_store()) == result.params
