"""Terms of a sum over data that depend on one column of counts are taken once for each different count.

After it: sum_i (lgamma(y_i + phi) - y_i * s_i) reads sum_k times_k * lgamma(counts_k + phi) - sum_i y_i * s_i, where
`counts` are the different elements of y and `times` says how often each occurs. Only for columns of whole numbers,
which repeat, and for terms with a function that is worth it; where no function of parameters is in a term, `keep_sums`
and `hoist` do better.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import reduce

from ..diagnostics import Record
from ..ir import ops
from ..ir.dims import Size, symbol
from ..ir.nodes import FLOAT, Axis, Gather, Input, Map, Node, Scatter, make
from ..ir.walk import rebuild, topological
from .data_only import data_only
from .hoist import is_expensive


class Tally(Record):
    """A column of data and what is made of it when data is bound: two new inputs of the length `size`.

    The length is rounded up (see `compiler.tallies`): elements that are too many occur 0 times.
    """

    column: Input
    counts: Input
    times: Input
    size: str


def tally(roots: Sequence[Node], whole: Collection[Input]) -> tuple[dict[Node, Node], list[Tally]]:
    """Each root with such terms rewritten, and the tallies that they read. whole: the columns of whole numbers."""
    order = topological(roots)
    columns = [node for node in order if isinstance(node, Input) and node in whole and node.rank == 1]
    if not columns:
        return {root: root for root in roots}, []
    fixed = data_only(order)
    tallies = {column: _tally_of(column, number) for number, column in enumerate(columns)}
    used: dict[Input, Tally] = {}

    def change(node: Node) -> Node | None:
        if not (isinstance(node, Scatter) and node.combine == "add" and not node.index and node.source.rank == 1):
            return None
        found: list[Node] = []
        rest: list[Node] = []
        for sign, term in _terms(node.source):
            column = _only_column(term, tallies, fixed)
            if column is None:
                rest.append(sign * term)
                continue
            one = used.setdefault(column, tallies[column])
            found.append(ops.total(one.times * (sign * _at_counts(term, one))))
        if not found:
            return None
        if rest:
            found.append(ops.total(reduce(ops.add, rest)))
        return reduce(ops.add, found)

    return rebuild(roots, change), list(used.values())


def _tally_of(column: Input, number: int) -> Tally:
    name = f"@tally.{number}"
    length: Size = symbol(name)
    counts = make(Input, column.dtype, (length,), name=f"counts.{number}", role="data")
    return Tally(column, counts, make(Input, FLOAT, (length,), name=f"times.{number}", role="data"), name)


def _terms(node: Node) -> list[tuple[float, Node]]:
    """A tree of sums and differences as signed terms."""
    found: list[tuple[float, Node]] = []
    pending = [(1.0, node)]
    while pending:
        sign, one = pending.pop()
        if isinstance(one, Map) and one.primitive in ("add", "sub"):
            left, right = one.operands
            pending += [(sign if one.primitive == "add" else -sign, right), (sign, left)]
        elif isinstance(one, Map) and one.primitive == "neg":
            pending.append((-sign, one.operands[0]))
        else:
            found.append((sign, one))
    return found


def _only_column(term: Node, tallies: Mapping[Input, Tally], fixed: Collection[Node]) -> Input | None:
    """The one column along which the term varies, if a function of it and of parameters is worth a loop of its own."""
    columns: set[Node] = set()
    worth_it = False
    pending, seen = [term], {term}
    while pending:
        node = pending.pop()
        if isinstance(node, Input) and node in tallies:
            columns.add(node)
        elif isinstance(node, Map) and node.shape == term.shape:
            worth_it = worth_it or (node not in fixed and is_expensive(node))
            new = [a for a in node.operands if a not in seen]
            seen.update(new)
            pending += new
        elif not (isinstance(node, Gather) and _is_repeated(node)):
            return None
    (column,) = columns if len(columns) == 1 else (None,)
    return column if worth_it and isinstance(column, Input) and column.shape == term.shape else None


def _is_repeated(node: Gather) -> bool:
    """One number, broadcast."""
    return not any(isinstance(entry, (Axis, Node)) for entry in node.index)


def _at_counts(term: Node, one: Tally) -> Node:
    """The term at the different counts."""
    values: dict[Node, Node] = {one.column: one.counts}
    pending = [term]
    while pending:
        node = pending.pop()
        if node in values:
            continue
        if isinstance(node, Gather):
            # What it repeats is kept whole: below it may be arrays as long as the counts.
            values[node] = ops.gather(node.source, node.index, one.counts.shape)
            continue
        assert isinstance(node, Map)
        if all(a in values for a in node.operands):
            values[node] = ops.as_node(ops.apply(node.primitive, *(values[a] for a in node.operands)))
        else:
            pending += [node, *(a for a in node.operands if a not in values)]
    return values[term]
