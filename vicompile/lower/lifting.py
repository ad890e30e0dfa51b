"""All rounds of a loop at once: whatever the body has traced gets a leading axis for the rounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..diagnostics import Record
from ..distributions import Distribution
from ..distributions.kinds import is_composite
from ..ir import ops
from ..ir.batch import lift
from ..ir.dims import Size
from ..ir.nodes import Index, Node
from . import arrays
from .trace import Check, Deterministic, SiteRecord, Trace


class Mark(Record):
    """How much had been traced at some moment."""

    sites: int
    named: int
    checks: int
    draws: int
    loops: int

    @classmethod
    def of(cls, trace: Trace) -> Mark:
        """Now."""
        return cls(len(trace.sites), len(trace.deterministics), len(trace.checks), len(trace.draws), len(trace.loops))

    def take_back(self, trace: Trace) -> None:
        """Forget what has been traced since."""
        del trace.sites[self.sites :], trace.deterministics[self.named :]
        del trace.checks[self.checks :], trace.draws[self.draws :], trace.loops[self.loops :]


def traced_since(trace: Trace, mark: Mark) -> list[Node]:
    """Everything that was traced since `mark`."""
    roots: list[Node] = [d.value for d in trace.deterministics[mark.named :]]
    for check in trace.checks[mark.checks :]:
        roots += check.nodes()
    for site in trace.sites[mark.sites :]:
        roots += [node for node in (site.value, site.scale, site.where) if node is not None]
        if site.distribution is not None:
            roots += [v for v in site.distribution.numbers().values() if isinstance(v, Node)]
    return roots


def lift_traced(trace: Trace, mark: Mark, size: Size, plate: str, leaves: Mapping[Node, Node], index: Index) -> None:
    """Give everything that was traced since `mark` a leading axis for the rounds.

    leaves: what stands in all rounds for what the body reads: indices, draws, carried values.
    """
    roots = traced_since(trace, mark)
    sites, named, checks = trace.sites[mark.sites :], trace.deterministics[mark.named :], trace.checks[mark.checks :]
    lifted = lift(roots, (size,), leaves.get, index)

    trace.sites[mark.sites :] = [_lifted_site(s, size, plate, lifted) for s in sites]
    trace.deterministics[mark.named :] = [Deterministic(d.name, lifted[d.value], d.span) for d in named]
    trace.checks[mark.checks :] = [_lifted_check(c, lifted) for c in checks]


def _lifted_check(check: Check, lifted: Mapping[Node, Node]) -> Check:
    if check.value is None:
        return check
    constraint = check.constraint
    if constraint is not None and any(isinstance(b, Node) for b in (constraint.low, constraint.high)):
        rank = check.value.rank - constraint.event_dim
        low, high = (_with_leading_axis(bound, rank, lifted) for bound in (constraint.low, constraint.high))
        constraint = constraint.with_bounds(low, high)
    return check.replaced(value=lifted[check.value], constraint=constraint)


def _with_leading_axis(value: Any, rank: int, lifted: Mapping[Node, Node]) -> Any:
    """A number of all rounds: where it varies, its new axis stands in front of `rank` axes."""
    if not isinstance(value, Node):
        return value
    fresh = lifted[value]
    if fresh.rank > value.rank:
        for _missing in range(rank - value.rank):
            fresh = arrays.expand_dims(fresh, 1)
    return fresh


def _lifted_site(site: SiteRecord, size: Size, plate: str, lifted: dict[Node, Node]) -> SiteRecord:
    value = lifted[site.value]
    if value.rank == site.value.rank:
        # The same observation or factor in every round.
        value = ops.broadcast_to(value, (size, *site.value.shape))
    distribution = site.distribution
    if distribution is not None:
        distribution = with_axis(distribution, size, lifted)
    batch = len(site.value.shape if site.distribution is None else site.distribution.batch_shape)
    scale, where = (_with_leading_axis(node, batch, lifted) for node in (site.scale, site.where))
    plates, dims = (*site.plates, plate), (*site.dims, -batch - 1)
    return site.replaced(distribution=distribution, value=value, plates=plates, scale=scale, where=where, dims=dims)


def with_axis(distribution: Any, size: Size, lifted: Mapping[Node, Node]) -> Any:
    """The distribution of all rounds: what varies got a leading axis, and the other axes stay aligned at the right.

    lifted: for each number among its parameters the number with that axis, or itself where it does not vary.
    """
    batch, reinterpreted = distribution.full_batch_shape, distribution.reinterpreted
    whole = _varied(distribution, size, len(batch), lifted)
    whole = whole._like(expanded=None, reinterpreted=0).expand((size, *batch))
    return whole.to_event(reinterpreted) if reinterpreted else whole


def _varied(distribution: Any, size: Size, batch_rank: int, lifted: Mapping[Node, Node]) -> Any:
    """The distribution with a leading axis on every number that varies, in front of `batch_rank` axes of the batch."""

    def param(name: str, value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(param(name, part) for part in value)
        if isinstance(value, Distribution):
            # A component of a mixture has more axes in its batch than the mixture itself.
            more = distribution.inner_axes.get(name, 0)
            return _varied(value, size, batch_rank + more + value.reinterpreted, lifted)
        if is_composite(value):
            rank = batch_rank + len(distribution.own_event_shape)
            return value.with_params(lambda _, number: _with_leading_axis(number, rank, lifted))
        return _with_leading_axis(value, batch_rank + distribution.arg_constraints[name].event_dim, lifted)

    params = {name: param(name, value) for name, value in distribution.params.items()}
    mask = _with_leading_axis(distribution.mask_condition, batch_rank - distribution.reinterpreted, lifted)
    expanded = distribution.expanded_shape
    if expanded is not None:
        own, old = distribution.own_event_shape, distribution.full_batch_shape
        expanded = (size, *[1] * (batch_rank - len(old)), *old, *own)
    return distribution._like(params=params, mask=mask, expanded=expanded)
