"""Random graphs keep their value through every pass, stay well-formed, and have the gradient that differences give."""

import random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.random_graphs import RandomGraph

from vicompile.autodiff import gradient
from vicompile.ir import ops
from vicompile.ir.dims import symbol
from vicompile.ir.evaluation import Evaluation
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import Draw
from vicompile.ir.verify import verify
from vicompile.ir.walk import topological
from vicompile.rewrite import hoist, keep_sums, over_particles, simplify, take_elements

S = symbol("particles")


def value_of(roots, values, sizes):
    with np.errstate(all="ignore"):
        return interpret(list(roots), values, sizes)


def check_passes(graph, n):
    values, sizes = graph.values(n), {"N": n, "particles": 2}
    expected = float(value_of([graph.loss], values, sizes)[0])
    assert np.isfinite(expected)
    assert float(Evaluation([graph.loss])(values, sizes)[0]) == pytest.approx(expected, rel=1e-11, abs=1e-12)
    node = graph.loss
    for a_pass in (take_elements, simplify, keep_sums):
        node = a_pass([node])[node]
        verify([node])
        assert float(value_of([node], values, sizes)[0]) == pytest.approx(expected, rel=1e-11, abs=1e-12), (
            a_pass.__name__
        )
    many = ops.total(over_particles([node], S)[0])
    verify([many])
    # Both particles have the same noise.
    wide = {one: np.stack([values[small]] * 2) for one in topological([many]) if isinstance(one, Draw)
            for small in graph.draws if small.slot == one.slot}  # fmt: skip
    both = {**values, **wide}
    assert float(value_of([many], both, sizes)[0]) == pytest.approx(2.0 * expected, rel=1e-11, abs=1e-12)
    roots = [many, *gradient(many, graph.params)]
    verify(roots)
    before = value_of(roots, both, sizes)
    simpler = simplify(roots)
    simple = [simpler[one] for one in roots]
    verify(simple)
    hoisted = hoist(simple)
    verify([*hoisted.roots, *hoisted.definitions.values()])
    known = dict(zip(hoisted.definitions, value_of(hoisted.definitions.values(), both, sizes)))
    for found in (value_of(simple, both, sizes), value_of(hoisted.roots, {**both, **known}, sizes)):
        for one, other in zip(found, before):
            np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-10)
    return before[1:], values, sizes


def check_gradient(graph, n):
    """Along one direction; at random values no kink is near."""
    slopes, values, sizes = check_passes(graph, n)
    rng, step = np.random.default_rng(3), 1e-6
    directions = {node: rng.normal(size=values[node].shape) for node in graph.params}
    ends = [
        float(
            value_of(
                [graph.loss], {**values, **{p: values[p] + sign * step * d for p, d in directions.items()}}, sizes
            )[0]
        )
        for sign in (1.0, -1.0)
    ]
    expected = (ends[0] - ends[1]) / (2.0 * step)
    parts = [0.5 * np.sum(slope * directions[p]) for p, slope in zip(graph.params, slopes)]
    assert sum(parts) == pytest.approx(expected, rel=1e-4, abs=1e-5 * (1.0 + sum(map(abs, parts))))


@given(st.integers(0, 2**40), st.sampled_from([0, 1, 2, 5]))
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None)
def test_passes_keep_the_value_and_gradients_are_differences(seed, n):
    check_gradient(RandomGraph(random.Random(seed)), n)
