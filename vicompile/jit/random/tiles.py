"""The fill of base noise, emitted as vector code of LANES pairs at once.

Built here and not as Python text, because numba's front end needs milliseconds for each statement, and LLVM's
vectoriser tens of them for loops as long as these.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.core.errors import TypingError
from numba.extending import intrinsic

from vicompile.jit.mathlib.counter_based import box_muller, uniforms
from vicompile.jit.mathlib.lanes import DOUBLE, WORD, Bits, Real
from vicompile.jit.mathlib.pointers import ALIGNMENT
from vicompile.jit.mathlib.widths import ROUNDER, TWO_52

LANES = 8
TILE = 512  # pairs; rows are short (a handful of pairs), so that a tile takes several of them
REALS, WORDS = ir.VectorType(DOUBLE, LANES), ir.VectorType(WORD, LANES)


def floor_ratio(numerator: Real, denominator: Real, reciprocal: Real) -> Real:
    """Integer division in doubles, for integer vectors cannot divide: exact for non-negative integers below 2**50."""
    shifted = numerator.times_plus(reciprocal, ROUNDER)
    nearest = shifted.exact_sub(ROUNDER)
    too_large = (numerator - nearest * denominator).below(0.0)
    return nearest.where(too_large, nearest.exact_sub(1.0), nearest)


def whole(number: Real) -> Bits:
    """A non-negative integer below 2**52, given as a double, as an integer."""
    return number.exact_add(TWO_52).bits() & 0x000FFFFFFFFFFFFF


class Tile:
    """Up to TILE pairs of a few rows: where they belong, and their two numbers."""

    def __init__(self, builder: Any) -> None:
        self._builder = builder
        # One pair of buffers for each quantity; in the entry block, so that the stack does not grow in a loop.
        self.row, self.even, self.odd = (self._buffer(DOUBLE) for _ in range(3))
        self.block, self.site = (self._buffer(WORD) for _ in range(2))

    def _buffer(self, element: Any) -> Any:
        with self._builder.goto_entry_block():
            area = self._builder.alloca(ir.ArrayType(element, TILE))
            area.align = ALIGNMENT
            return self._builder.bitcast(area, element.as_pointer())

    def put(self, place: Any, block: Any, site: Any, row: Any) -> None:
        """Say which counter pair number `place` comes from."""
        for value, buffer in ((block, self.block), (site, self.site), (row, self.row)):
            self._builder.store(value, self._builder.gep(buffer, [place]))

    def vector(self, buffer: Any, place: Any) -> Any:
        """The address of LANES elements."""
        element = REALS if buffer.type == DOUBLE.as_pointer() else WORDS
        return self._builder.bitcast(self._builder.gep(buffer, [place]), element.as_pointer())

    def load(self, buffer: Any, place: Any) -> Any:
        """LANES elements."""
        return self._builder.load(self.vector(buffer, place), align=ALIGNMENT)

    def store(self, value: Any, buffer: Any, place: Any) -> None:
        """Set LANES elements."""
        self._builder.store(value, self.vector(buffer, place), align=ALIGNMENT)


def _splat(builder: Any, value: Any) -> Any:
    kind = ir.VectorType(value.type, LANES)
    first = builder.insert_element(ir.Constant(kind, ir.Undefined), value, ir.IntType(32)(0))
    return builder.shuffle_vector(first, first, ir.Constant(ir.VectorType(ir.IntType(32), LANES), None))


def _smaller(builder: Any, left: Any, right: Any) -> Any:
    return builder.select(builder.icmp_signed("<", left, right), left, right)


class Fill:
    """Emits the loops over kinds, tiles of a row, and groups of rows."""

    def __init__(self, builder: Any, values: Any) -> None:
        self._builder = builder
        names = ("noise", "plan", "first_step", "steps", "particles", "row", "normals", "uniforms", "seed")
        self._given = dict(zip(names, values))
        self._rows = builder.mul(self._given["steps"], self._given["particles"])
        self._particles = builder.sitofp(self._given["particles"], DOUBLE)
        self._share = builder.fdiv(ir.Constant(DOUBLE, 1.0), self._particles)
        self._tile = Tile(builder)

    def emit(self) -> None:
        """All of it."""
        builder, given = self._builder, self._given
        with cgutils.for_range(builder, WORD(2)) as kinds:
            is_normal = builder.icmp_signed("==", kinds.index, WORD(0))
            pairs = builder.select(is_normal, given["normals"], given["uniforms"])
            before = builder.select(is_normal, WORD(0), given["normals"])
            tiles = builder.sdiv(builder.add(pairs, WORD(TILE - 1)), WORD(TILE))
            with cgutils.for_range(builder, tiles) as tile:
                low = builder.mul(tile.index, WORD(TILE))
                width = _smaller(builder, builder.sub(pairs, low), WORD(TILE))
                self._columns(is_normal, builder.add(before, low), width)

    def _columns(self, is_normal: Any, start: Any, width: Any) -> None:
        """Pairs `start` to `start + width` of every row, as many rows at once as a tile holds."""
        builder = self._builder
        height = _smaller(builder, builder.sdiv(WORD(TILE), width), self._rows)
        self._describe(start, width, height)
        with builder.if_then(builder.icmp_signed(">", height, WORD(0))):
            groups = builder.sdiv(builder.sub(builder.add(self._rows, height), WORD(1)), height)
            with cgutils.for_range(builder, groups) as group:
                first = builder.mul(group.index, height)
                count = builder.mul(_smaller(builder, builder.sub(self._rows, first), height), width)
                vectors = builder.sdiv(builder.add(count, WORD(LANES - 1)), WORD(LANES))
                self._draw(first, vectors)
                with builder.if_then(is_normal):
                    self._make_normal(vectors)
                self._write(first, start, width, count)

    def _describe(self, start: Any, width: Any, height: Any) -> None:
        builder, given = self._builder, self._given
        plan = builder.gep(given["plan"], [builder.mul(start, WORD(2))])
        with cgutils.for_range(builder, height) as row, cgutils.for_range(builder, width) as column:
            entry = builder.gep(plan, [builder.mul(column.index, WORD(2))])
            block, site = builder.load(entry), builder.load(builder.gep(entry, [WORD(1)]))
            place = builder.add(builder.mul(row.index, width), column.index)
            self._tile.put(place, block, site, builder.sitofp(row.index, DOUBLE))
        used = builder.mul(height, width)
        rest = builder.and_(builder.neg(used), WORD(LANES - 1))
        with cgutils.for_range(builder, rest) as unused:
            self._tile.put(builder.add(used, unused.index), WORD(0), WORD(0), ir.Constant(DOUBLE, 0.0))

    def _draw(self, first: Any, vectors: Any) -> None:
        """Two uniforms for every pair of the tile."""
        builder, tile, given = self._builder, self._tile, self._given
        offset = Real(builder, _splat(builder, builder.sitofp(first, DOUBLE)))
        particles, share = (Real(builder, _splat(builder, one)) for one in (self._particles, self._share))
        seed, first_step = (Bits(builder, _splat(builder, given[name])) for name in ("seed", "first_step"))
        with cgutils.for_range(builder, vectors) as vector:
            place = builder.mul(vector.index, WORD(LANES))
            index = offset + Real(builder, tile.load(tile.row, place))
            step = floor_ratio(index, particles, share)
            particle = whole(index - step * particles)
            block, site = (Bits(builder, tile.load(buffer, place)) for buffer in (tile.block, tile.site))
            even, odd = uniforms((block, particle, whole(step) + first_step, site), seed)
            tile.store(even.value, tile.even, place)
            tile.store(odd.value, tile.odd, place)

    def _make_normal(self, vectors: Any) -> None:
        builder, tile = self._builder, self._tile
        with cgutils.for_range(builder, vectors) as vector:
            place = builder.mul(vector.index, WORD(LANES))
            even, odd = box_muller(*(Real(builder, tile.load(buffer, place)) for buffer in (tile.even, tile.odd)))
            tile.store(even.value, tile.even, place)
            tile.store(odd.value, tile.odd, place)

    def _write(self, first: Any, start: Any, width: Any, count: Any) -> None:
        """Move the pairs to their rows; where the rows lie one behind the other, in one go."""
        builder, given = self._builder, self._given
        begin = builder.add(builder.mul(first, given["row"]), builder.mul(start, WORD(2)))
        target = builder.gep(given["noise"], [begin])
        dense = builder.icmp_signed("==", given["row"], builder.mul(width, WORD(2)))
        stretch = builder.select(dense, count, width)
        with cgutils.for_range(builder, builder.sdiv(count, stretch)) as row:
            source = builder.mul(row.index, stretch)
            line = builder.gep(target, [builder.mul(row.index, given["row"])])
            with cgutils.for_range(builder, stretch) as column:
                place = builder.add(source, column.index)
                to = builder.gep(line, [builder.mul(column.index, WORD(2))])
                builder.store(builder.load(builder.gep(self._tile.even, [place])), to)
                builder.store(builder.load(builder.gep(self._tile.odd, [place])), builder.gep(to, [WORD(1)]))


def _fill_tiles(
    typing_context: Any, noise: Any, plan: Any, first_step: Any, steps: Any, particles: Any, row: Any,
    normals: Any, uniforms: Any, seed: Any,
) -> Any:  # fmt: skip
    """Write the noise of `steps` steps; the arguments are those of `fill_noise`."""
    numbers = (first_step, steps, particles, row, normals, uniforms, seed)
    if not all(isinstance(one, types.Integer) for one in numbers):
        raise TypingError(f"fill_tiles needs integers, not {numbers}")

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        Fill(builder, args).emit()
        return context.get_dummy_value()

    return types.void(noise, plan, *[types.int64] * 7), codegen


_fill_tiles.__name__ = "fill_tiles"
fill_tiles: Any = intrinsic(_fill_tiles)
