"""One pair, called again and again: what changes between calls is seen, by the same kernel or by another."""

import numpy as np
from scipy import stats
from support.stages import Evaluated

import vicompile.distributions as dist
from vicompile.compiler import Pair
from vicompile.infer import SVI
from vicompile.language import param, plate, sample
from vicompile.optim import Adam

Y = np.array([0.1, 0.2, 0.5])
LEVEL = 1.5


def scaled(value):
    return value * LEVEL


def model(y, n):
    m = sample("m", dist.Normal(0.0, 1.0))
    factor = 2.0 if n > 3 else 1.0
    with plate("data", len(y)):
        sample("y", dist.Normal(scaled(m) * factor * n, 1.0), obs=y)


def guide(y, n):
    sample("m", dist.Normal(param("loc", 0.3), 0.5))


def by_hand(one, y, n):
    (loc,) = one.flat
    m = loc + 0.5 * one.noise[0, 0]
    mean = m * LEVEL * (2.0 if n > 3 else 1.0) * n
    return stats.norm(loc, 0.5).logpdf(m) - stats.norm().logpdf(m) - stats.norm(mean, 1.0).logpdf(y).sum()


def test_numbers_that_decide_and_numbers_from_outside(monkeypatch):
    for n, level in ((2, 1.5), (5, 1.5), (2, 2.5)):
        monkeypatch.setitem(globals(), "LEVEL", level)
        one = Evaluated(model, guide, (Y, n), particles=1)
        np.testing.assert_allclose(one.native()[0], by_hand(one, Y, n), rtol=1e-12)


def test_one_kernel_for_every_outside_number(monkeypatch):
    pair = Pair(model, guide)

    def bound(n, y=Y):
        return pair.bind((y, n), (y, n), {}, {})

    first = bound(2)
    monkeypatch.setitem(globals(), "LEVEL", 7.0)
    second = bound(2, np.zeros(5))
    assert second.compiled is first.compiled
    (level,) = [array for node, array in second.values.items() if node.name == "scaled:LEVEL"]
    assert level == 7.0
    assert bound(5).compiled is not first.compiled
    assert bound(2).compiled is first.compiled


def test_the_same_call_again_sees_what_a_helper_reads(monkeypatch):
    def losses(svi):
        return svi.run(1, Y, 2, seed=0, progress_bar=False).losses

    svi = SVI(model, guide, Adam(0.01))
    before = losses(svi)
    monkeypatch.setitem(globals(), "LEVEL", 7.0)
    assert losses(svi) == losses(SVI(model, guide, Adam(0.01)))
    assert losses(svi) != before
