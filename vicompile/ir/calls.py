"""The whole-array functions: one row each.

A row has the function's NumPy meaning, the core sizes of its operands and its result, the native helper that computes
it, the helper's scratch memory, and its gradient. All fields are required. The helpers are in `vicompile.jit.linalg`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..diagnostics import Record
from . import dense
from .dims import Size

if TYPE_CHECKING:
    from .nodes import Call, Node

Gradient = Callable[..., "tuple[Node | None, ...]"]
Scratch = Callable[[Size, Size, Size], Size]


class Function(Record):
    """One whole-array function.

    evaluate: its meaning on NumPy arrays with any batch axes in front.
    operands, result: the core sizes as letters, "nm" for an n x m matrix. Where the letter m comes last it may be
        absent, together with its axis, from an operand and the result: vectors are solved for as well as matrices.
    helper, variant: the native helper, and the number that tells it which of its functions is meant.
    scratch: the doubles of scratch memory the helper needs, a function of (n, m, k); one more for each lane.
    gradient: `gradient(g, out, *operands)` gives the adjoint of each operand, None where it has none; None in place of
        the rule: it is never differentiated.
    """

    name: str
    evaluate: Callable[..., Any]
    operands: tuple[str, ...]
    result: str
    helper: str
    variant: int
    scratch: Scratch
    gradient: Gradient | None


def _rows() -> list[Function]:
    from . import linalg as la
    from . import vectors

    none: Gradient | None = None

    def triangular(n: Size, m: Size, k: Size) -> Size:
        return n * n + n * m

    def general(n: Size, m: Size, k: Size) -> Size:
        return n * n + n + 2 * n * m

    def products(n: Size, m: Size, k: Size) -> Size:
        return n * k + k * m + n * m

    def square(count: int) -> Scratch:
        return lambda n, m, k: count * n * n

    return [
        Function("cholesky", dense.cholesky, ("nn",), "nn", "cholesky", 0, square(1),
                 lambda g, out, a: (la.call("cholesky_adjoint", out, g),)),
        Function("cholesky_adjoint", dense.cholesky_adjoint, ("nn", "nn"), "nn", "cholesky_adjoint", 0, square(2),
                 none),
        Function("solve_lower", dense.solve_lower, ("nn", "nm"), "nm", "triangular", 0, triangular,
                 lambda g, out, a, b: _of_solve("solve_lower_transposed", a, g, out, False, vectors.tril)),
        Function("solve_lower_transposed", dense.solve_lower_transposed, ("nn", "nm"), "nm", "triangular", 1,
                 triangular, lambda g, out, a, b: _of_solve("solve_lower", a, g, out, True, vectors.tril)),
        Function("solve", dense.solve, ("nn", "nm"), "nm", "general", 0, general,
                 lambda g, out, a, b: _of_solve("solve_transposed", a, g, out, False)),
        Function("solve_transposed", dense.solve_transposed, ("nn", "nm"), "nm", "general", 1, general,
                 lambda g, out, a, b: _of_solve("solve", a, g, out, True)),
        Function("log_abs_det", dense.log_abs_det, ("nn",), "", "general", 2, general,
                 lambda g, out, a: (_scaled(g, la.call("solve_transposed", a, vectors.identity(a.shape[-1], a))),)),
        Function("sign_of_det", dense.sign_of_det, ("nn",), "", "general", 3, general, lambda g, out, a: (None,)),
        Function("product", dense.product, ("nk", "km"), "nm", "product", 0, products,
                 lambda g, out, a, b: (la.call("product_with_transposed", g, b),
                                       la.call("product_of_transposed", a, g))),
        Function("product_with_transposed", dense.product_with_transposed, ("nk", "mk"), "nm", "product", 1, products,
                 lambda g, out, a, b: (la.call("product", g, b), la.call("product_of_transposed", g, a))),
        Function("product_of_transposed", dense.product_of_transposed, ("kn", "km"), "nm", "product", 2, products,
                 lambda g, out, a, b: (la.call("product_with_transposed", b, g), la.call("product", a, g))),
    ]  # fmt: skip


def _scaled(factor: Node, a: Node) -> Node:
    """One number for each element of the batch times its matrix."""
    from . import vectors

    scaled: Node = vectors.insert_axis(vectors.insert_axis(factor, -1), -1) * a
    return scaled


def _of_solve(
    back: str, a: Node, g: Node, x: Node, transposed: bool, part: Callable[[Any], Any] = lambda a: a
) -> tuple[Node | None, ...]:
    """The adjoints of the matrix A and of the right-hand side B, where A X = B or A' X = B (`transposed`).

    That of B solves with the other of the two, by `back`; that of A is minus its product with X.
    """
    from . import linalg as la
    from . import vectors

    is_vector = x.rank < a.rank
    b = la.call(back, a, g, vector=is_vector)
    left, right = (x, b) if transposed else (b, x)
    if is_vector:
        return part(-(vectors.insert_axis(left, left.rank) * vectors.insert_axis(right, right.rank - 1))), b
    return part(-la.call("product_with_transposed", left, right)), b


_table: dict[str, Function] = {}


def calls() -> dict[str, Function]:
    """All rows by name."""
    if not _table:
        _table.update((row.name, row) for row in _rows())
    return _table


def batch_rank(call: Call) -> int:
    """The number of leading axes over which the call is repeated."""
    return call.operands[0].rank - len(calls()[call.function].operands[0])


def core_sizes(call: Call) -> dict[str, Size]:
    """The sizes n, m and k of one call; 1 where the function does not have them."""
    first = batch_rank(call)
    sizes: dict[str, Size] = {"n": 1, "m": 1, "k": 1}
    for letters, operand in zip(calls()[call.function].operands, call.operands):
        sizes.update(zip(letters, operand.shape[first:]))
    return sizes


def shapes_agree(call: Call) -> bool:
    """Whether batch axes are those of the result everywhere, and every letter is one size."""
    row, first, sizes = calls()[call.function], batch_rank(call), core_sizes(call)
    is_vector = call.operands[-1].rank - first == len(row.operands[-1]) - 1
    for letters, node in zip((*row.operands, row.result), (*call.operands, call)):
        expected = tuple(sizes[letter] for letter in letters)
        if is_vector and letters.endswith("m") and node is not call.operands[0]:
            expected = expected[:-1]
        if node.shape != (*call.shape[:first], *expected):
            return False
    return True
