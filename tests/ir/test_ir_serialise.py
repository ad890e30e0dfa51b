"""Graphs as JSON: what is read is what was written, for the guides of the corpus and for random graphs."""

import json
import math
import random

import pytest
from corpus.everything import CASES
from support.golden import compile_and_bind
from support.random_graphs import RandomGraph

from vicompile.ir import nodes, ops
from vicompile.ir.dims import extreme, symbol
from vicompile.ir.nodes import FLOAT, INT, Axis, Const, Draw, Index, Input, Iota, SharedDraw, Site, Slot, const, make
from vicompile.ir.serialise import FIELDS, UnknownNode, read_nodes, read_size, write_nodes, write_size

N, M = symbol("n"), symbol("m")


def there_and_back(roots):
    written, places = write_nodes(roots)
    return read_nodes(json.loads(json.dumps(written, allow_nan=False)), places)


def assert_identical(roots):
    again = there_and_back(roots)
    assert len(again) == len(roots)
    assert all(one is other for one, other in zip(again, roots))


def kinds(below=nodes.Node):
    for kind in below.__subclasses__():
        if not kind.__name__.startswith("_"):
            yield kind
        yield from kinds(kind)


def test_every_kind_of_node_can_be_written():
    assert set(kinds()) == {*FIELDS, Const}
    for kind, fields in FIELDS.items():
        slots = [name for base in kind.__mro__ for name in getattr(base, "__slots__", ())]
        assert set(fields) == set(slots) - {"__weakref__", "dtype", "shape"}


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_the_draws_and_densities_of_a_model_are_read_as_they_were(case):
    unit = compile_and_bind(case.model, case.guide, case.args, case.kwargs, case.particles).compiled.unit
    terms = [node for term in unit.objective.terms for node in (term.value, term.log_prob)]
    assert_identical([*terms, unit.loss, *unit.gradients])


@pytest.mark.parametrize("seed", range(30))
def test_random_graphs_are_read_as_they_were(seed):
    graph = RandomGraph(random.Random(seed))
    assert_identical([graph.loss, *graph.pool])


@pytest.mark.parametrize(
    "value", [0, -3, 1 << 62, True, False, 0.1, -0.0, 5e-324, 1e308, math.inf, -math.inf, math.nan]
)
def test_numbers_keep_type_and_bits(value):
    assert_identical([const(value)])


SIZES = [
    0,
    7,
    N,
    2 * N * M - 3 * N + 1,
    (N + 1) // 2,
    extreme("min", N * 2, M + 1),
    (extreme("max", N, M) + N) // 3 * M,
]


@pytest.mark.parametrize("size", SIZES)
def test_sizes_are_read_as_they_were(size):
    assert read_size(json.loads(json.dumps(write_size(size)))) is size


def test_leaves_and_index_entries_are_read_as_they_were():
    x = make(Input, FLOAT, (N, M), name="x", role="data")
    place = make(Iota, INT, (M,))
    leaves = [
        make(Draw, FLOAT, (N,), noise="normal", site="z", slot=1),
        make(SharedDraw, FLOAT, (), noise="uniform", site="rows", slot=0),
        make(Index, INT, (), name="i"),
        make(Site, FLOAT, (N,), name="z"),
        make(Slot, FLOAT, (3,), role="carry", key="scan0", number=2),
        ops.size_node(N - 1),
    ]
    views = [
        ops.gather(x, (N - 1, Axis(0, 1)), (M - 1,)),
        ops.gather(x, (place, Axis(0)), (M,)),
        ops.gather(x, (0, 1), ()),
    ]
    assert_identical([*leaves, *views, ops.scatter(ops.total(x, [0]), (place,), (N,), "max")])


def test_a_deep_graph_needs_no_deep_stack():
    node = make(Input, FLOAT, (), name="x", role="data")
    for _ in range(20_000):
        node = ops.sin(node)
    assert_identical([node])


def test_what_another_version_wrote_is_told():
    x = make(Input, FLOAT, (), name="x", role="data")
    written, places = write_nodes([ops.exp(x)])
    for old, new, told in [("exp", "expm2", "`expm2`"), ("Map", "Fold", "`Fold`")]:
        changed = json.loads(json.dumps(written).replace(f'"{old}"', f'"{new}"'))
        with pytest.raises(UnknownNode, match=told):
            read_nodes(changed, places)
    with pytest.raises(UnknownNode, match="fields"):
        read_nodes([[*written[0], 1]], [0])


def test_a_graph_that_is_not_well_formed_is_refused():
    x = make(Input, FLOAT, (N,), name="x", role="data")
    written, places = write_nodes([ops.exp(x)])
    written[1][2] = [3]
    with pytest.raises(ValueError, match="not well formed"):
        read_nodes(written, places)
