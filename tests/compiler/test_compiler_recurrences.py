"""Recurrences of data alone: no loop over steps is left in the kernel of the loss, and their values are the graph's."""

import numpy as np
import pytest
from support.stages import Evaluated

import vicompile as vc
import vicompile.distributions as dist
from vicompile.compiler import Pair
from vicompile.ir.nodes import Scan
from vicompile.ir.walk import topological

RNG = np.random.default_rng(3)


def guide(y, k):
    vc.sample("m", dist.Normal(vc.param("loc", 0.1), 0.3))


def running(y, k):
    m = vc.sample("m", dist.Normal(0.0, 1.0))
    total = np.cumsum(y[:, 0]) + np.cumprod(1.0 + 0.1 * y[:, 1]) + np.cumsum(k)
    vc.factor("f", -np.sum((total - m) ** 2) - m * np.sum(np.cumsum(y, axis=0) * np.cumsum(y, axis=1)))


def smoothed(y, k):
    m = vc.sample("m", dist.Normal(0.0, 1.0))
    level, count, both = 0.0, 0, y[0]
    for t in range(len(y)):
        level = 0.9 * level + y[t, 0]
        count = (count + k[t]) % 5
        both = 0.5 * both + np.sin(y[t])
        vc.factor(f"f_{t}", -((level + count - m) ** 2) * np.exp(-np.sum(both)))
    vc.factor("last", -m * np.sum(both) * level + m * count)


@pytest.mark.parametrize("model", [running, smoothed])
def test_they_are_gone_from_the_kernel_and_every_stage_agrees(model):
    one = Evaluated(model, guide, (RNG.normal(size=(9, 3)), RNG.integers(0, 4, 9)), 2)
    assert not any(isinstance(n, Scan) for n in topological([one.unit.loss, *one.unit.gradients]))
    loss, gradient = one.graph()
    assert loss == pytest.approx(one.objective_loss(), rel=1e-12)
    for other_loss, other_gradient in (one.python(), one.native()):
        assert other_loss == pytest.approx(loss, rel=1e-11)
        np.testing.assert_allclose(other_gradient, gradient, rtol=1e-10)
    np.testing.assert_allclose(gradient, one.central_differences(), rtol=1e-6)


def test_only_what_numpy_has_no_function_for_is_compiled():
    args = (RNG.normal(size=(9, 3)), RNG.integers(0, 4, 9))
    assert Pair(running, guide).bind(args, args, {}, {}).compiled.data_kernel is None
    pair = Pair(smoothed, guide)
    compiled = pair.bind(args, args, {}, {}).compiled
    assert compiled.data_kernel is not None
    before = vc.compile_count()
    longer = (RNG.normal(size=(23, 3)), RNG.integers(0, 4, 23))
    fit = pair.bind(longer, longer, {}, {})
    assert fit.compiled is compiled
    one = Evaluated(smoothed, guide, longer, 2)
    assert one.native()[0] == pytest.approx(one.graph()[0], rel=1e-11)
    empty = (np.zeros((1, 3)), np.zeros(1, int))
    one = Evaluated(smoothed, guide, empty, 2)
    assert one.native()[0] == pytest.approx(one.graph()[0], rel=1e-11)
    assert vc.compile_count() == before
