"""Loops as they were traced for one round: kept beside their lifted form, nested as the loops are."""

import numpy as np
from support.lowered import Lowered

import vicompile.distributions as dist
from vicompile.ir.nodes import Site, Slot
from vicompile.ir.walk import topological
from vicompile.language import sample

Y = np.zeros((3, 4))


def test_a_loop_that_carries_values():
    def model(y):
        z = 1.0
        for t in range(y.shape[0]):
            z = sample(f"z_{t}", dist.Normal(0.5 * z, 1.0))
            sample(f"y_{t}", dist.Normal(z, 1.0), obs=y[t, 0])

    (loop,) = Lowered(model, Y).trace.loops
    assert [(site.name, site.value.shape) for site in loop.sites] == [("z_{}", ()), ("y_{}", ())]
    assert not loop.backwards
    ((leaf, start, following),) = loop.carried
    assert isinstance(leaf, Slot)
    assert following is loop.sites[0].value
    assert isinstance(following, Site)
    assert leaf in topological([loop.sites[0].distribution.loc])
    assert not start.shape


def test_loops_in_loops():
    def model(y):
        for i in range(y.shape[0]):
            level = 0.0
            for t in range(y.shape[1]):
                level = sample(f"level_{i}_{t}", dist.Normal(level, 1.0))
        for i in range(y.shape[0]):
            sample(f"x_{i}", dist.Normal(0.0, 1.0))

    outer, second = Lowered(model, Y).trace.loops
    (inner,) = outer.loops
    assert [site.name for site in outer.sites] == [site.name for site in inner.sites] == ["level_{}_{}"]
    assert (len(outer.sites[0].value.shape), len(inner.sites[0].value.shape)) == (1, 0)
    assert not outer.carried
    assert len(inner.carried) == 1
    assert second.loops == ()


def test_what_a_loop_tries_and_takes_back_leaves_no_record():
    """The kind of what is carried settles in the second try."""

    def model(y):
        total = 0
        for t in range(y.shape[0]):
            total = total + sample(f"z_{t}", dist.Normal(0.0, 1.0))
        sample("last", dist.Normal(total, 1.0))

    assert len(Lowered(model, Y).trace.loops) == 1
