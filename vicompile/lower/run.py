"""Lower one program: run it once, on nodes instead of numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..frontend.program import Program
from ..ir.nodes import Provenance
from ..specialise import HELPERS
from .context import Context
from .found import Found
from .inline import run_body
from .trace import ParamRecord, Trace
from .values import Scope


def lower(
    program: Program,
    variables: Mapping[str, Any],
    provenance: Provenance,
    known: Mapping[str, ParamRecord],
    prefix: str = "",
    sizes: Mapping[str, int] | None = None,
    draws_on_the_way: bool = False,
    found: Found | None = None,
) -> Trace:
    """The trace of `program` with its arguments and captured values as nodes, sizes and static values.

    variables: as `Arguments.variables` gives them, helpers included.
    known: parameters that the other program of the pair has declared.
    prefix: keeps the constants of two programs apart.
    sizes, draws_on_the_way, found: as in `Context`.

    Raises CompileError; NeedEqual and NeedFixed if sizes turn out to matter.
    """
    trace = Trace(params=dict(known))
    helpers = variables.get(HELPERS, {})
    context = Context(trace, provenance, prefix, helpers, sizes or {}, draws_on_the_way, found or Found())
    names = {q.name for q in program.parameters}
    captures = {n: v for n, v in variables.items() if n not in names and n != HELPERS}
    scope = Scope({n: v for n, v in variables.items() if n in names}, captures)
    context.effects = tuple(effect.bound(captures) for effect in program.effects)
    with provenance.active():
        trace.result = run_body(context, program, scope)
    return trace
