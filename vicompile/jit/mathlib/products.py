"""Products of matrices of medium size on one thread, by tiles that stay in registers, with nothing imported for them.

A matrix here has the elements of a column next to each other, and room for a multiple of ROWS of them and for a
multiple of COLUMNS columns; what is there beyond the matrix is finite, and zero where a sum runs over it.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils as untyped_cgutils

from vicompile.jit.mathlib.vectors import operation

cgutils: Any = untyped_cgutils
LANES, ROWS, COLUMNS = 4, 8, 4
DOUBLE, WORD = ir.DoubleType(), ir.IntType(64)
_VECTOR = ir.VectorType(DOUBLE, LANES)
_FLAGS = ("contract", "nsz")


def _padded(builder: Any, count: Any, multiple: int) -> Any:
    return builder.and_(builder.add(count, WORD(multiple - 1)), WORD(-multiple))


def _place(builder: Any, pointer: Any, row: Any, column: Any, rows: Any) -> Any:
    return builder.gep(pointer, [builder.add(row, builder.mul(column, rows))])


def _lanes_at(builder: Any, place: Any) -> Any:
    return builder.bitcast(place, _VECTOR.as_pointer())


def _load(builder: Any, place: Any) -> Any:
    return builder.load(_lanes_at(builder, place), align=8)


def _everywhere(builder: Any, number: Any) -> Any:
    one = builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), number, ir.IntType(32)(0))
    return builder.shuffle_vector(one, one, ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES))


def _further(builder: Any, index: Any, steps: int) -> Any:
    return builder.add(index, WORD(steps))


def _sums(builder: Any, count: int) -> list[Any]:
    found = [cgutils.alloca_once(builder, _VECTOR) for _ in range(count)]
    for one in found:
        builder.store(ir.Constant(_VECTOR, [0.0] * LANES), one)
    return found


def _add_product(builder: Any, total: Any, a: Any, b: Any) -> None:
    product = builder.fmul(a, b, flags=_FLAGS)
    builder.store(builder.fadd(builder.load(total), product, flags=_FLAGS), total)


def _times_transposed(builder: Any, out: Any, a: Any, b: Any, n: Any, m: Any, k: Any, lower: Any) -> None:
    """out = a b', a is n x k and b is m x k; lower: whether b is zero above its diagonal."""
    rows, b_rows, columns = _padded(builder, n, ROWS), _padded(builder, m, ROWS), _padded(builder, m, COLUMNS)
    is_lower = builder.icmp_signed("!=", lower, WORD(0))
    tiles = ROWS // LANES
    with (
        cgutils.for_range_slice(builder, WORD(0), rows, WORD(ROWS), WORD) as (row, _),
        cgutils.for_range_slice(builder, WORD(0), columns, WORD(COLUMNS), WORD) as (column, _),
    ):
        sums = _sums(builder, tiles * COLUMNS)
        diagonal = _further(builder, column, COLUMNS)
        is_short = builder.and_(is_lower, builder.icmp_signed("<", diagonal, k))
        with cgutils.for_range(builder, builder.select(is_short, diagonal, k)) as turn:
            first = _place(builder, a, row, turn.index, rows)
            left = [_load(builder, builder.gep(first, [WORD(LANES * t)])) for t in range(tiles)]
            for j in range(COLUMNS):
                number = builder.load(_place(builder, b, _further(builder, column, j), turn.index, b_rows))
                right = _everywhere(builder, number)
                for t in range(tiles):
                    _add_product(builder, sums[t * COLUMNS + j], left[t], right)
        for j in range(COLUMNS):
            first = _place(builder, out, row, _further(builder, column, j), rows)
            for t in range(tiles):
                target = _lanes_at(builder, builder.gep(first, [WORD(LANES * t)]))
                builder.store(builder.load(sums[t * COLUMNS + j]), target, align=8)


def _add_cross_product(builder: Any, out: Any, a: Any, b: Any, n: Any, m: Any, k: Any) -> None:
    """out += a' b, a is k x n and b is k x m."""
    rows, out_rows = _padded(builder, k, ROWS), _padded(builder, n, ROWS)
    height, width = COLUMNS, COLUMNS // 2
    with (
        cgutils.for_range_slice(builder, WORD(0), _padded(builder, n, height), WORD(height), WORD) as (i, _),
        cgutils.for_range_slice(builder, WORD(0), _padded(builder, m, width), WORD(width), WORD) as (j, _),
    ):
        sums = _sums(builder, height * width)
        with cgutils.for_range_slice(builder, WORD(0), rows, WORD(LANES), WORD) as (row, _):
            left = [_load(builder, _place(builder, a, row, _further(builder, i, c), rows)) for c in range(height)]
            for d in range(width):
                right = _load(builder, _place(builder, b, row, _further(builder, j, d), rows))
                for c in range(height):
                    _add_product(builder, sums[c * width + d], left[c], right)
        for c in range(height):
            for d in range(width):
                place = _place(builder, out, _further(builder, i, c), _further(builder, j, d), out_rows)
                lanes = builder.load(sums[c * width + d])
                total = builder.load(place)
                for lane in range(LANES):
                    total = builder.fadd(total, builder.extract_element(lanes, ir.IntType(32)(lane)), flags=_FLAGS)
                builder.store(total, place)


times_transposed = operation(
    "times_transposed", "vector vector vector word word word word", "nothing", _times_transposed
)
add_cross_product = operation("add_cross_product", "vector vector vector word word word", "nothing", _add_cross_product)
