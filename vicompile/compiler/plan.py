"""In which order the values behind a kernel's data are computed: found once, followed for each new data."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..ir.nodes import Const, Input, Map, Node
from ..ir.nodes import Size as SizeNode
from ..ir.walk import topological
from ..specialise import AttributeTree, BoundCall, Table
from .checks import PreparedCheck, prepared
from .missing import unguarded_inputs
from .recurrences import needs_steps

if TYPE_CHECKING:
    from .pipeline import Unit


class DataPlan:
    """What one kernel wants of its data.

    inputs: the data inputs by the argument that they come from. numbers: single numbers that no data changes.
    checks: what must hold. definitions: what is computed from the data before the first step, operands first; hoisted:
    the inputs that stand for it. Those that need a recurrence are left to `recurrences`.
    """

    def __init__(self, unit: Unit) -> None:
        self.inputs = inputs_by_argument(unit.variables)
        lenient = unit.objective is not None and unit.objective.draws_may_index
        checks = [one for trace in unit.traces for one in trace.checks]
        self.checks: list[PreparedCheck] = prepared(checks, draws_may_index=lenient)
        ours = {one: node for one, node in unit.definitions.items() if not needs_steps(node)}
        roots = list(ours.values())
        self.hoisted = list(zip(ours, roots))
        self.definitions = topological(roots)
        followed = [*self.definitions, *(node for check in self.checks for node in check.order)]
        self.numbers = _numbers(dict.fromkeys(followed))
        self._unit = unit

    def reads_unguarded(self, argument: str) -> bool:
        """Whether a NaN in this argument would reach the loss or an initial value."""
        return not self._unguarded.isdisjoint(self.inputs.get(argument, ()))

    @cached_property
    def _unguarded(self) -> set[Input]:
        objective = self._unit.objective
        assert objective is not None
        return unguarded_inputs([objective.loss, *(record.initial for record in self._unit.params)])


def _numbers(nodes: Iterable[Node]) -> list[Node]:
    found: dict[Node, None] = {}
    for node in nodes:
        if isinstance(node, (Const, SizeNode)) or (isinstance(node, Map) and all(a in found for a in node.operands)):
            found[node] = None
    return list(found)


def inputs_by_argument(variables: Iterable[dict[str, Any]]) -> dict[str, list[Input]]:
    """The data inputs among the variables of the programs."""
    found: dict[str, list[Input]] = {}
    for one in variables:
        pending = list(one.values())
        while pending:
            value = pending.pop()
            if isinstance(value, Input):
                found.setdefault(value.name, []).append(value)
            elif isinstance(value, dict):
                pending.extend(value.values())
            elif isinstance(value, AttributeTree):
                pending.extend(value.attributes.values())
            elif isinstance(value, BoundCall):
                pending.extend((*value.args, *value.keywords.values()))
            elif isinstance(value, Table):
                pending.extend(value.columns.values())
            elif isinstance(value, (tuple, list)):
                pending.extend(value)
    return found
