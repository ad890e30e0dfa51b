"""hoist and over_particles."""

import numpy as np
from support.graphs import N, data, parameter

from vicompile.ir import ops
from vicompile.ir.dims import symbol
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import FLOAT, Draw, Map, make
from vicompile.ir.walk import topological
from vicompile.lower.arrays.cumulative import cumsum
from vicompile.rewrite import hoist, over_particles

Y, P, S = data("y", N), parameter("p"), symbol("particles")


def primitives_in(roots):
    return {n.primitive for n in topological(roots) if isinstance(n, Map)}


def test_transcendental_functions_of_data_leave_the_kernel():
    result = hoist([ops.total(ops.lgamma(Y + 1.0) * P)])
    assert "lgamma" not in primitives_in(result.roots)
    assert "lgamma" in primitives_in(result.definitions.values())


def test_cheap_arithmetic_on_data_stays():
    result = hoist([ops.total((1.0 - Y) * P)])
    assert result.definitions == {}


def test_broadcast_data_is_hoisted_before_it_is_broadcast():
    wide = ops.broadcast_to(ops.log(Y), (S, N))
    result = hoist([ops.total(wide * P)])
    assert [n.shape for n in result.definitions] == [(N,)]


def test_what_cheap_data_reads_through_a_broadcast_leaves_too():
    table = data("table", S, N)
    result = hoist([ops.total((ops.broadcast_to(ops.log(Y), (S, N)) + table) * P)])
    assert [n.shape for n in result.definitions] == [(N,)]
    assert "log" not in primitives_in(result.roots)


def test_recurrences_of_data_leave_the_kernel():
    (running,) = hoist([ops.total(cumsum(Y) * P)]).definitions
    assert running.shape == (N + 1,)


def test_hoisting_keeps_the_value():
    loss = ops.total(ops.exp(Y) * P + ops.log(P))
    result = hoist([loss])
    values = {Y: np.array([0.1, -2.0]), P: np.float64(1.3)}
    known = dict(zip(result.definitions, interpret(list(result.definitions.values()), values, {"N": 2})))
    assert interpret(list(result.roots), {**values, **known}, {"N": 2})[0] == interpret([loss], values, {"N": 2})[0]


def test_the_sum_over_particles_is_the_sum_of_single_losses():
    draw = make(Draw, FLOAT, (N,), noise="normal", site="z", slot=0)
    loss = ops.total((Y - draw * ops.exp(P)) * draw) + P
    many = ops.total(over_particles([loss], S)[0])
    rows = np.random.default_rng(0).normal(size=(4, 3))
    values = {Y: np.arange(3.0), P: np.float64(0.2)}
    wide = next(n for n in topological([many]) if isinstance(n, Draw))
    assert wide.shape == (S, N)
    single = [interpret([loss], {**values, draw: row}, {"N": 3})[0] for row in rows]
    total = interpret([many], {**values, wide: rows}, {"N": 3, "particles": 4})[0]
    np.testing.assert_allclose(total, sum(single), rtol=1e-14)


def test_a_loss_without_draws_counts_once_per_particle():
    assert interpret([ops.total(*over_particles([P * P], S))], {P: np.float64(3.0)}, {"particles": 4})[0] == 36.0
