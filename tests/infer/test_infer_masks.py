"""Indexing with conditions on data: one kernel for all numbers of places, and the values of NumPy."""

import numpy as np
import pytest
from support.golden import compile_and_bind
from support.stages import Evaluated

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.compiler import Pair
from vicompile.diagnostics import CompileError, DataError
from vicompile.infer import SVI
from vicompile.optim import Adam

RNG = np.random.default_rng(5)


def guide(y, keep):
    vc.sample("m", dist.Normal(vc.param("loc", 0.2), vc.param("scale", 0.7, constraint=constraints.positive)))


def agrees(model, args, guide=guide, particles=2):
    """Every stage gives the same loss, and the gradient is that of the loss."""
    one = Evaluated(model, guide, args, particles)
    loss, gradient = one.graph()
    assert loss == pytest.approx(one.objective_loss(), rel=1e-11)
    for other_loss, other_gradient in (one.python(), one.native()):
        assert other_loss == pytest.approx(loss, rel=1e-11)
        np.testing.assert_allclose(other_gradient, gradient, rtol=1e-10, atol=1e-11 * (1 + np.abs(gradient).max()))
    np.testing.assert_allclose(gradient, one.central_differences(), rtol=2e-6, atol=1e-7 * (1 + abs(loss)))
    return one


def chosen_outside(y, keep):
    m = vc.sample("m", dist.Normal(0.0, 1.0))
    with vc.plate("data", len(y)):
        vc.sample("y", dist.Normal(m, 1.5), obs=y)


def by_argument(y, keep):
    m = vc.sample("m", dist.Normal(0.0, 1.0))
    with vc.plate("data", np.sum(keep)):
        vc.sample("y", dist.Normal(m, 1.5), obs=y[keep])


def by_comparison(y, keep):
    m = vc.sample("m", dist.Normal(0.0, 1.0))
    with vc.plate("data", np.sum((y > -0.5) & keep)):
        vc.sample("y", dist.Normal(m, 1.5), obs=y[(y > -0.5) & keep])


MASKS = [RNG.uniform(size=12) < p for p in (0.5, 0.3, 0.8)] + [np.zeros(12, bool), np.ones(12, bool)]


@pytest.mark.parametrize("keep", MASKS, ids=lambda m: str(m.sum()))
def test_the_loss_is_that_of_data_chosen_outside(keep):
    y = RNG.normal(size=12)
    inside, outside = agrees(by_argument, (y, keep)), Evaluated(chosen_outside, guide, (y[keep], None), 2)
    assert inside.native()[0] == pytest.approx(outside.native()[0], rel=1e-12)
    np.testing.assert_allclose(inside.native()[1], outside.native()[1], rtol=1e-11, atol=1e-12)
    compared = Evaluated(by_comparison, guide, (y, keep), 2)
    outside = Evaluated(chosen_outside, guide, (y[keep & (y > -0.5)], None), 2)
    assert compared.native()[0] == pytest.approx(outside.native()[0], rel=1e-12)


def test_another_number_of_places_compiles_nothing():
    y = RNG.normal(size=12)
    pair = Pair(by_argument, guide)
    pair.bind((y, MASKS[0]), (y, MASKS[0]), {}, {})
    before = vc.compile_count()
    compiled = pair.bind((y, MASKS[0]), (y, MASKS[0]), {}, {}).compiled
    for keep in MASKS:
        for size in (12, 7):
            args = (y[:size], keep[:size])
            assert pair.bind(args, args, {}, {}).compiled is compiled
    assert vc.compile_count() == before


def latent_and_computed(x, group, keep):
    a = vc.sample("a", dist.Normal(np.zeros(len(keep)), 1.0).to_event(1))
    mean = (x @ a)[x[:, 0] > 0.0]
    with vc.plate("rows", len(mean)):
        vc.sample("y", dist.Normal(mean + np.sum(a[keep]) + x[x[:, 0] > 0.0, 1], 1.0), obs=x[x[:, 0] > 0.0][:, 2])
    vc.factor("columns", -np.sum(x[:, keep] @ np.exp(0.1 * a[keep])) - np.sum(a[group][group > 0]) ** 2)
    vc.factor("flat", -np.sum((x[x > 0.5] - a[0]) ** 2) - 0.1 * np.sum(np.nonzero(x > 0.5)[1] * a[1]))


def latent_guide(x, group, keep):
    loc = vc.param("loc", lambda: 0.1 * np.arange(len(keep)))
    vc.sample("a", dist.Normal(loc, 0.4).to_event(1))


def test_latents_and_computed_arrays_by_masks_of_one_axis_and_two():
    x, group = RNG.normal(size=(9, 4)), np.array([0, 3, 2, 1, 1, 0])
    for keep in (np.array([True, False, True, True]), np.zeros(4, bool), np.ones(4, bool)):
        agrees(latent_and_computed, (x, group, keep), latent_guide)
    agrees(latent_and_computed, (np.abs(x), group, keep), latent_guide)


def two_masks(y, keep):
    first, second = keep
    m = vc.sample("m", dist.Normal(0.0, 1.0))
    vc.sample("y", dist.Normal(m * y[first], 1.0).to_event(1), obs=y[second])


def test_two_masks_must_choose_equally_many():
    y = RNG.normal(size=6)
    first, second = np.array([1, 1, 0, 0, 1, 0]) > 0, np.array([0, 1, 1, 1, 0, 0]) > 0
    agrees(two_masks, (y, (first, second)))
    pair = Pair(two_masks, guide)
    args = (y, (first, second))
    one = pair.bind(args, args, {}, {}).compiled
    other = (y, (~first & second, np.array([0, 0, 0, 0, 1, 1]) > 0))
    assert pair.bind(other, other, {}, {}).compiled is one
    unequal = (y, (first, ~second & first))
    with pytest.raises(DataError, match="do not agree"):
        pair.bind(unequal, unequal, {}, {})
    # One element meets any number of others: that is another kernel, and the first one stays.
    single = (y, (np.arange(6) == 2, second))
    assert pair.bind(single, single, {}, {}).compiled is not one
    agrees(two_masks, single)
    assert pair.bind(other, other, {}, {}).compiled is one


def gaps(y, keep):
    m = vc.sample("m", dist.Normal(0.0, 1.0))
    seen = ~np.isnan(y)
    with vc.plate("seen", np.count_nonzero(seen)):
        vc.sample("y", dist.Normal(m, 1.0), obs=y[seen])


def test_missing_values_are_left_out():
    y = RNG.normal(size=8)
    y[[1, 4]] = np.nan
    inside = agrees(gaps, (y, None))
    assert np.isfinite(inside.native()[0])

    def leaky(y, keep):
        m = vc.sample("m", dist.Normal(0.0, 1.0))
        vc.sample("y", dist.Normal(m, 1.0).expand((len(y[y > 0.0]),)).to_event(1), obs=y[y > 0.0])
        vc.factor("all", -m * np.sum(y))

    with pytest.raises(DataError, match="is NaN"):
        compile_and_bind(leaky, guide, (y, None))


def chained(y, keep):
    m = vc.sample("m", dist.Normal(0.0, 1.0))
    some = y[y > 0.0]
    fewer = some[some < 1.0]
    positions = np.flatnonzero(keep)
    vc.factor("f", -np.sum((fewer - m) ** 2) + m * len(fewer) / (1.0 + len(some)) - np.sum(np.sin(m * positions)))


def test_a_condition_on_what_was_chosen():
    for y in (RNG.normal(size=20), -np.ones(4), np.full(5, 0.5)):
        one = agrees(chained, (y, (RNG.uniform(size=(3, 4)) > 0.5).astype(float)))
        assert sorted(one.fit.sizes[s] for s in ("@found.0", "@found.1")) == sorted(
            [(y > 0).sum(), ((y > 0) & (y < 1)).sum()]
        )


def in_plates_and_loops(y, keep):
    m = vc.sample("m", dist.Normal(0.0, 1.0))
    for t in vc.plate("columns", y.shape[1]):
        vc.sample(f"y_{t}", dist.Normal(m, 1.0).expand((len(y[keep]),)).to_event(1), obs=y[keep, t])
    for k in range(2):
        vc.factor(f"f_{k}", -np.sum((y[y[:, k] > 0.0, k] - m) ** 2))


def test_loops():
    y, keep = RNG.normal(size=(6, 3)), RNG.uniform(size=6) > 0.4
    agrees(in_plates_and_loops, (y, keep))


def in_a_loop_that_an_int_counts(y, keep):
    m = vc.sample("m", dist.Normal(0.0, 1.0))
    for k in range(keep):
        for t in range(len(y)):
            vc.factor(f"f_{k}_{t}", -((y[t] - m) ** 2) * np.sum(y[y > 0.1 * k]))
    for value in y[y > 0.0]:
        m = 0.5 * m + value
    vc.factor("last", -m * m)


def test_a_loop_is_unrolled_where_its_round_chooses():
    agrees(in_a_loop_that_an_int_counts, (RNG.normal(size=6), 2))


def by_level(x, level):
    values, code, counts = np.unique(level, return_inverse=True, return_counts=True)
    a = vc.sample("a", dist.Normal(np.zeros(len(values)), 1.0).to_event(1))
    with vc.plate("data", len(x)):
        vc.sample("x", dist.Normal(a[code], 1.0), obs=x)
    vc.factor("f", -np.sum(counts * a**2) + np.sum(values * a))


def level_guide(x, level):
    loc = vc.param("loc", lambda: 0.1 * np.ones(len(np.unique(level))))
    vc.sample("a", dist.Normal(loc, 0.3).to_event(1))


def test_unique_gives_groups_their_codes():
    x = RNG.normal(size=7)
    level = np.array([30, 10, 10, 70, 30, 30, 10])
    one = agrees(by_level, (x, level), level_guide)
    assert one.fit.parameter_count == 3
    pair = Pair(by_level, level_guide)
    first = pair.bind((x, level), (x, level), {}, {}).compiled
    before = vc.compile_count()
    other = (x, np.array([5, 4, 3, 2, 1, 5, 9]))
    assert pair.bind(other, other, {}, {}).compiled is first
    assert pair.bind(other, other, {}, {}).parameter_count == 6
    assert vc.compile_count() == before


def repeated(y, keep):
    m = vc.sample("m", dist.Normal(0.0, 1.0))
    rate = np.exp(0.1 * m * np.arange(len(keep)))
    with vc.plate("data", len(y)):
        vc.sample("y", dist.Normal(np.repeat(rate, keep), 1.0), obs=y)


def test_repeat_by_numbers_from_data():
    for counts in (np.array([2, 0, 3, 1]), np.array([1, 1]), np.array([6])):
        agrees(repeated, (RNG.normal(size=counts.sum()), counts))


def by_length(y, keep):
    m = vc.sample("m", dist.Normal(0.0, 1.0))
    if np.sum(keep) > 2:
        m = 2.0 * m
    vc.factor("f", -m * np.sum(y[keep]))


def test_a_number_of_places_that_the_program_asks_for_is_a_guard():
    y = RNG.normal(size=5)
    pair = Pair(by_length, guide)

    def bound(*keep):
        args = (y, np.array(keep) > 0)
        return pair.bind(args, args, {}, {}).compiled

    three = bound(1, 1, 1, 0, 0)
    assert bound(0, 1, 1, 1, 0) is three
    assert bound(0, 1, 0, 1, 0) is not three
    assert bound(0, 0, 1, 1, 1) is three


def test_booleans_and_floats_are_told_apart():
    y, keep = RNG.normal(size=5), np.array([1.0, 0.0, 1.0, 1.0, 0.0])
    compile_and_bind(by_argument, guide, (y, keep > 0))
    with pytest.raises(CompileError, match="known before the data"):
        compile_and_bind(by_argument, guide, (y, keep))


def test_a_fit_with_changing_masks():
    y = RNG.normal(size=12)
    vc.clear_param_store()
    svi = SVI(by_argument, guide, Adam({"lr": 0.01}))
    vc.set_rng_seed(1)
    losses = [svi.step(y, keep) for keep in MASKS]
    assert np.isfinite(losses).all()
    before = vc.compile_count()
    for keep in MASKS:
        svi.step(y, keep)
    assert vc.compile_count() == before


def test_chosen_data_is_copied_once():
    y = RNG.normal(size=12)
    args = (y, MASKS[0])
    unit = Pair(by_argument, guide).bind(args, args, {}, {}).compiled.unit
    assert all(one.input.name.startswith("hoisted.") for one in unit.kernel.data)
    text = vc.explain(by_argument, guide, y, MASKS[0], stage="lower")
    assert "found in the data\n  @found.0: places, line" in text
