"""What lowering gives: the sites of one function in order, its parameters, and what must hold of the data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy.typing as npt

from ..diagnostics import Record, Span
from ..distributions import Distribution
from ..distributions.constraints import Constraint
from ..ir.dims import Shape, Size
from ..ir.nodes import Draw, Index, Input, Node, Slot


class Origin(Record):
    """Where a node comes from, as kernels quote it."""

    site: str
    span: Span

    def __str__(self) -> str:
        place = f"{self.span.file.rpartition('/')[2]}:{self.span.line}"
        return f"{self.site}, {place}" if self.site else place


class SiteRecord(Record):
    """One site, or an indexed family of sites (`obs_{}`) from a loop.

    dims: for each of the plates its axis, counted from the right of the batch.
    value: a Site node for a latent, the data for an observed one; the draw itself where a latent of a guide had to be
        drawn on the way. A factor is an observed site without distribution.
    auxiliary: a latent of the guide that the model need not have.
    scale: what its log density is multiplied with, a number or an array that broadcasts with its batch; None for 1.
    where: of a latent that fills the gaps of observations where it is needed; the guide's density counts there only.
    is_hidden: a latent that no other program sees: it is drawn where it stands, and its density does not count.
    """

    name: str
    distribution: Distribution | None
    value: Node
    observed: bool
    plates: tuple[str, ...]
    span: Span
    auxiliary: bool = False
    scale: Node | None = None
    where: Node | None = None
    is_hidden: bool = False
    dims: tuple[int, ...] = ()

    @property
    def origin(self) -> Origin:
        """The place of its nodes."""
        return Origin(self.name, self.span)


class Deterministic(Record):
    """A named value."""

    name: str
    value: Node
    span: Span


class ParamRecord(Record):
    """A parameter: its unconstrained input, the expression of its initial value, its constraint.

    unconstrained: a Draw where the particles of a kernel are points, each with numbers of its own.
    """

    name: str
    unconstrained: Input | Draw
    initial: Node
    constraint: Constraint
    span: Span


class PlateRecord(Record):
    """A plate by its name. chosen: the indices of the elements that are in; None where all are."""

    name: str
    size: Size
    chosen: Node | None
    span: Span

    def disagreement(self, other: PlateRecord) -> tuple[str, Size, Size] | None:
        """What differs ("size" or "subsample") between two plates of one name, in both; None where nothing does."""
        if self.size != other.size:
            return "size", other.size, self.size
        if self.chosen is not other.chosen:
            return "subsample", other.length, self.length
        return None

    @property
    def length(self) -> Size:
        """How many elements are in."""
        return self.size if self.chosen is None else self.chosen.shape[0]


class Check(Record):
    """Something that must hold of the data, or of its sizes.

    "support": `value` lies within `constraint`. "given": the same, of a parameter that is not learned. "argument": of
    an argument of a distribution. "scale": of what log densities are multiplied with. "index": `value` lies from 0 to
    below `size`. "length": `needed` is at most `size`. "multiple": `needed` is a multiple of `size`. "subsample":
    `needed` lies from 1 to `size`.
    """

    kind: str
    name: str
    span: Span
    value: Node | None = None
    constraint: Constraint | None = None
    needed: Size = 0
    size: Size = 0

    def nodes(self) -> list[Node]:
        """What the check looks at: the value, and bounds that the data gives."""
        limits = (self.constraint.low, self.constraint.high) if self.constraint is not None else ()
        return [node for node in (self.value, *limits) if isinstance(node, Node)]


class LoopRecord(Record, eq=False):
    """A data-sized loop as it was traced for one free round: who draws its sites round by round needs that form.

    index: the leaf that counts the `size` rounds. carried: for each number that a round hands to the next its leaf, its
    value before the first round, and its next value. sites, loops: those of one round. draws: base noise of one round,
    and that of all rounds.
    """

    index: Index
    size: Size
    backwards: bool
    carried: tuple[tuple[Slot, Node, Node], ...]
    sites: tuple[SiteRecord, ...]
    loops: tuple[LoopRecord, ...]
    draws: tuple[tuple[Draw, Draw], ...]


@dataclass
class Trace:
    """Everything that one run of a function would do.

    draws: base noise of sites that were drawn on the way, because a later round of a loop depends on them.
    """

    sites: list[SiteRecord] = field(default_factory=list)
    draws: list[Draw] = field(default_factory=list)
    params: dict[str, ParamRecord] = field(default_factory=dict)
    deterministics: list[Deterministic] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    plates: dict[str, PlateRecord] = field(default_factory=dict)
    constants: dict[Input, npt.NDArray[Any]] = field(default_factory=dict)
    loops: list[LoopRecord] = field(default_factory=list)
    result: Any = None

    def shape(self, name: str) -> Shape:
        """The shape of a site's value."""
        return next(s.value.shape for s in self.sites if s.name == name)
