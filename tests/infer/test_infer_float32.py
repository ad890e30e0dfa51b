"""Fits with dtype="float32": the same optimum, data stored in half the room, sums that do not drift, clear errors."""

import numpy as np
import pytest

import vicompile as vc
import vicompile.distributions as dist
from vicompile.compiler import Pair
from vicompile.distributions import constraints
from vicompile.infer import SVI, elbo
from vicompile.infer.nonfinite import NonFiniteLossError
from vicompile.language import param, plate, sample
from vicompile.optim import Adam
from vicompile.schedule.kernel import DataArgument

EPSILON = 2.0**-24
NOISE = 0.3


def regression(x, y):
    b = sample("b", dist.Normal(np.zeros(x.shape[1]), 1.0).to_event(1))
    with plate("rows", len(y)):
        sample("y", dist.Bernoulli(logits=x @ b), obs=y)


def regression_guide(x, y):
    loc = param("loc", np.zeros(x.shape[1]))
    scale = param("scale", np.full(x.shape[1], 0.1), constraint=constraints.positive)
    sample("b", dist.Normal(loc, scale).to_event(1))


def tails(y):
    m = sample("m", dist.Normal(0.0, 10.0))
    with plate("rows", len(y)):
        sample("y", dist.StudentT(4.0, m, 1.0), obs=y)


def tails_guide(y):
    sample("m", dist.Normal(param("loc", 0.0), param("scale", 0.1, constraint=constraints.positive)))


def counts(x, group, flags, y):
    a = sample("a", dist.Normal(0.0, 1.0).expand([3]).to_event(1))
    with plate("rows", len(y)):
        rate = np.exp(a[group] + 0.1 * x) * np.where(flags > 0.5, 2.0, 1.0)
        sample("y", dist.Poisson(rate), obs=y)


def counts_guide(x, group, flags, y):
    sample("a", dist.Normal(param("loc", np.zeros(3)), 0.1).to_event(1))


def regression_data(n=2000, d=6):
    rng = np.random.default_rng(3)
    x = rng.normal(size=(n, d))
    return x, (rng.random(n) < 1.0 / (1.0 + np.exp(-x @ np.linspace(-1.0, 1.0, d)))).astype(float)


def counts_data():
    rng = np.random.default_rng(4)
    return rng.normal(size=900), rng.integers(0, 3, 900), rng.random(900) < 0.5, rng.poisson(2.0, 900)


@pytest.mark.parametrize("dtype", ["float16", "double", np.float32, None, 32, float])
def test_another_dtype_is_refused(dtype):
    x, y = regression_data()
    for call in (
        lambda: SVI(regression, regression_guide, Adam({"lr": 0.01}), dtype=dtype),
        lambda: elbo({}, regression, regression_guide, (x, y), dtype=dtype),
        lambda: vc.explain(regression, regression_guide, x, y, dtype=dtype),
    ):
        with pytest.raises(ValueError, match='dtype must be "float64" or "float32"'):
            call()


def test_a_fit_reaches_the_same_optimum():
    found = {}
    for dtype in ("float64", "float32"):
        svi = SVI(regression, regression_guide, Adam({"lr": 0.02}), dtype=dtype)
        result = svi.run(1500, *regression_data(), seed=1, progress_bar=False)
        assert all(value.dtype == np.float64 for value in result.params.values())
        found[dtype] = result
    wide, narrow = (found[dtype].params for dtype in ("float64", "float32"))
    # The same noise, and a gradient that is a few EPSILON off: far below the posterior's standard deviation.
    np.testing.assert_allclose(narrow["loc"], wide["loc"], rtol=0, atol=1e-3 * wide["scale"].min())
    np.testing.assert_allclose(narrow["scale"], wide["scale"], rtol=1e-3)
    np.testing.assert_allclose(found["float32"].losses, found["float64"].losses, rtol=1e3 * EPSILON)


def test_each_dtype_has_its_own_kernel_and_is_compiled_once():
    x, y = regression_data(300, 3)
    texts = {}
    for dtype in ("float64", "float32", "float64", "float32"):
        pair = Pair(regression, regression_guide, dtype=dtype)
        first, second = (pair.bind(args, args, {}, {}, 1) for args in ((x, y), (x[:100], y[:100])))
        assert first.compiled is second.compiled
        texts.setdefault(dtype, first.compiled.native)
        assert texts[dtype] is first.compiled.native
    assert texts["float64"] is not texts["float32"]
    assert "float32_at" not in texts["float64"].text


def arrays_of(fit):
    entries = zip(fit.compiled.unit.kernel.data, fit.problem.keepalive)
    return {entry.input.name: array for entry, array in entries if isinstance(entry, DataArgument)}


def test_bound_data_takes_half_the_room():
    args = regression_data()
    wide, narrow = (
        arrays_of(Pair(regression, regression_guide, dtype=dtype).bind(args, args, {}, {}, 1))
        for dtype in ("float64", "float32")
    )
    for name in ("x", "y"):
        assert narrow[name].dtype == np.float32
        assert 2 * narrow[name].nbytes == wide[name].nbytes == args["xy".index(name)].nbytes


def test_whole_numbers_take_half_the_room_where_they_are_values():
    args = counts_data()
    fit = Pair(counts, counts_guide, dtype="float32").bind(args, args, {}, {}, 1)
    sizes = {name: (a.dtype, a.nbytes) for name, a in arrays_of(fit).items() if a.size == 900}
    assert sizes
    assert set(sizes.values()) == {(np.dtype(np.float32), 3600)}


def test_float32_arrays_are_not_copied():
    y = np.random.default_rng(0).normal(size=5000).astype(np.float32)
    fit = Pair(tails, tails_guide, dtype="float32").bind((y,), (y,), {}, {}, 1)
    assert np.shares_memory(arrays_of(fit)["y"], y)
    # In float64 they are what they were: widened.
    wide = Pair(tails, tails_guide).bind((y,), (y,), {}, {}, 1)
    assert arrays_of(wide)["y"].dtype == np.float64
    assert fit.values.keys() == wide.values.keys()
    assert all(np.asarray(value).dtype != np.float32 for value in fit.values.values())


def test_float32_and_float64_arrays_of_the_same_numbers_give_the_same_loss():
    x, y = (a.astype(np.float32) for a in regression_data())
    losses = {
        elbo({}, regression, regression_guide, args, dtype="float32")
        for args in ((x, y), (x.astype(float), y.astype(float)), (x, y.astype(float)))
    }
    assert len(losses) == 1


def test_sums_over_a_million_rows_do_not_drift():
    """Added up one by one in float32, a million terms near 2 would be off by hundreds of EPSILON, all to one side."""
    y = np.random.default_rng(1).standard_t(4.0, size=1_000_000).astype(np.float32)
    fits = [Pair(tails, tails_guide, dtype=dtype).bind((y,), (y,), {}, {}, 1) for dtype in ("float64", "float32")]
    losses, gradients = zip(*(loss_and_gradient(fit) for fit in fits))
    assert abs(losses[1] - losses[0]) <= 2 * EPSILON * abs(losses[0])
    # All y of one power of two are rounded to one side where m is taken from them: as if m were EPSILON * y off.
    distance = y.astype(float) - NOISE * 0.1
    terms = 5.0 * distance / (4.0 + distance**2)
    np.testing.assert_allclose(gradients[1], gradients[0], rtol=0, atol=EPSILON * np.abs(terms).sum())


def loss_and_gradient(fit):
    from vicompile.svi import driver

    state = driver.evaluate(fit.problem, fit.initial_params(), seed=0, step=0)
    return state.losses[0], gradient_of(fit)


def gradient_of(fit):
    import ctypes

    problem = fit.problem
    out, work = np.zeros(1 + fit.parameter_count), np.zeros(max(1, problem.work_length))
    status, flat, noise = np.zeros(2, np.int64), fit.initial_params(), np.full(64, NOISE)
    function = ctypes.CFUNCTYPE(ctypes.c_int, *[ctypes.c_void_p] * 8)(problem.kernel.address)
    arrays = (status, status[1:], flat, noise, problem.data, problem.sizes, work, out)
    assert function(*(a.ctypes.data for a in arrays)) == 0
    return out[1:]


def test_whole_numbers_truth_values_and_positions():
    args = counts_data()
    values = {"loc": np.array([0.1, 0.5, -0.2])}
    wide, narrow = (elbo(values, counts, counts_guide, args, seed=2, dtype=dtype) for dtype in ("float64", "float32"))
    assert narrow != wide
    assert narrow == pytest.approx(wide, rel=16 * EPSILON)


def intercepts(group, y):
    a = sample("a", dist.Normal(0.0, 1.0).expand([2]).to_event(1))
    with plate("rows", len(y)):
        sample("y", dist.StudentT(4.0, a[group], 1.0), obs=y)


def intercepts_guide(group, y):
    sample("a", dist.Normal(param("loc", np.array([0.5, -0.5])), 0.1).to_event(1))


def test_sums_by_group_do_not_drift():
    """200,000 rows in one group and 1,000 in another."""
    rng = np.random.default_rng(5)
    group = np.where(np.arange(201_000) % 201 == 0, 1, 0)
    y = rng.standard_t(4.0, size=group.size)
    fits = [
        Pair(intercepts, intercepts_guide, dtype=dtype).bind((group, y), (group, y), {}, {}, 1)
        for dtype in ("float64", "float32")
    ]
    losses, gradients = zip(*(loss_and_gradient(fit) for fit in fits))
    assert losses[0] != losses[1] == pytest.approx(losses[0], rel=2 * EPSILON)
    distance = y - (np.array([0.5, -0.5]) + 0.1 * NOISE)[group]
    terms = np.bincount(group, np.abs(5.0 * distance / (4.0 + distance**2)))
    assert np.all(np.abs(gradients[1] - gradients[0]) <= EPSILON * terms)


def over(y):
    m = sample("m", dist.Normal(0.0, 1.0))
    above = y[y > 0.1]
    smooth = 0.0
    for one in y:
        smooth = 0.9 * smooth + one
    with plate("rows", len(above)):
        sample("above", dist.Cauchy(m, 1.0), obs=above)
    sample("smooth", dist.Normal(m, 10.0), obs=smooth)


def over_guide(y):
    sample("m", dist.Normal(param("loc", 0.1), 0.1))


def test_what_data_decides_is_decided_in_float64():
    """A float32 next to 0.1 is above it in float64, and is 0.1 in float32."""
    y = np.concatenate((np.full(50, np.float32(0.1)), np.random.default_rng(0).normal(size=50).astype(np.float32)))
    count = int((y.astype(float) > 0.1).sum())
    assert count != int((y > np.float32(0.1)).sum())
    for given in (y, y.astype(float)):
        for dtype in ("float64", "float32"):
            fit = Pair(over, over_guide, dtype=dtype).bind((given,), (given,), {}, {}, 1)
            assert count in fit.sizes.values()
            loss = loss_and_gradient(fit)[0]
            expected = elbo({}, over, over_guide, (y.astype(float),))
            assert loss == pytest.approx(expected, rel=16 * EPSILON if dtype == "float32" else 1e-13)


def test_explain_shows_what_is_float32():
    x, y = regression_data(50, 2)
    text = vc.explain(regression, regression_guide, x, y, stage="emit", dtype="float32")
    assert "x: float32[" in text
    assert "float32_at" in text
    assert "float32_at" not in vc.explain(regression, regression_guide, x, y, stage="emit")


def far_out(y):
    m = sample("m", dist.Normal(0.0, 1.0))
    with plate("rows", len(y)):
        sample("y", dist.Normal(m, np.exp(-np.abs(y))), obs=y)


def far_out_guide(y):
    sample("m", dist.Normal(param("loc", 0.0), 0.01))


def test_leaving_the_range_of_float32_is_an_error_that_says_so():
    y = np.array([1.0, -60.0])
    assert np.isfinite(elbo({}, far_out, far_out_guide, (y,)))
    with pytest.raises(NonFiniteLossError, match="range of float32"):
        SVI(far_out, far_out_guide, Adam({"lr": 0.01}), dtype="float32").run(3, y, progress_bar=False)
