"""What lowering finds out about sizes on its way. The driver notes it and lowers again; both are rare and cheap."""

from __future__ import annotations

from ..diagnostics import Span
from ..ir.dims import Size


class NeedEqual(Exception):
    """Two sizes must agree for this program to make sense."""

    def __init__(self, left: Size, right: Size, span: Span) -> None:
        super().__init__(f"{left} == {right}")
        self.left, self.right, self.span = left, right, span


class NeedFixed(Exception):
    """The code depends on the value of these sizes or whole numbers."""

    def __init__(self, names: frozenset[str], span: Span) -> None:
        super().__init__(", ".join(sorted(names)))
        self.names, self.span = names, span
