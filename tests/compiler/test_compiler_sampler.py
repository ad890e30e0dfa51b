"""Draws of a bound guide, and of nodes in general, for many draws at once."""

import numpy as np
import pytest
from scipy import stats

import vicompile as vc
import vicompile.distributions as dist
from vicompile import constraints
from vicompile.compiler import Many, Pair, Sampler
from vicompile.ir import ops
from vicompile.ir.dims import symbol
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import FLOAT, Input, make

Y = np.array([0.3, -1.0, 2.0])


def model(y):
    tau = vc.sample("tau", dist.HalfNormal(1.0))
    with vc.plate("rows", len(y)):
        theta = vc.sample("theta", dist.Normal(0.0, tau))
        vc.sample("y", dist.Normal(theta, 1.0), obs=y)


def guide(y):
    loc = vc.param("loc", lambda: 0.5 * y)
    a = vc.param("a", 3.0, constraint=constraints.positive)
    tau = vc.sample("tau", dist.Gamma(a, 2.0))
    with vc.plate("rows", len(y)):
        vc.sample("theta", dist.Normal(loc, 0.1 * tau))


def bound(**settings):
    return Pair(model, guide, **settings).bind((Y,), (Y,), {}, {})


def test_draws_of_a_guide_have_the_distributions_of_its_sites():
    fit = bound(last="objective")
    drawn = Sampler.of(fit).draw(fit.initial_params(), 4000, seed=2)
    assert drawn["tau"].shape == (4000,)
    assert drawn["theta"].shape == (4000, 3)
    assert stats.kstest(drawn["tau"], stats.gamma(3.0, scale=0.5).cdf).pvalue > 0.01
    standard = (drawn["theta"] - 0.5 * Y) / (0.1 * drawn["tau"][:, None])
    assert stats.kstest(standard.ravel(), stats.norm.cdf).pvalue > 0.01


def test_the_seed_decides_and_no_kernel_is_compiled():
    before = vc.compile_count()
    fit = bound(last="objective")
    sampler, flat = Sampler.of(fit), fit.initial_params()
    one, same, other = (sampler.draw(flat, 5, seed=seed)["tau"] for seed in (0, 0, 1))
    np.testing.assert_array_equal(one, same)
    assert not np.any(one == other)
    assert vc.compile_count() == before


def test_chunks_of_draws_are_put_together(monkeypatch):
    fit = bound(last="objective")
    whole = Sampler.of(fit).draw(fit.initial_params(), 7, seed=4)
    monkeypatch.setattr("vicompile.compiler.memory.DOUBLES", 60)
    parts = Sampler.of(fit).draw(fit.initial_params(), 7, seed=4)
    np.testing.assert_array_equal(whole["theta"], parts["theta"])
    assert Sampler.of(fit).draw(fit.initial_params(), 0, seed=4)["theta"].shape == (0, 3)


@pytest.mark.parametrize("count", [1, 6])
def test_many_draws_are_what_one_by_one_gives(count):
    n = symbol("x.0")
    x = make(Input, FLOAT, (n,), name="x", role="data")
    u = make(Input, FLOAT, (n,), name="u", role="data")
    roots = [ops.total(ops.exp(u) * x), ops.square(x), u + 1.0]
    rng = np.random.default_rng(5)
    data, draws, sizes = rng.normal(size=4), rng.normal(size=(count, 4)), {"x.0": 4}
    found = Many(roots, [u]).values({x: data}, {u: draws}, sizes, count)
    for k in range(count):
        expected = interpret(roots, {x: data, u: draws[k]}, sizes)
        for got, wanted in zip(found, expected):
            np.testing.assert_allclose(got[k], wanted, rtol=1e-14)
