"""Gathering diagnostics, so that one error tells all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from .diagnostic import Diagnostic
from .errors import CompileError


class Report:
    """The diagnostics found so far."""

    def __init__(self) -> None:
        self.diagnostics: list[Diagnostic] = []

    def add(self, diagnostic: Diagnostic) -> None:
        """Note one fault and go on."""
        self.diagnostics.append(diagnostic)

    @contextmanager
    def catching(self) -> Iterator[None]:
        """Take over the diagnostics of a CompileError raised inside, and go on after the block."""
        try:
            yield
        except CompileError as error:
            self.diagnostics.extend(error.diagnostics)

    def raise_if_any(self) -> None:
        """Raise one CompileError with everything found; nothing if there is nothing."""
        if self.diagnostics:
            raise CompileError(self.diagnostics)


@contextmanager
def collect() -> Iterator[Report]:
    """Collect diagnostics in the block, then raise them as one CompileError."""
    report = Report()
    with report.catching():
        yield report
    if report.diagnostics:
        raise CompileError(report.diagnostics) from None
