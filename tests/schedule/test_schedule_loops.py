"""The loop tree: how many passes over the data a graph takes, and where things live."""

from support.graphs import D, J, N, data, parameter, whole

from vicompile.autodiff import gradient
from vicompile.ir import ops
from vicompile.schedule import schedule
from vicompile.schedule.dependence import complete_at, operations, reads
from vicompile.schedule.fuse import Nest, fuse
from vicompile.schedule.kernel import Buffer, Literal, Loop, Store

X, Y, G = data("x", N, D), data("y", N), whole("g", N)
W, A = parameter("w", D), parameter("a", J)


def tree(*roots):
    ops_ = operations(roots)
    return fuse(ops_, {op: reads(op) for op in ops_})


def nests(items):
    return [item for item in items if isinstance(item, Nest)]


def kernel(loss, **params):
    wanted = list(params.values())
    offsets, total = {}, 0
    for node in wanted:
        offsets[node] = total
        for size in node.shape:
            total = total + size
    gradients = list(zip(gradient(loss, wanted), offsets.values()))
    return schedule("test", loss, gradients, params=offsets, draws={}, particles=None, origins={})


def loops(statements, variable=None):
    found = []
    for statement in statements:
        if isinstance(statement, Loop):
            if variable is None or statement.variable == variable:
                found.append(statement)
            found += loops(statement.body, variable)
    return found


def test_forward_and_reverse_of_a_regression_share_one_pass_over_the_rows():
    logits = ops.total(X * W, [1])
    loss = ops.total(ops.softplus(logits) - Y * logits)
    rows = [n for n in nests(tree(loss, *gradient(loss, [W]))) if n.size is N]
    assert len(rows) == 1


def test_a_value_that_needs_the_whole_sum_needs_a_second_pass():
    centred = Y - ops.total(Y * ops.exp(Y)) / 3.0
    rows = [n for n in nests(tree(ops.total(centred * centred))) if n.size is N]
    assert len(rows) == 2


def test_a_sum_is_complete_at_the_axes_it_keeps():
    assert complete_at(ops.total(ops.exp(X), [1])) == 1
    assert complete_at(ops.total(ops.exp(X), [0])) == 0
    assert complete_at(ops.exp(X)) == 2


def test_rows_without_inner_loops_are_not_blocked():
    body = kernel(ops.total(ops.exp(Y) * ops.broadcast_to(ops.total(W * W), (N,))), w=W).body
    assert not [s for s in body if isinstance(s, Buffer)]
    assert all(loop.step == 1 for loop in loops(body))


def test_rows_with_inner_loops_are_blocked_and_the_rows_are_innermost():
    logits = ops.total(X * W, [1])
    k = kernel(ops.total(ops.softplus(logits)), w=W)
    blocked = [loop for loop in loops(k.body) if loop.step > 1]
    assert len(blocked) == 1
    for inner in loops(blocked[0].body, "i1"):
        assert any(isinstance(s, Loop) and s.variable == "i0" for s in inner.body)
    assert [d.packed for d in k.data] == [True]


def test_a_scatter_by_group_of_rows_in_their_order_stands_in_a_loop_of_its_own():
    value = ops.gather(A, (G,), (N,))
    k = kernel(ops.total(ops.exp(value) * parameter("b", N)), a=A, b=parameter("b", N))
    with_scatter = [
        loop.body for loop in loops(k.body, "i0") if any(isinstance(s, Store) and s.accumulate for s in loop.body)
    ]
    assert [len(body) for body in with_scatter] == [1]


def test_workspace_does_not_grow_with_the_rows():
    logits = ops.total(X * W, [1])
    work = kernel(ops.total(ops.softplus(logits)), w=W).work
    assert isinstance(work, int) or "N" not in work.symbols


def test_a_loop_over_a_number_of_the_program_reads_it_at_run_time():
    # A short constant count would be unrolled into scalar code.
    y = data("y", 8)
    k = kernel(ops.total(ops.exp(y) * ops.broadcast_to(ops.total(W * W), (8,))), w=W)
    assert "@8" in k.symbols
    assert not [loop for loop in loops(k.body) if isinstance(loop.stop, Literal)]
