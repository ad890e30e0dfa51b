"""keep_sums: sums of products split into data and the rest, and nothing else does."""

import numpy as np
from support.golden import compile_and_bind
from support.graphs import D, N, data, parameter

import vicompile.distributions as dist
from vicompile.distributions import constraints
from vicompile.handlers import scale
from vicompile.ir import ops
from vicompile.ir.interpret import interpret
from vicompile.ir.nodes import Input, Scatter
from vicompile.ir.walk import topological
from vicompile.language import param, plate, sample
from vicompile.rewrite import hoist, keep_sums

Y, P = data("y", N), parameter("p")


def rewritten(node):
    return keep_sums([node])[node]


def sums_over_rows(node):
    """The sums that are left in the kernel."""
    kept = hoist([node])
    return [n for n in topological(kept.roots) if isinstance(n, Scatter)]


def test_bernoulli_log_density_needs_no_pass_over_the_data():
    loss = ops.total(Y * ops.log(P) + (1.0 - Y) * ops.log1p(-P))
    result = rewritten(loss)
    assert sums_over_rows(loss)
    assert not sums_over_rows(result)
    values = {Y: np.array([1.0, 0.0, 1.0, 1.0]), P: np.float64(0.3)}
    before, after = interpret([loss, result], values, {"N": 4})
    np.testing.assert_allclose(after, before, rtol=1e-14)


def test_a_constant_per_row_becomes_a_multiple_of_the_length():
    loss = ops.total(Y * P - ops.broadcast_to(ops.exp(P), (N,)))
    result = rewritten(loss)
    assert not sums_over_rows(result)
    values = {Y: np.arange(5.0), P: np.float64(0.3)}
    before, after = interpret([loss, result], values, {"N": 5})
    np.testing.assert_allclose(after, before, rtol=1e-14)


def test_squares_of_differences_stay_so_that_nothing_cancels():
    loss = ops.total((Y - P) * (Y - P))
    assert rewritten(loss) is loss
    values = {Y: np.array([1e9, 1e9 + 1.0]), P: np.float64(1e9)}
    assert interpret([rewritten(loss)], values, {"N": 2})[0] == 1.0


def test_a_function_of_data_and_parameter_stays():
    loss = ops.total(ops.exp(Y * P))
    assert rewritten(loss) is loss


def test_a_sum_along_one_axis_stays_correct():
    table, w = data("table", N, D), parameter("w", D)
    loss = ops.total(ops.total(table * w, [1]))
    values = {table: np.arange(6.0).reshape(3, 2), w: np.array([2.0, -1.0])}
    before, after = interpret([loss, rewritten(loss)], values, {"N": 3, "D": 2})
    np.testing.assert_allclose(after, before, rtol=1e-14)


def test_hoisted_inputs_depend_on_data_only():
    kept = hoist([rewritten(ops.total(Y * ops.log(P)))])
    for definition in kept.definitions.values():
        assert all(n.role == "data" for n in topological([definition]) if isinstance(n, Input))


def test_a_scale_leaves_the_sums_kept():
    def model(flips):
        fairness = sample("fairness", dist.Beta(2.0, 2.0))
        with plate("flips", len(flips)), scale(scale=0.25):
            sample("obs", dist.Bernoulli(fairness), obs=flips)

    def guide(flips):
        sample("fairness", dist.Beta(param("a", 2.0, constraint=constraints.positive), 2.0))

    unit = compile_and_bind(model, guide, (np.array([1.0, 0.0, 1.0]),)).compiled.unit
    assert "flips.0" not in {s for node in topological([unit.loss, *unit.gradients]) for s in _symbols(node)}


def _symbols(node):
    return {name for size in node.shape if not isinstance(size, int) for name in size.symbols}


def test_terms_of_data_alone_get_a_sum_of_their_own():
    loss = ops.total(Y * ops.log(Y + P) - ops.lgamma(Y + 1.0) - ops.exp(Y * P))
    result = rewritten(loss)
    values = {Y: np.array([1.0, 0.0, 4.0]), P: np.float64(0.3)}
    before, after = interpret([loss, result], values, {"N": 3})
    np.testing.assert_allclose(after, before, rtol=1e-14)
    # What is kept is one number, and not the logarithms of the factorials.
    assert [one.shape for one in hoist([result]).definitions] == [()]


def test_data_that_is_cheap_stays_beside_the_terms_that_do_not_split():
    loss = ops.total(ops.exp(Y * P) - Y)
    assert rewritten(loss) is loss
