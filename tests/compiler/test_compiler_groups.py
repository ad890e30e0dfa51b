"""Models with groups: NumPy on the graph, the kernel's text as Python and machine code agree, whatever the groups."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.stages import Evaluated

import vicompile as vc
import vicompile.distributions as dist
from vicompile.compiler import Pair
from vicompile.distributions import constraints
from vicompile.infer import SVI
from vicompile.language import param, plate, sample
from vicompile.optim import Adam
from vicompile.schedule.kernel import DataArgument, GroupsArgument


def normal(name, shape=()):
    loc = param(f"{name}.loc", np.zeros(shape))
    scale = param(f"{name}.scale", 0.3 + np.zeros(shape), constraint=constraints.positive)
    sample(name, dist.Normal(loc, scale).to_event(len(shape)))


def slopes(x, group, y, count):
    sigma = sample("sigma", dist.HalfNormal(2.0))
    alpha = sample("alpha", dist.Normal(np.zeros(count), 1.0).to_event(1))
    beta = sample("beta", dist.Normal(np.zeros(count), 1.0).to_event(1))
    with plate("data", len(y)):
        sample("y", dist.Normal(alpha[group] + beta[group] * x, sigma), obs=y)


def slopes_guide(x, group, y, count):
    sample("sigma", dist.LogNormal(param("sigma.loc", 0.1), 0.2))
    normal("alpha", (count,))
    normal("beta", (count,))


def vectors(x, group, y, count):
    beta = sample("beta", dist.Normal(np.zeros((count, x.shape[1])), 1.0).to_event(2))
    scale = sample("scale", dist.LogNormal(np.zeros(count), 0.5).to_event(1))
    with plate("data", len(y)):
        sample("y", dist.Normal(np.sum(beta[group] * x, axis=1), scale[group]), obs=y)


def vectors_guide(x, group, y, count):
    normal("beta", (count, x.shape[1]))
    loc = param("scale.loc", np.zeros(count))
    sample("scale", dist.LogNormal(loc, 0.2).to_event(1))


def matrices(x, group, y, count):
    beta = sample("beta", dist.Normal(np.zeros((count, x.shape[1], 2)), 1.0).to_event(3))
    with plate("data", len(y)):
        mean = np.sum(beta[group] * x[:, :, None], axis=1)
        sample("y", dist.Normal(mean[:, 0] - mean[:, 1], 1.0), obs=y)


def matrices_guide(x, group, y, count):
    normal("beta", (count, x.shape[1], 2))


def crossed(x, group, y, other, count):
    alpha = sample("alpha", dist.Normal(np.zeros(count), 1.0).to_event(1))
    beta = sample("beta", dist.Normal(np.zeros(count), 1.0).to_event(1))
    gamma = sample("gamma", dist.Normal(np.zeros(5), 1.0).to_event(1))
    with plate("data", len(y)):
        sample("y", dist.Normal(alpha[group] + beta[group] * x + gamma[other], 1.0), obs=y)


def crossed_guide(x, group, y, other, count):
    normal("alpha", (count,))
    normal("beta", (count,))
    normal("gamma", (5,))


def nested(x, group, y, region, height, count):
    gamma = sample("gamma", dist.Normal(np.zeros(3), 1.0).to_event(1))
    with plate("groups", count):
        alpha = sample("alpha", dist.Normal(gamma[region], 1.0))
    with plate("data", len(y)):
        mean = alpha[group] + gamma[region[group]] * x + height[group]
        sample("y", dist.StudentT(4.0, mean, 1.0), obs=y)


def nested_guide(x, group, y, region, height, count):
    normal("gamma", (3,))
    loc = param("alpha.loc", np.zeros(count))
    with plate("groups", count):
        sample("alpha", dist.Normal(loc, 0.3))


def counted_from_one(x, group, y, count):
    rate = sample("rate", dist.LogNormal(np.zeros(count), 0.5).to_event(1))
    with plate("data", len(y)):
        sample("y", dist.Poisson(rate[group - 1] * np.exp(x)), obs=y)


def counted_from_one_guide(x, group, y, count):
    normal_loc = param("rate.loc", np.zeros(count))
    sample("rate", dist.LogNormal(normal_loc, 0.2).to_event(1))


def cells(x, group, y, other, count):
    alpha = sample("alpha", dist.Normal(np.zeros((count, 5)), 1.0).to_event(2))
    beta = sample("beta", dist.Normal(np.zeros(count), 1.0).to_event(1))
    with plate("data", len(y)):
        sample("y", dist.Normal(alpha[group, other] + beta[group] * x, 1.0), obs=y)


def cells_guide(x, group, y, other, count):
    normal("alpha", (count, 5))
    normal("beta", (count,))


def by_region(x, group, y, other, region, count):
    table = sample("table", dist.Normal(np.zeros((3, 5)), 1.0).to_event(2))
    alpha = sample("alpha", dist.Normal(np.zeros(count), 1.0).to_event(1))
    with plate("data", len(y)):
        scale = np.exp(0.1 * alpha[group] * alpha[group]) + np.where(region[group] > 1, 1.0, 2.0)
        sample("y", dist.Normal(table[region[group], other] + alpha[group] * x, np.sqrt(scale)), obs=y)


def by_region_guide(x, group, y, other, region, count):
    normal("table", (3, 5))
    normal("alpha", (count,))


def pairs(x, group, y, size, count):
    alpha = sample("alpha", dist.Normal(np.zeros(count), 1.0).to_event(1))
    with plate("data", len(y)):
        logits = np.where(x > 0.0, alpha[group // 2], alpha[group] * x)
        sample("y", dist.Binomial(size[group], logits=logits), obs=y)


def pairs_guide(x, group, y, size, count):
    normal("alpha", (count,))


def wide(x, group, y, count):
    alpha = sample("alpha", dist.Normal(np.zeros((count, 3)), 1.0).to_event(2))
    with plate("data", len(y)):
        sample("x", dist.Normal(alpha[group], 1.0).to_event(1), obs=x)


def wide_guide(x, group, y, count):
    normal("alpha", (count, 3))


def two_outcomes(x, group, y, other, count):
    alpha = sample("alpha", dist.Normal(np.zeros(count), 1.0).to_event(1))
    gamma = sample("gamma", dist.Normal(np.zeros(5), 1.0).to_event(1))
    with plate("data", len(y)):
        sample("y", dist.Normal(alpha[group], 1.0), obs=y)
        sample("x", dist.StudentT(3.0, gamma[other], 1.0), obs=x)


def two_outcomes_guide(x, group, y, other, count):
    normal("alpha", (count,))
    normal("gamma", (5,))


def flagged(x, group, y, flag, count):
    alpha = sample("alpha", dist.Normal(np.zeros((3, count)), 1.0).to_event(2))
    with plate("data", len(y)):
        mean = np.where(flag, alpha[0, group], alpha[2, group] * x)
        sample("y", dist.Normal(mean, 1.0), obs=y, obs_mask=~np.isnan(y))


def flagged_guide(x, group, y, flag, count):
    normal("alpha", (3, count))
    loc = param("y.loc", 0.3)
    with plate("data", len(y)):
        sample("y_unobserved", dist.Normal(loc, 1.0))


def masked(x, group, y, flag, count):
    alpha = sample("alpha", dist.Normal(np.zeros((3, count)), 1.0).to_event(2))
    with plate("data", len(y)), vc.mask(mask=flag):
        sample("y", dist.Normal(alpha[0, group] + alpha[2, group] * x, 1.0), obs=y)


def masked_guide(x, group, y, flag, count):
    normal("alpha", (3, count))


def own_effects(x, group, y, count):
    alpha = sample("alpha", dist.Normal(np.zeros(count), 1.0).to_event(1))
    with plate("data", len(y)):
        effect = sample("effect", dist.Normal(alpha[group], 1.0))
        sample("y", dist.Normal(effect * x, 1.0), obs=y)


def own_effects_guide(x, group, y, count):
    normal("alpha", (count,))
    loc = param("effect.loc", np.zeros(len(y)))
    with plate("data", len(y)):
        sample("effect", dist.Normal(loc, 0.3))


def in_a_loop(x, group, y, count):
    alpha = sample("alpha", dist.Normal(np.zeros(count), 1.0).to_event(1))
    for i in range(len(y)):
        sample(f"y_{i}", dist.Normal(alpha[group[i]] * x[i], 1.0), obs=y[i])


def in_a_loop_guide(x, group, y, count):
    normal("alpha", (count,))


def choose(model, group, count, seed=0):
    """The guide and the arguments of a model, for these groups."""
    rng = np.random.default_rng(seed)
    rows = len(group)
    columns = (rows, 3) if model in (vectors, matrices, wide) else rows
    x, y = rng.normal(size=columns), rng.normal(size=rows)
    if model is counted_from_one:
        return counted_from_one_guide, (0.3 * x, group + 1, rng.poisson(2.0, rows), count)
    if model in (flagged, masked):
        y[rng.uniform(size=rows) < (0.2 if model is flagged else 0.0)] = np.nan
        guide = flagged_guide if model is flagged else masked_guide
        return guide, (x, group, y, rng.uniform(size=rows) < 0.6, count)
    if model is pairs:
        size = rng.integers(1, 9, count)
        return pairs_guide, (x, group, rng.binomial(size[group], 0.4), size, count)
    if model in (crossed, cells, two_outcomes):
        guide = {crossed: crossed_guide, cells: cells_guide, two_outcomes: two_outcomes_guide}[model]
        return guide, (x, group, y, rng.integers(0, 5, rows), count)
    if model is nested:
        return nested_guide, (x, group, y, rng.integers(0, 3, count), rng.normal(size=count), count)
    if model is by_region:
        return by_region_guide, (x, group, y, rng.integers(0, 5, rows), rng.integers(0, 3, count), count)
    guides = {slopes: slopes_guide, vectors: vectors_guide, matrices: matrices_guide, own_effects: own_effects_guide,
              in_a_loop: in_a_loop_guide, wide: wide_guide}  # fmt: skip
    return guides[model], (x, group, y, count)


MODELS = (slopes, vectors, matrices, crossed, nested, counted_from_one, cells, by_region, own_effects, in_a_loop,
          pairs, wide, two_outcomes, flagged, masked)  # fmt: skip


def assert_stages_agree(model, group, count, particles=1, python=True):
    guide, args = choose(model, np.asarray(group, np.int64), count)
    one = Evaluated(model, guide, args, particles=particles)
    loss, gradient = one.graph()
    for found, slope in (*([one.python()] if python else []), one.native()):
        assert found == pytest.approx(loss, rel=1e-11)
        np.testing.assert_allclose(slope, gradient, rtol=1e-9, atol=1e-9)
    return one


def keys(one):
    return {d.order.key.name for d in one.unit.kernel.data if isinstance(d, GroupsArgument)}


@pytest.mark.parametrize("particles", [1, 3])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_stages_agree(model, particles):
    # Groups 2 and 8 are empty.
    group = np.random.default_rng(1).choice([0, 1, 3, 4, 5, 6, 7], 300, p=[0.5, 0.3, 0.04, 0.04, 0.04, 0.04, 0.04])
    one = assert_stages_agree(model, group, 9, particles)
    expected = {own_effects: set(), flagged: set(), two_outcomes: {"group", "other"}}
    assert keys(one) == expected.get(model, {"group"})


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_gradients_are_those_of_central_differences(model):
    guide, args = choose(model, np.array([3, 0, 0, 1, 3, 3, 0]), 4)
    one = Evaluated(model, guide, args, particles=2)
    np.testing.assert_allclose(one.native()[1], one.central_differences(), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("model", [slopes, vectors, crossed, nested], ids=lambda model: model.__name__)
@pytest.mark.parametrize(
    ("rows", "count"), [(0, 3), (1, 1), (1, 5), (2, 2), (255, 1), (700, 1), (5, 900), (600, 600), (900, 300), (513, 2)]
)
def test_few_and_many_rows_and_groups(model, rows, count):
    assert_stages_agree(model, np.random.default_rng(2).integers(0, count, rows), count, python=False)


def test_many_rows():
    # Several blocks of pieces, of groups of very different sizes.
    group = np.minimum(np.random.default_rng(3).geometric(0.004, 20_000) - 1, 999)
    one = assert_stages_agree(slopes, group, 1000, particles=2, python=False)
    owners = next(
        array for d, array in zip(one.unit.kernel.data, one.fit.problem.keepalive)
        if isinstance(d, GroupsArgument) and d.part == "owners"
    )  # fmt: skip
    assert len(owners) > 2 * one.unit.kernel.block


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 6), max_size=40), st.sampled_from([slopes, vectors, cells]), st.integers(1, 2))
def test_any_groups(group, model, particles):
    assert_stages_agree(model, group, 7, particles)


def test_of_two_index_arrays_the_one_with_more_reads_decides():
    guide, args = choose(crossed, np.array([0, 1, 1]), 2)
    one = Evaluated(crossed, guide, args, machine_code=False)
    assert keys(one) == {"group"}
    ordered = {d.input.name for d in one.unit.kernel.data if isinstance(d, DataArgument) and d.order is not None}
    assert ordered == {"x", "y", "other"}


def test_no_array_grows_with_the_rows():
    for model in (slopes, vectors, crossed):
        guide, args = choose(model, np.array([0, 1, 1]), 2)
        work = Evaluated(model, guide, args, machine_code=False).unit.kernel.work
        assert isinstance(work, int) or "y.0" not in work.symbols


def test_new_groups_are_no_new_kernel():
    pair = Pair(slopes, slopes_guide)
    rng = np.random.default_rng(4)
    for rows, count in ((5, 2), (300, 7), (1, 3), (0, 2), (40, 100)):
        _, args = choose(slopes, rng.integers(0, count, rows), count)
        pair.bind(args, args, {}, {}, 1)
    assert sum(len(known) for known in pair._compiled.values()) == 1


def test_batches_with_other_groups_give_the_steps_of_single_fits():
    vc.clear_param_store()
    vc.set_rng_seed(5)
    rng = np.random.default_rng(5)
    batches = [choose(slopes, rng.integers(0, 6, rows), 6, rows)[1] for rows in (50, 50, 20, 50, 7)]
    svi = SVI(slopes, slopes_guide, Adam({"lr": 0.05}))
    svi.step(*batches[0])
    compiled = vc.compile_count()
    for batch in batches:
        svi.step(*batch)
        expected = Evaluated(slopes, slopes_guide, batch).graph()[0]
        assert Evaluated(slopes, slopes_guide, batch).native()[0] == pytest.approx(expected, rel=1e-11)
    assert vc.compile_count() == compiled


def test_data_that_was_given_stays_as_it_is():
    guide, args = choose(slopes, np.array([2, 0, 1, 0]), 3)
    before = [np.copy(a) for a in args]
    Evaluated(slopes, guide, args).native()
    for one, other in zip(args, before):
        np.testing.assert_array_equal(one, other)
