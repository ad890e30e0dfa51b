"""What the check collects from a function: its sites, parameters and plates, with their places."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from ..diagnostics import Record, Span

if TYPE_CHECKING:
    from .values import SiteName

Observed = Literal["yes", "no", "maybe"]


class Place(Record, eq=False):
    """Where a declaration stands and under which conditions it is reached.

    span: the call; name_span: its name argument.
    path: (branch, arm) of every `if` around it.
    loops: the loops around it that were walked once for all rounds.
    via: the calls of helper functions that lead to it, outermost first.
    """

    span: Span
    name_span: Span
    path: tuple[tuple[int, int], ...] = ()
    loops: tuple[int, ...] = ()
    via: tuple[Span, ...] = ()

    def excludes(self, other: Place) -> bool:
        """Whether no run reaches both: they are in different arms of one `if`."""
        arms = dict(self.path)
        return any(arms.get(branch, arm) != arm for branch, arm in other.path)


class PlateDecl(Record, eq=False):
    """One plate; `name`, `size` and `dim` are None when they are not known yet; `free` if its dim is left to its
    place.
    """

    name: str | None
    size: int | None
    dim: int | None
    span: Span
    free: bool = True


class SiteDecl(Record, eq=False):
    """One sample, deterministic or factor statement.

    distribution: the class, or None when it is not known yet.
    support: its support as a constraint, None when it is not known yet.
    options: the keys of `infer=`; None if there is an `infer=` whose keys are not known.
    """

    name: SiteName
    kind: str
    distribution: type | None
    observed: Observed
    plates: tuple[PlateDecl, ...]
    place: Place
    options: frozenset[str] | None = frozenset()
    support: Any = None

    @property
    def is_latent(self) -> bool:
        """Whether it is certainly drawn and not observed."""
        return self.kind == "sample" and self.observed == "no"


class ParamDecl(Record, eq=False):
    """One param statement; `initial` and `constraint` are None when they are not given or not known."""

    name: SiteName
    initial: Any
    constraint: Any
    place: Place


@dataclass
class Declarations:
    """All of one function, in the order of the source."""

    role: str
    sites: list[SiteDecl] = field(default_factory=list)
    params: list[ParamDecl] = field(default_factory=list)
    plates: list[PlateDecl] = field(default_factory=list)
