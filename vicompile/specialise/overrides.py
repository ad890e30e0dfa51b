"""What a model turned out to need beyond the types of its arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..ir.dims import Size, substitute


@dataclass(frozen=True)
class Overrides:
    """Sizes that are no symbols of their own.

    fixed: sizes and whole numbers that the code depends on by value.
    equal: sizes that must agree, as symbol -> size.
    """

    fixed: Mapping[str, int] = field(default_factory=dict)
    equal: Mapping[str, Size] = field(default_factory=dict)

    def fixing(self, name: str, value: int) -> Overrides:
        """With one more number fixed."""
        equal = {symbol: substitute(size, {name: value}) for symbol, size in self.equal.items()}
        return Overrides({**self.fixed, name: value}, equal)

    def equating(self, name: str, size: Size) -> Overrides:
        """With one more symbol replaced by an equal size."""
        equal = {symbol: substitute(other, {name: size}) for symbol, other in self.equal.items()}
        return Overrides(self.fixed, {**equal, name: substitute(size, self.replacements)})

    @property
    def replacements(self) -> dict[str, Size]:
        """Every symbol that does not stand for itself."""
        return {**self.equal, **self.fixed}
