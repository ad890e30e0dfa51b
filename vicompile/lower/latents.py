"""A latent site as unconstrained numbers: where it can be, and what shape the numbers behind it have."""

from __future__ import annotations

from ..diagnostics import CompileError
from ..distributions import Distribution
from ..distributions.constraints import Constraint, anything
from ..ir.dims import Dim, Shape
from ..ir.vectors import SizeMustBeKnown
from .errors import DiscreteLatent, HiddenLatent, NoUnconstrainedForm
from .signals import NeedFixed
from .trace import SiteRecord


def check_seen(site: SiteRecord) -> None:
    """Raise CompileError for a latent site that `block` hides."""
    if site.is_hidden:
        raise CompileError(HiddenLatent(site.span, site.name.partition(" (")[0]))


def latent_support(site: SiteRecord, distribution: Distribution) -> Constraint:
    """The support of the site's distribution, as it is given. Raises CompileError where no real numbers lead to it."""
    support: Constraint | None = distribution.support
    assert support is not None
    if support.is_discrete:
        raise CompileError(DiscreteLatent(site.span, site.name, type(distribution).__name__))
    if support is anything:
        raise CompileError(NoUnconstrainedForm(site.span, site.name, support.describe()))
    return support


def unconstrained_shape(site: SiteRecord, support: Constraint, shape: Shape) -> Shape:
    """The shape of the unconstrained numbers behind a value of this shape. Raises CompileError, NeedFixed."""
    try:
        return support.unconstrained_shape(shape)
    except SizeMustBeKnown as need:
        raise NeedFixed(need.size.symbols if isinstance(need.size, Dim) else frozenset(), site.span) from None
    except TypeError:
        raise CompileError(NoUnconstrainedForm(site.span, site.name, support.describe())) from None
