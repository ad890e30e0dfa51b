"""Calls in kernels: what is copied into memory for them, where they stand, and how their blocks are described."""

import pytest
from support.graphs import D, N, data, parameter

from vicompile.ir import linalg, ops, vectors
from vicompile.ir.dims import symbol
from vicompile.ir.nodes import Call, Map
from vicompile.schedule import schedule
from vicompile.schedule.blocks import with_whole_blocks
from vicompile.schedule.expressions import ZERO, plus, split_linear, times
from vicompile.schedule.kernel import HelperArgument, Invoke, Literal, Load, Loop, Name

P = symbol("@particles")


def kernel_of(loss, params=()):
    offsets = {p: k for k, p in enumerate(params)}
    return schedule("test", loss, [], params=offsets, draws={}, particles=P, origins={})


def found_in(statements, loops=()):
    """Every Invoke with the loops around it."""
    for statement in statements:
        if isinstance(statement, Loop):
            yield from found_in(statement.body, (*loops, statement))
        elif isinstance(statement, Invoke):
            yield statement, loops


def operand_of(node):
    """What becomes of the operand of a Cholesky factorisation."""
    loss = ops.total(linalg.cholesky(node))
    ((root, _, _),) = with_whole_blocks([(loss, 0, ())])
    (call,) = (a for a in root.args if isinstance(a, Call))
    return call.operands[0]


@pytest.mark.parametrize(
    "node",
    [
        parameter("a", N, N),
        data("a", D, N, N),
        ops.exp(parameter("a", N, N)),
        vectors.identity(N, parameter("a", N, N)),
        ops.broadcast_to(parameter("a", N, N), (D, N, N)),
        ops.broadcast_to(ops.exp(parameter("a", N, N)), (D, 3, N, N)),
    ],
)
def test_what_lies_in_memory_is_not_copied(node):
    assert operand_of(node) is node


@pytest.mark.parametrize(
    "node",
    [
        vectors.transpose(parameter("a", N, N)),
        parameter("a", N, N) * 2.0,
        ops.broadcast_to(parameter("v", N), (N, N)),
        ops.to_float(data("a", N, N, dtype="int64")),
    ],
)
def test_the_rest_is_copied(node):
    operand = operand_of(node)
    assert isinstance(operand, Map)
    assert operand.primitive == "copy"
    assert operand.operands == (node,)


def test_a_call_of_single_matrices_stands_outside_of_loops():
    a = parameter("a", N, N)
    kernel = kernel_of(ops.total(linalg.cholesky(ops.exp(a))), [a])
    ((invoke, loops),) = found_in(kernel.body)
    assert loops == ()
    assert invoke.lanes == Literal(1)
    assert invoke.out.stride == Literal(1)
    assert [d for d in kernel.data if isinstance(d, HelperArgument)] == [HelperArgument("cholesky", (N, 1, 1), False)]


def test_rows_of_a_plate_are_the_lanes_of_one_call():
    a, x = parameter("a", N, N), data("x", D)
    matrices = ops.broadcast_to(ops.exp(a), (D, N, N)) + vectors.insert_axis(
        vectors.insert_axis(ops.exp(x), -1), -1
    ) * vectors.identity(N, a)
    right = ops.broadcast_to(parameter("b", N), (D, N))
    loss = ops.total(linalg.solve_lower(matrices, right, vector=True))
    loss = loss + ops.total(linalg.solve_lower(a, ops.broadcast_to(x, (N, D)), vector=False))
    kernel = kernel_of(loss, [a, parameter("b", N)])
    invokes = list(found_in(kernel.body))
    in_lanes = [(invoke, loops) for invoke, loops in invokes if loops]
    ((invoke, loops),) = in_lanes
    assert [loop.step for loop in loops] == [256]
    assert invoke.lanes == Name("rows0")
    assert invoke.out.step == Literal(1)
    assert invoke.operands[0].step == Literal(1)
    assert invoke.operands[1].step == ZERO  # one right-hand side for all rows, where it is
    assert invoke.operands[1].pointer == "param_b"
    assert len(invokes) == 2


def test_sizes_and_scratch_are_shared():
    a = parameter("a", N, N)
    first = linalg.cholesky(ops.exp(a))
    loss = ops.total(first) + ops.total(linalg.cholesky(ops.exp(a) + linalg.product(first, first)))
    kernel = kernel_of(loss, [a])
    invokes = [invoke for invoke, _ in found_in(kernel.body)]
    assert len({invoke.helper for invoke in invokes}) == 2
    assert len({invoke.scratch for invoke in invokes}) == 2
    assert len(kernel.data) == 2


def test_positions_are_split_by_the_lane():
    lane, size = Name("i0"), Name("n")
    place = plus(times(size, plus(lane, Name("j"))), times(Literal(3), lane))
    offset, step = split_linear(place, "i0")
    assert offset == times(size, Name("j"))
    assert step == plus(size, Literal(3))
    assert split_linear(Name("k"), "i0") == (Name("k"), ZERO)
    with pytest.raises(AssertionError, match="linear"):
        split_linear(times(lane, lane), "i0")
    assert split_linear(Load("sizes", ZERO), "i0")[1] == ZERO
