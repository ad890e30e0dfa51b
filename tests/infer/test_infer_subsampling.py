"""Subsampled plates in a fit: which elements are in, what they count, and that batches are unbiased."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.compiler import Pair
from vicompile.infer import SVI, NonFiniteLossError
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import SharedDraw
from vicompile.optim import Adam
from vicompile.svi.driver import evaluate

# A correct program fails a check of five standard errors once in two million times; seeds are fixed.
ERRORS = 5.0


def bind(model, guide, *args, particles=1):
    return Pair(model, guide).bind(args, args, {}, {}, particles)


def losses(fit, steps, seed=3):
    return evaluate(fit.problem, fit.initial_params(), seed=seed, steps=steps).losses


def gradients(fit, steps, seed=3):
    flat = fit.initial_params()
    return np.array([evaluate(fit.problem, flat, seed=seed, step=k).gradient for k in range(steps)])


# -- which elements are in: elements are told by powers of two, and the loss is minus their weighted sum


def same_guide(bits, k):
    vc.sample("z", dist.Normal(0.0, 1.0))


def telling(bits, k):
    vc.sample("z", dist.Normal(0.0, 1.0))
    with vc.plate("data", len(bits), subsample_size=k) as i:
        vc.factor("told", bits[i])


def batches_of(fit, steps, size, k):
    sums = -losses(fit, steps) * k / size
    return (np.round(sums).astype(np.int64)[:, None] >> np.arange(size)) & 1


@pytest.mark.parametrize("particles", [1, 3])
def test_each_step_has_a_fresh_batch_that_all_particles_share(particles):
    size, k, steps = 20, 5, 400
    fit = bind(telling, same_guide, 2.0 ** np.arange(size), k, particles=particles)
    found = batches_of(fit, steps, size, k)
    assert np.all(found.sum(axis=1) == k)
    # 400 of 15504 batches: about five pairs are equal by chance.
    assert len(np.unique(found, axis=0)) > 380
    np.testing.assert_array_equal(found, batches_of(fit, steps, size, k))


def test_every_pair_of_elements_is_equally_often_in():
    size, k, steps = 12, 3, 30_000
    found = batches_of(bind(telling, same_guide, 2.0 ** np.arange(size), k), steps, size, k)
    together = found.T @ found
    pairs = together[np.triu_indices(size, 1)]
    share = k * (k - 1) / (size * (size - 1))
    # Pairs of one batch are not independent: each count is within its own error, and their spread is as it should be.
    assert np.all(np.abs(pairs - steps * share) < ERRORS * np.sqrt(steps * share * (1 - share)))
    single = np.diag(together)
    each = k / size
    # Multivariate hypergeometric: the scaled sum of squares is chi-square with size - 1 degrees of freedom.
    statistic = np.sum((single - steps * each) ** 2) / (steps * each * (1 - each)) * (size - 1) / size
    assert stats.chi2.sf(statistic, size - 1) > 1e-4


def test_batches_of_successive_steps_are_independent():
    size, steps = 8, 40_000
    found = batches_of(bind(telling, same_guide, 2.0 ** np.arange(size), 1), steps, size, 1).argmax(axis=1)
    counts = np.bincount(found[::2] * size + found[1::2], minlength=size * size)
    expected = steps / 2 / size**2
    assert stats.chi2.sf(np.sum((counts - expected) ** 2) / expected, size**2 - 1) > 1e-4


def test_model_and_guide_have_the_same_elements():
    def guide(bits, k):
        vc.sample("z", dist.Normal(0.0, 1.0))
        with vc.plate("data", len(bits), subsample_size=k) as i:
            vc.factor("told_too", bits[i])

    # The guide's density counts with the opposite sign, so that equal batches cancel exactly.
    fit = bind(telling, guide, 2.0 ** np.arange(20), 5)
    np.testing.assert_array_equal(losses(fit, 100), 0.0)


def test_plates_of_other_names_have_other_elements():
    def two(bits, k):
        vc.sample("z", dist.Normal(0.0, 1.0))
        with vc.plate("data", len(bits), subsample_size=k) as i:
            vc.factor("one", bits[i])
        with vc.plate("others", len(bits), subsample_size=k) as j:
            vc.factor("other", -bits[j])

    fit = bind(two, same_guide, 2.0 ** np.arange(20), 5)
    assert np.mean(losses(fit, 100) != 0.0) > 0.95


# -- what they count


def line(x, y, k):
    w = vc.sample("w", dist.Normal(np.zeros(2), 1.0).to_event(1))
    with vc.plate("rows", len(y), subsample_size=k) as i:
        vc.sample("y", dist.Normal(x[i] @ w, 1.0), obs=y[i])


def line_guide(x, y, k):
    vc.sample("w", dist.Normal(vc.param("loc", np.array([0.4, -0.2])), 0.3).to_event(1))


def line_full(x, y, k):
    w = vc.sample("w", dist.Normal(np.zeros(2), 1.0).to_event(1))
    with vc.plate("rows", len(y)):
        vc.sample("y", dist.Normal(x @ w, 1.0), obs=y)


def line_data(n=30):
    rng = np.random.default_rng(8)
    x = rng.normal(size=(n, 2))
    return x, x @ [1.0, -1.0] + rng.normal(size=n)


def noise_rows(fit, step, seed):
    """The normals of a step's draw of `w`."""
    place = next(o for d, o in zip(fit.compiled.draws, fit.noise.offsets) if d.site == "w")
    return fit.noise.rows(step, fit.particles, seed)[:, place : place + 2]


def test_a_batch_of_all_elements_is_the_full_plate():
    x, y = line_data()
    batch, full = bind(line, line_guide, x, y, len(y)), bind(line_full, line_guide, x, y, len(y))
    for step in range(4):
        found, expected = (evaluate(f.problem, f.initial_params(), seed=5, step=step) for f in (batch, full))
        # The plate's noise has its own site number, so the sites' noise need not be the same: it is looked up.
        ours, theirs = noise_rows(batch, step, 5), noise_rows(full, step, 5)
        assert found.losses == pytest.approx(line_loss(x, y, ours), rel=1e-12)
        assert expected.losses == pytest.approx(line_loss(x, y, theirs), rel=1e-12)


def line_loss(x, y, noise):
    loc = np.array([0.4, -0.2])
    w = loc + 0.3 * noise[0]
    log_p = stats.norm.logpdf(w).sum() + stats.norm.logpdf(y, x @ w).sum()
    return stats.norm.logpdf(w, loc, 0.3).sum() - log_p


def test_the_mean_gradient_of_batches_is_the_full_gradient():
    x, y = line_data()
    loc, steps = np.array([0.4, -0.2]), 6000
    found = gradients(bind(line, line_guide, x, y, 4), steps)
    # E[d/dw of -log p(w, y)] at w ~ Normal(loc, 0.3): linear in w; the density of the guide at its own draw has none.
    expected = loc + x.T @ (x @ loc - y)
    error = found.std(axis=0, ddof=1) / np.sqrt(steps)
    assert np.all(np.abs(found.mean(axis=0) - expected) < ERRORS * error)
    assert np.all(error < 0.05 * np.abs(expected))


def test_one_compilation_for_all_batch_sizes():
    x, y = line_data()
    pair = Pair(line, line_guide)
    kernels = {id(pair.bind((x, y, k), (x, y, k), {}, {}).compiled) for k in (1, 2, 7, 30)}
    assert len(kernels) == 1


def test_a_step_that_fails_is_explained_with_its_own_batch():
    x, y = line_data()
    y[17] = 1e200
    with pytest.raises(NonFiniteLossError) as raised:
        SVI(line, line_guide, Adam(0.01)).run(500, x, y, 2, seed=3, progress_bar=False)
    assert raised.value.site == "y"
    # The rows of each step, as NumPy computes them from the step's noise: the bad one is in for the first time.
    fit = bind(line, line_guide, x, y, 2, particles=3)
    chosen = fit.compiled.unit.traces[0].plates["rows"].chosen
    draws = [(d, o) for d, o in zip(fit.compiled.draws, fit.noise.offsets) if isinstance(d, SharedDraw)]
    assert len(draws) == 2
    is_in = []
    for step in range(raised.value.step + 1):
        rows = fit.noise.rows(step, 1, 3)
        is_in.append(17 in interpret([chosen], {d: rows[0, o] for d, o in draws}, fit.sizes)[0])
    assert is_in == [False] * raised.value.step + [True]


# -- latents of the elements


def local_model(x, k):
    with vc.plate("d", len(x), subsample_size=k) as i:
        z = vc.sample("z", dist.Normal(0.0, 1.0))
        vc.sample("x", dist.Normal(z, 1.0), obs=x[i])


def local_guide(x, k):
    loc = vc.param("loc", np.zeros(len(x)))
    scale = vc.param("scale", 1.0, constraint=constraints.positive)
    with vc.plate("d", len(x), subsample_size=k) as i:
        vc.sample("z", dist.Normal(loc[i], scale))


def test_expected_gradient_of_local_latents_from_batches_of_one():
    steps = 12_000
    found = gradients(bind(local_model, local_guide, np.array([-0.5, 2.0]), 1), steps)
    # By loc and by log(scale), at loc 0 and scale 1: closed form (Pyro's test of gradients has the same numbers).
    expected = np.array([0.5, -2.0, 2.0])
    error = found.std(axis=0, ddof=1) / np.sqrt(steps)
    assert np.all(np.abs(found.mean(axis=0) - expected) < ERRORS * error)
    assert np.all(error < 0.06)
    # In each step the gradient goes to the one element that is in.
    assert np.all((found[:, 0] == 0.0) != (found[:, 1] == 0.0))


def test_a_fit_with_batches_of_local_latents_reaches_the_posterior():
    vc.clear_param_store()
    x = np.array([-0.5, 2.0, 1.0, 0.3, -1.2])
    svi = SVI(local_model, local_guide, Adam(0.005))
    result = svi.run(20_000, x, 2, seed=1, progress_bar=False)
    # Posterior: Normal(x / 2, sqrt(1 / 2)); what a constant step size leaves is about its root.
    np.testing.assert_allclose(result.params["loc"], x / 2, atol=0.12)
    assert abs(result.params["scale"] - np.sqrt(0.5)) < 0.06
    vc.clear_param_store()


# -- partly observed


def test_missing_observations_do_not_change_the_fit():
    """Dropped by a mask, or drawn as latents of their own: the posterior of the rest is that of the observed ones."""

    def dropped(y):
        m = vc.sample("m", dist.Normal(0.0, 1.0))
        with vc.plate("data", len(y)):
            vc.sample("y", dist.Normal(m, 1.0).mask(~np.isnan(y)), obs=y)

    def filled(y):
        m = vc.sample("m", dist.Normal(0.0, 1.0))
        with vc.plate("data", len(y)):
            vc.sample("y", dist.Normal(m, 1.0), obs=y, obs_mask=~np.isnan(y))

    def only(y):
        m = vc.sample("m", dist.Normal(0.0, 1.0))
        with vc.plate("data", len(y)):
            vc.sample("y", dist.Normal(m, 1.0), obs=y)

    def guide(y):
        vc.sample("m", dist.Normal(vc.param("loc", 0.3), vc.param("scale", 0.6, constraint=constraints.positive)))

    def filling_guide(y):
        m = vc.sample("m", dist.Normal(vc.param("loc", 0.3), vc.param("scale", 0.6, constraint=constraints.positive)))
        with vc.plate("data", len(y)):
            vc.sample("y_unobserved", dist.Normal(m, 1.0))

    y = np.array([0.5, np.nan, 2.0, np.nan, 1.5])
    kept = y[~np.isnan(y)]
    whole = bind(only, guide, kept)
    gaps = bind(dropped, guide, y)
    drawn = bind(filled, filling_guide, y)
    for step in range(3):
        expected = evaluate(whole.problem, whole.initial_params(), seed=2, step=step)
        for fit in (gaps, drawn):
            # The guide draws the gaps from their own model: they cancel, exactly up to rounding.
            found = evaluate(fit.problem, fit.initial_params(), seed=2, step=step)
            assert found.losses == pytest.approx(expected.losses, rel=1e-12)
            np.testing.assert_allclose(found.gradient, expected.gradient, rtol=1e-10, atol=1e-12)


def test_scale_and_mask_weigh_the_likelihood():
    def weighted(y, w):
        m = vc.sample("m", dist.Normal(0.0, 1.0))
        with vc.plate("data", len(y)), vc.scale(scale=w), vc.mask(mask=y > 0.0):
            vc.sample("y", dist.Normal(m, 1.0), obs=y)

    def guide(y, w):
        vc.sample("m", dist.Normal(vc.param("loc", 0.3), 0.6))

    y, w = np.array([0.5, -1.0, 2.0]), np.array([1.0, 3.0, 0.5])
    fit = bind(weighted, guide, y, w)
    m = 0.3 + 0.6 * fit.noise.rows(0, 1, 2)[0, 0]
    log_p = stats.norm.logpdf(m) + np.sum((w * stats.norm.logpdf(y, m))[y > 0.0])
    expected = stats.norm.logpdf(m, 0.3, 0.6) - log_p
    assert evaluate(fit.problem, fit.initial_params(), seed=2).losses[0] == pytest.approx(expected, rel=1e-12)
