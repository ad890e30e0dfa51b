"""Which loops over rows go by group, and what their kernels look like."""

from support.graphs import D, J, N, data, parameter, whole

from vicompile.autodiff import gradient
from vicompile.ir import ops
from vicompile.ir.dims import product
from vicompile.ir.nodes import INT, Axis, Iota, make
from vicompile.schedule import schedule
from vicompile.schedule.expressions import is_by_value
from vicompile.schedule.kernel import DataArgument, GroupsArgument, Loop, Name, Store

X, Y, G, H = data("x", N, D), data("y", N), whole("g", N), whole("h", N)
A, B, C, T = parameter("a", J), parameter("b", J, D), parameter("c", N), parameter("t", J, 5)


def kernel(loss, *wanted):
    """The kernel with gradients by some of the parameters."""
    offsets, total = {}, 0
    for node in (A, B, C, T):
        offsets[node] = total
        total = total + product(node.shape)
    gradients = [(one, offsets[node]) for one, node in zip(gradient(loss, wanted), wanted)]
    return schedule("test", loss, gradients, params=offsets, draws={}, particles=None, origins={})


def keys(k):
    return {d.order.key.name for d in k.data if isinstance(d, GroupsArgument)}


def by_group(source, *entries):
    shape = (N, *source.shape[len(entries) :])
    axes = (Axis(k) for k in range(1, len(shape)))
    index = (*(ops.broadcast_to(ops.gather(e, (Axis(0),), (N,)), (N,)) for e in entries), *axes)
    if len(shape) == 2:
        index = (*(ops.gather(e, (Axis(0),), shape) for e in entries), Axis(1))
    return ops.gather(source, index, shape)


def loops(statements):
    for statement in statements:
        if isinstance(statement, Loop):
            yield statement
            yield from loops(statement.body)


def test_the_rows_of_a_round_are_one_loop():
    k = kernel(ops.total(ops.exp(by_group(A, G)) * Y), A)
    assert keys(k) == {"g"}
    around = next(loop for loop in loops(k.body) if loop.variable == "round0")
    assert [loop.variable for loop in loops(around.body)] == ["i0"]
    # The sums of whole pieces alone go to places that the data tells.
    inside = [s for loop in loops(around.body) for s in loop.body if isinstance(s, Store)]
    assert [s.index for s in inside] == [Name("i0")]


def test_data_is_ordered_once_for_all_its_reads():
    loss = ops.total(ops.exp(by_group(A, G)) * Y) + ops.total(ops.exp(ops.total(by_group(B, G) * X, [1])) * Y)
    arguments = [d for d in kernel(loss, A, B).data if isinstance(d, DataArgument)]
    assert {(d.input.name, d.packed, d.order is not None) for d in arguments} == {("y", False, True), ("x", True, True)}
    assert len(arguments) == 2


def test_data_read_in_another_loop_keeps_a_copy_in_its_order():
    # A sum that is complete before the loop that adds up by group begins.
    before = ops.broadcast_to(ops.total(ops.exp(Y * C)), (N,))
    loss = ops.total(ops.exp(by_group(A, G) * before) * Y)
    arguments = [d for d in kernel(loss, A).data if isinstance(d, DataArgument)]
    assert {d.order is None for d in arguments if d.input.name == "y"} == {True, False}


def test_rows_of_parameters_stay_in_their_order():
    assert keys(kernel(ops.total(ops.exp(by_group(A, G)) * C), A)) == set()
    assert keys(kernel(ops.total(ops.exp(by_group(A, G) * Y)), C)) == set()


def test_positions_of_rows_stay_in_their_order():
    position = ops.to_float(make(Iota, INT, (N,)))
    assert keys(kernel(ops.total(ops.exp(by_group(A, G)) * position), A)) == set()


def test_neighbours_of_rows_stay_in_their_order():
    y = data("y", N + 1)
    later = ops.gather(y, (Axis(0, 1),), (N,))
    assert keys(kernel(ops.total(ops.exp(by_group(A, G)) * later), A)) == set()


def test_the_first_rows_of_longer_data_are_ordered_alone():
    y = data("y", N + 1)
    part = ops.gather(y, (Axis(0),), (N,))
    k = kernel(ops.total(ops.exp(by_group(A, G)) * part), A)
    assert {d.order.rows for d in k.data} == {N}


def test_what_goes_by_other_groups_or_by_none_is_a_loop_of_its_own():
    one, other = ops.total(ops.exp(by_group(A, G)) * Y), ops.total(ops.exp(by_group(B, H) * X))
    k = kernel(one + other + ops.total(ops.exp(C)), A, B, C)
    assert keys(k) == {"g", "h"}
    assert {d.order.key.name for d in k.data if isinstance(d, DataArgument) and d.input.name == "y"} == {"g"}
    assert {d.order.key.name for d in k.data if isinstance(d, DataArgument) and d.input.name == "x"} == {"h"}


def test_loops_that_pass_on_rows_have_one_order():
    # The second loop needs the sum of the first one and what that computed for each row.
    rows = ops.exp(by_group(A, G) * Y)
    loss = ops.total(rows * ops.broadcast_to(ops.total(rows), (N,)) * Y)
    k = kernel(loss, A)
    arguments = [d for d in k.data if isinstance(d, DataArgument)]
    assert {d.order is None for d in arguments} == {False}
    assert len([loop for loop in loops(k.body) if loop.variable == "round0"]) > 1


def test_rows_read_elsewhere_keep_the_order_of_all_that_passes_them_on():
    rows = ops.exp(by_group(A, G) * Y)
    pairs = ops.gather(rows, (Axis(0),), (N, N)) * ops.gather(rows, (Axis(1),), (N, N))
    assert keys(kernel(ops.total(ops.exp(pairs)), A)) == set()


def test_sums_kept_by_row_stay_in_their_order():
    rows = ops.exp(by_group(A, G) + C)
    assert keys(kernel(ops.total(rows), A, C)) == set()


def test_reads_alone_are_no_reason():
    assert keys(kernel(ops.total(ops.exp(by_group(A, G) * Y)))) == set()


def test_a_sum_by_two_arrays_stays_by_value():
    loss = ops.total(ops.exp(ops.gather(T, (G, H), (N,)) + by_group(A, G)))
    k = kernel(loss, T, A)
    assert keys(k) == {"g"}
    around = next(loop for loop in loops(k.body) if loop.variable == "round0")
    alone = [loop for loop in loops(around.body) if isinstance(loop.body[0], Store) and is_by_value(loop.body[0].index)]
    assert [len(loop.body) for loop in alone] == [1]
    assert keys(kernel(ops.total(ops.exp(ops.gather(T, (G, H), (N,)))), T)) == set()
