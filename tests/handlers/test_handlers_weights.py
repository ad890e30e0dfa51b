"""scale and mask: what counts how often, when called and in a fit, around models, inside them and in both."""

import numpy as np
import pytest
from handler_models import Y, assert_same_fit, compiled_density, delta_guide, density, model, normal_guide
from scipy import stats

import vicompile as vc
import vicompile.distributions as dist
from vicompile import handlers
from vicompile.handlers import LocScaleReparam, TransformReparam
from vicompile.infer import SVI
from vicompile.optim import Adam

KNOWN = np.array([True, False, True, True])
WEIGHTS = np.array([0.5, 2.0, 1.0, 3.0])


def scaled_by_hand(y=None):
    with vc.scale(scale=0.25):
        model(y)


sub = vc.scale(model, scale=0.25)


def scaled_beforehand(y=None):
    sub(y)


def scaled_inside(y=None):
    vc.scale(vc.scale(model, scale=0.5), scale=0.5)(y)


@pytest.mark.parametrize(
    "found", [vc.scale(model, scale=0.25), handlers.scale(scale=0.25)(model), scaled_beforehand, scaled_inside]
)
def test_a_scale_around_a_model_is_one_inside_it(found):
    assert_same_fit((found, normal_guide), (scaled_by_hand, normal_guide), (Y,), (Y,))
    log_p = 0.25 * density(model, {"x": 0.7}, Y)
    np.testing.assert_allclose(density(found, {"x": 0.7}, Y), log_p, rtol=1e-12)
    np.testing.assert_allclose(compiled_density(found, delta_guide, Y), log_p, rtol=1e-12)


def test_a_guide_can_be_scaled():
    found = vc.scale(normal_guide, scale=0.5)
    trace = handlers.trace(handlers.substitute(found, data={"x": 0.9})).get_trace()
    np.testing.assert_allclose(trace.log_prob_sum(), 0.5 * stats.norm.logpdf(0.9, 0.4, 0.8), rtol=1e-12)

    def inside(y=None):
        with vc.scale(scale=0.5):
            normal_guide(y)

    assert_same_fit((model, found), (model, inside), (Y,), (Y,))


def data(y, w=WEIGHTS, known=KNOWN):
    m = vc.sample("m", dist.Normal(0.0, 1.0))
    with vc.plate("data", len(y)), vc.scale(scale=w), vc.mask(mask=known):
        vc.sample("y", dist.Normal(m, 1.0), obs=y)
        vc.factor("f", m * y)


def data_guide(y, w=WEIGHTS, known=KNOWN):
    vc.sample("m", dist.Delta(vc.param("value", 0.3)))


def test_arrays_of_scales_and_masks_count_the_same_called_and_compiled():
    counted = (WEIGHTS * (stats.norm.logpdf(Y, 0.3) + 0.3 * Y))[KNOWN].sum()
    expected = stats.norm.logpdf(0.3) + counted
    np.testing.assert_allclose(density(data, {"m": 0.3}, Y), expected, rtol=1e-12)
    np.testing.assert_allclose(compiled_density(data, data_guide, Y, WEIGHTS, KNOWN), expected, rtol=1e-12)


def test_a_trace_tells_the_scale_and_the_mask():
    trace = handlers.trace(data).get_trace(Y)
    assert trace["m"]["scale"] is None
    assert trace["m"]["mask"] is None
    np.testing.assert_array_equal(trace["y"]["scale"], WEIGHTS)
    np.testing.assert_array_equal(trace["y"]["mask"], KNOWN)
    assert trace["y"]["log_prob"][1] == 0.0
    m = trace["m"]["value"]
    np.testing.assert_allclose(trace["y"]["log_prob"][3], 3.0 * stats.norm.logpdf(Y[3], m), rtol=1e-12)


def test_missing_values_behind_a_mask_are_no_values():
    y = np.where(KNOWN, Y, np.nan)
    assert np.isfinite(handlers.trace(data).get_trace(y).log_prob_sum())
    np.testing.assert_allclose(density(data, {"m": 0.3}, y), density(data, {"m": 0.3}, Y), rtol=1e-12)


def test_other_values_of_the_same_kind_compile_nothing():
    def run(scale, mask):
        found = vc.mask(vc.scale(observed, scale=scale), mask=mask)
        return SVI(found, local_guide, Adam(0.01)).run(2, Y, seed=0, progress_bar=False).losses

    first = run(WEIGHTS, KNOWN)
    before = vc.compile_count()
    assert run(WEIGHTS + 1.0, KNOWN)[0] != first[0]
    assert run(WEIGHTS, ~KNOWN)[0] != first[0]
    np.testing.assert_array_equal(run(WEIGHTS, KNOWN), first)
    assert vc.compile_count() == before


def observed(y):
    with vc.plate("data", 4):
        z = vc.sample("z", dist.Normal(0.0, 2.0))
        vc.sample("y", dist.Normal(z, 1.0), obs=y)


def local_guide(y):
    with vc.plate("data", 4):
        vc.sample("z", dist.Normal(vc.param("loc", lambda: np.full(4, 0.4)), 0.7))


def test_a_number_as_scale_is_data():
    def run(scale):
        return SVI(vc.scale(model, scale=scale), normal_guide, Adam(0.01)).run(2, Y, seed=0, progress_bar=False).losses

    first = run(0.3)
    before = vc.compile_count()
    assert run(0.4)[0] != first[0]
    assert vc.compile_count() == before


def reparametrised(y):
    with vc.plate("data", 4):
        z = vc.sample("z", dist.Normal(0.5, 2.0))
        s = vc.sample("s", dist.LogNormal(0.1, 0.4))
        vc.sample("y", dist.Normal(z, s), obs=y)


def reparametrised_guide(y):
    with vc.plate("data", 4):
        vc.sample("z_decentered", dist.Normal(vc.param("loc", 0.4), 0.7))
        vc.sample("s_base", dist.Normal(vc.param("s_loc", 0.2), 0.3))


def test_sites_that_reparam_adds_count_as_the_ones_that_they_replace():
    config = {"z": LocScaleReparam(centered=0.0), "s": TransformReparam()}
    inner = handlers.reparam(vc.mask(vc.scale(reparametrised, scale=WEIGHTS), mask=KNOWN), config=config)
    outer = vc.mask(vc.scale(handlers.reparam(reparametrised, config=config), scale=WEIGHTS), mask=KNOWN)
    assert_same_fit((inner, reparametrised_guide), (outer, reparametrised_guide), (Y,), (Y,))
    values = {"z_decentered": 0.3 * WEIGHTS, "s_base": np.full(4, 0.2)}
    terms = stats.norm.logpdf(values["z_decentered"]) + stats.norm.logpdf(values["s_base"], 0.1, 0.4)
    terms += stats.norm.logpdf(Y, 0.5 + 2.0 * values["z_decentered"], np.exp(0.2))
    for one in (inner, outer):
        np.testing.assert_allclose(density(one, values, Y), (WEIGHTS * terms)[KNOWN].sum(), rtol=1e-12)


def test_lifted_parameters_count():
    inner = handlers.lift(vc.scale(model, scale=0.5), prior={"noise": dist.HalfNormal(1.0)})
    trace = handlers.trace(handlers.substitute(inner, data={"noise": 0.7})).get_trace(Y)
    np.testing.assert_allclose(trace["noise"]["log_prob"], 0.5 * stats.halfnorm.logpdf(0.7), rtol=1e-12)


def partly(y):
    with vc.plate("data", 4), vc.scale(scale=WEIGHTS):
        return vc.sample("y", dist.Normal(0.5, 1.0), obs=y, obs_mask=KNOWN)


def test_partly_observed_sites_are_scaled():
    trace = handlers.trace(partly).get_trace(Y)
    expected = np.where(KNOWN, WEIGHTS * stats.norm.logpdf(Y, 0.5), 0.0)
    np.testing.assert_allclose(trace["y_observed"]["log_prob"], expected, rtol=1e-12)

    def partly_guide(y):
        with vc.plate("data", 4):
            vc.sample("y_unobserved", dist.Delta(vc.param("gap", 0.9)))

    gap = WEIGHTS[1] * stats.norm.logpdf(0.9, 0.5)
    np.testing.assert_allclose(compiled_density(partly, partly_guide, Y), expected.sum() + gap, rtol=1e-12)


def batch(y, k):
    m = vc.sample("m", dist.Normal(0.0, 1.0))
    with vc.plate("data", len(y), subsample_size=k) as i, vc.scale(scale=0.5):
        vc.sample("y", dist.Normal(m, 1.0), obs=y[i])


def loop(y, k):
    m = vc.sample("m", dist.Normal(0.0, 1.0))
    for i in vc.plate("data", len(y), subsample_size=k):
        vc.sample(f"y_{i}", dist.Normal(m, 1.0), obs=y[i])
    vc.factor("after", 1.0)


def test_a_trace_counts_subsampled_plates():
    trace = handlers.trace(handlers.seed(batch, rng_seed=2)).get_trace(Y, 2)
    m = trace["m"]["value"]
    np.testing.assert_allclose(
        trace["y"]["log_prob"], 0.5 * 2.0 * stats.norm.logpdf(trace["y"]["value"], m), rtol=1e-12
    )
    again = handlers.trace(handlers.seed(batch, rng_seed=2)).get_trace(Y, 2)
    np.testing.assert_array_equal(trace["y"]["value"], again["y"]["value"])
    batches = {tuple(handlers.trace(handlers.seed(batch, k)).get_trace(Y, 2)["y"]["value"]) for k in range(30)}
    assert len(batches) > 4
    of_rounds = handlers.trace(loop).get_trace(Y, 1)
    (name,) = (name for name in of_rounds if name.startswith("y_"))
    found = 4.0 * stats.norm.logpdf(of_rounds[name]["value"], of_rounds["m"]["value"])
    np.testing.assert_allclose(of_rounds[name]["log_prob"], found, rtol=1e-12)
    assert of_rounds["after"]["log_prob"] == 1.0


def test_a_batch_without_elements_counts_for_nothing():
    def empty():
        with vc.plate("data", 4, subsample=np.zeros(0, int)):
            vc.sample("y", dist.Normal(0.0, 1.0))

    assert handlers.trace(empty).get_trace().log_prob_sum() == 0.0


def test_a_loop_that_is_left_early_leaves_nothing_behind():
    def fails():
        for _ in vc.plate("data", 4, subsample_size=2):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails()
    for _ in vc.plate("data", 4, subsample_size=2):
        break
    with handlers.trace() as trace:
        vc.factor("f", 1.0)
    assert trace["f"]["log_prob"] == 1.0


def test_a_factor_in_a_plate_counts_for_each_element():
    def with_factor():
        with vc.plate("data", 5):
            vc.factor("f", 0.5)

    assert handlers.trace(with_factor).get_trace().log_prob_sum() == 2.5
    assert compiled_density(with_factor, lambda: None) == 2.5


def test_wrong_scales_and_masks():
    with pytest.raises(ValueError, match="the scale must be positive, got -1"):
        vc.scale(scale=-1.0)
    with pytest.raises(TypeError, match="the mask must be True, False or an array of them, got 1"):
        vc.mask(mask=1)
    with pytest.raises(TypeError, match="the first argument is a model"):
        vc.scale(3.0, scale=1.0)
    with pytest.raises(TypeError, match="scale without a function is a decorator"):
        vc.scale(scale=1.0)(3)
    with pytest.raises(TypeError, match=r"scale needs a value: write scale\(scale=...\)"):
        vc.scale(model)
    with pytest.raises(ValueError, match=r"site `x`: the mask around it has shape \(4,\), the site's batch has"):
        handlers.trace(vc.mask(model, mask=KNOWN)).get_trace(Y)
    with pytest.raises(vc.CompileError, match="the mask of site `x` has shape"):
        SVI(vc.mask(model, mask=KNOWN), normal_guide, Adam(0.01)).run(1, Y)


def test_the_same_words_everywhere():
    assert vc.scale is handlers.scale is vc.poutine.scale
    assert vc.mask is handlers.mask is vc.poutine.mask
