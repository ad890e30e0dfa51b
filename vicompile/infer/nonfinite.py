"""A fit that cannot go on: which step, which site turned non-finite first, and what was reached before.

The step is computed again from its last good parameters and its own noise, by the interpreter, site by site.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ..compiler.checks import at
from ..diagnostics import Diagnostic, InternalError, render
from ..distributions.constraints.base import shown
from ..ir.interpret import interpret
from ..ir.nodes import Node
from ..objective import parts
from ..svi.outcome import NonFinite, RunOutcome
from .replay import particles_of
from .state import FitState, constrained

if TYPE_CHECKING:
    import numpy.typing as npt

    from ..compiler import BoundFit
    from ..objective import Term
    from ..svi.state import SVIState

_HELP = (
    "lower the learning rate, start closer, or scale the data; "
    "`error.params` and the param store hold the last good parameters"
)


class LossNotFinite(Diagnostic):
    """A step whose loss is NaN or infinite, with the site where that began."""

    step: int
    loss: str
    role: str
    site: str
    what: str
    params: str

    code: ClassVar[str] = "loss-not-finite"
    message: ClassVar[str] = "step {step}: the loss is {loss}; it begins at site `{site}` of the {role}"
    label: ClassVar[str] = "{what}"
    note: ClassVar[str] = "the parameters before this step: {params}"
    help: ClassVar[str] = _HELP


class GradientNotFinite(Diagnostic):
    """A step whose loss is finite and whose gradient is not."""

    step: int
    loss: str
    name: str
    position: str
    params: str

    code: ClassVar[str] = "gradient-not-finite"
    message: ClassVar[str] = (
        "step {step}: the loss is {loss}, but its gradient by parameter `{name}`{position} is not finite"
    )
    label: ClassVar[str] = "the parameter"
    note: ClassVar[str] = "the parameters before this step: {params}"
    help: ClassVar[str] = _HELP


class NonFiniteLossError(ArithmeticError):
    """The next step has no finite loss and gradient; the fit stopped in front of it.

    step: its number, from 0. site: the first site that is not finite, None where only the gradient is not.
    params: the last good parameters by name, constrained; the param store holds them too. state: the state there.
    losses: float64, those of the steps that were taken. diagnostic: the report as data.
    """

    def __init__(
        self, diagnostic: Diagnostic, step: int, site: str | None, state: FitState, losses: npt.NDArray[np.float64]
    ) -> None:
        super().__init__(render(diagnostic))
        self.diagnostic, self.step, self.site, self.state, self.losses = diagnostic, step, site, state, losses
        self.params = state.params()

    def __reduce__(self) -> tuple[Any, ...]:
        """So that it crosses processes: exceptions are otherwise made anew from their message alone."""
        return type(self), (self.diagnostic, self.step, self.site, self.state, self.losses)


def stop_error(fit: BoundFit, outcome: RunOutcome) -> Exception:
    """The exception for a run that stopped in front of a step that cannot be taken."""
    stopped = outcome.stopped
    assert isinstance(stopped, NonFinite)
    if stopped.status:
        return InternalError("svi", f"the kernel failed with status {stopped.status}", fit.compiled.unit.text)
    state = FitState(outcome.state, tuple(fit.slots))
    diagnostic, site = _diagnose(fit, outcome.state, stopped, _shown(constrained(fit.slots, outcome.state.params)))
    return NonFiniteLossError(diagnostic, stopped.step, site, state, outcome.losses)


def _diagnose(fit: BoundFit, state: SVIState, stopped: NonFinite, params: str) -> tuple[Diagnostic, str | None]:
    found = None if np.isfinite(stopped.loss) else first_failure(fit, state.params, stopped.step, state.seed)
    loss = f"{stopped.loss:g}"
    if found is not None:
        term, what = found
        return LossNotFinite(term.span, stopped.step, loss, term.role, term.site, what, params), term.site
    if stopped.element is not None and np.isfinite(stopped.loss):
        slot, record = next(
            (s, r)
            for s, r in zip(fit.slots, fit.compiled.unit.params)
            if s.start <= stopped.element < s.start + s.count
        )
        free = slot.unconstrained_shape
        place = np.unravel_index(stopped.element - slot.start, free, order="F") if free else ()
        position = f"[{', '.join(str(int(k)) for k in place)}]" if place else ""
        return GradientNotFinite(record.span, stopped.step, loss, slot.name, position, params), None
    what = "each site is finite, their sum over the sites is not"
    if fit.compiled.unit.dtype == "float32":
        what = 'in float64 each site is finite: a number left the range of float32, and dtype="float64" has a wider one'
    return LossNotFinite(
        fit.compiled.unit.model.span, stopped.step, loss, "model", fit.compiled.unit.model.name, what, params
    ), None


def first_failure(fit: BoundFit, flat: npt.NDArray[np.float64], step: int, seed: int) -> tuple[Term, str] | None:
    """The first term of the objective that is not finite, guide before model, and what is wrong with it."""
    objective = fit.compiled.unit.objective
    assert objective is not None
    counted = list(parts(objective.terms))
    nodes = [node for term, _, number in counted for node in (term.value, number)]
    for values in particles_of(fit, flat, step, seed):
        results = interpret(nodes, values, fit.sizes)
        for (term, _, _), value, number in zip(counted, results[::2], results[1::2]):
            bad = ~np.isfinite(np.asarray(value, float))
            if bad.any() and term.role == "guide":
                draw = f"a draw here is {np.asarray(value)[bad].flat[0]:g}"
                return term, _invalid_argument(term, values, fit.sizes) or draw
            if not np.isfinite(number):
                number_of = "log density here" if term.divergence is None else "divergence from the prior"
                density = f"its {number_of} is {float(number):g}"
                outside = _outside_support(term, np.asarray(value, float), values, fit.sizes)
                return term, _invalid_argument(term, values, fit.sizes) or outside or density
        # Where an argument is invalid the kernel's functions may give NaN and NumPy's a number.
        for term in objective.terms:
            if (what := _invalid_argument(term, values, fit.sizes)) is not None:
                return term, what
    return None


def _invalid_argument(term: Term, values: Mapping[Node, Any], sizes: Mapping[str, int]) -> str | None:
    """The first argument of the term's distribution that is outside its constraint, in words."""
    if term.distribution is None:
        return None
    for kind, name, node, constraint in term.distribution.constrained_numbers():
        if not isinstance(node, Node):
            continue
        array = np.asarray(interpret([node], values, sizes)[0], float)
        found = constraint.outside(array)
        if found is not None:
            place, member, expected = found
            return f"`{name}` of `{kind}` is {shown(member)}{at(place)}, expected {expected}"
    return None


def _outside_support(term: Term, array: Any, values: Mapping[Node, Any], sizes: Mapping[str, int]) -> str | None:
    """The first element of the term's value that its distribution cannot produce, in words."""
    support = None if term.distribution is None else term.distribution.support
    if support is None:
        return None
    low, high = (interpret([b], values, sizes)[0] if isinstance(b, Node) else b for b in (support.low, support.high))
    found = support.with_bounds(low, high).outside(array)
    if found is None:
        return None
    place, member, expected = found
    return f"the value {shown(member)}{at(place)} is outside the support: {expected}"


def _shown(params: Mapping[str, Any]) -> str:
    parts = []
    for name, value in params.items():
        array = np.asarray(value)
        parts.append(
            f"{name} = {array:g}"
            if array.shape == ()
            else f"{name} from {array.min():g} to {array.max():g}"
            if array.size
            else ""
        )
    return ", ".join(part for part in parts[:6] if part) + (" ..." if len(parts) > 6 else "") or "none"
