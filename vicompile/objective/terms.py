"""What an objective is made of: the log densities of the sites, and how particles become one number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy.typing as npt

from ..diagnostics import Record, Span
from ..distributions import Distribution
from ..ir import ops
from ..ir.dims import symbol
from ..ir.nodes import Draw, Input, Node
from ..lower import ParamRecord

# How many particles there are: known when a kernel is bound.
PARTICLES = symbol("@particles")


class Term(Record):
    """One site's part of the objective, for one particle: its value, its log density, and the distribution that gives
    it, None for a factor.

    role: "model" or "guide". is_latent: whether the value is a draw. elements: the log density of each element of the
    batch, before `scale`. divergence: at a guide's term the closed form of
    KL(guide || prior), where the objective takes that in place of both log densities; pair: the names of the families.
    """

    site: str
    role: str
    span: Span
    value: Node
    log_prob: Node
    distribution: Distribution | None = None
    is_latent: bool = False
    elements: Node | None = None
    scale: Node | None = None
    divergence: Node | None = None
    pair: str = ""


def parts(terms: Sequence[Term]) -> Iterator[tuple[Term, float, Node]]:
    """What is summed to the loss of one particle: for each term its sign and its number. Where a closed form is taken
    it stands at the guide's term, and the model's has no part.
    """
    closed = {term.site for term in terms if term.divergence is not None}
    for term in terms:
        if term.divergence is not None:
            yield term, 1.0, term.divergence
        elif term.site not in closed:
            yield term, 1.0 if term.role == "guide" else -1.0, term.log_prob


class Combined(Record):
    """All particles together: the loss that is told, and the number whose gradient is taken in its place.

    Both are to be multiplied with `share` in the end; adjoints so start from 1.
    """

    loss: Node
    surrogate: Node
    share: Node


# A function of (first, count).
Schedule: TypeAlias = Callable[[int, int], npt.NDArray[Any]]
# Of nodes of shape (particles,).
Combine: TypeAlias = Callable[[Sequence[Node]], Combined]


def mean(columns: Sequence[Node]) -> Combined:
    """The mean of the first column."""
    total: Node = ops.total(columns[0])
    return Combined(total, total, 1.0 / ops.to_float(ops.as_node(columns[0].shape[0])))


@dataclass
class Objective:
    """`loss` is a scalar, that of one particle alone, called `name` in texts; `draws` are its base noise, in the order
    of the guide's sites, that of plates last.

    latents: the latent sites that are varied, where the question is not about a guide. at_points: whether each particle
    has values of its own for them, and gives a loss and a gradient of its own. draws_may_index: whether arrays may be
    indexed by draws, as NumPy can. columns: the numbers or arrays of which every particle has its own, by default the
    loss alone; combine: what becomes of them. constants: arrays behind inputs of the objective's own; scheduled: inputs
    whose number depends on the step, with its values at `count` steps from `first` on. notes: what `explain` tells.
    """

    loss: Node
    draws: list[Draw] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    latents: list[ParamRecord] = field(default_factory=list)
    name: str = "loss"
    at_points: bool = False
    draws_may_index: bool = False
    columns: list[Node] = field(default_factory=list)
    combine: Combine = mean
    constants: dict[Input, npt.NDArray[Any]] = field(default_factory=dict)
    scheduled: dict[Input, Schedule] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
