"""The whole search of a fit: where to start, the optimum of the family, what fresh draws say, and maybe once more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...diagnostics import Record, whole_number
from .diagnosis import DRAWS, diagnose
from .family import FAMILIES, choose, fit_family
from .gaussian import Gaussian, cholesky
from .many_dimensions import MOST_DENSE, find_diagonal_start
from .start import Start, find_start
from .target import OutOfGradients
from .verdict import verdict

if TYPE_CHECKING:
    from .diagnosis import Diagnosis
    from .family import Fitted
    from .target import Target
    from .verdict import Verdict

_CLOSE = 3.0  # nats: a mode that is not worse than that has a share in the posterior
_BETTER = 1.0  # nats that another start must be better to begin anew from it
_OTHER_SEED = 7919  # of the starts that are tried where the first fit is not good


class Plan(Record):
    """What is to be fitted: a family that is not "auto", and a rank for "lowrank"."""

    family: str
    rank: int | None

    @classmethod
    def of(cls, family: str, rank: int | None, size: int) -> Plan:
        """Checked against the number of dimensions. ValueError for what does not fit."""
        if family not in FAMILIES:
            raise ValueError(f"family must be one of {', '.join(FAMILIES)}, got {family!r}")
        chosen = choose(family, size)
        if chosen == "fullrank" and size > MOST_DENSE:
            raise ValueError(
                f'family="fullrank" is for up to {MOST_DENSE} dimensions, and this model has {size}: use "lowrank" or '
                '"meanfield"'
            )
        if rank is None:
            return cls(chosen, None)
        if family != "lowrank":
            raise ValueError(f'rank is for family="lowrank", and this is "{family}"')
        if whole_number("rank", rank, 1) > size:
            raise ValueError(f"rank is at most {size}, the number of dimensions; got {rank}")
        return cls(chosen, whole_number("rank", rank, 1))


class Found(Record, eq=False):
    """The end of a search. others: Gaussians around modes that disagree, with how much lower their ELBO is."""

    fitted: Fitted
    diagnosis: Diagnosis
    verdict: Verdict
    others: list[tuple[Gaussian, float]]
    gradients: int


def search(target: Target, plan: Plan, seed: int) -> Found | None:
    """None where the log density is finite nowhere near the origin. OutOfGradients before a start was found.

    Ctrl-C keeps what was reached; there is nothing yet before a start is found.
    """
    target.tell("looking for a start", None)
    if target.size > MOST_DENSE:
        diagonal = find_diagonal_start(target, seed)
        return None if diagonal is None else _judged(target, fit_family(target, plan, diagonal, seed), [], seed)
    start = find_start(target, seed)
    if start is None:
        return None
    found = _judged(target, fit_family(target, plan, start.gaussian, seed), start.others, seed)
    if found.verdict.quality == "good" or found.fitted.ladder.status in ("gradients", "interrupted"):
        return found
    try:
        better = _other_start(target, start, seed + _OTHER_SEED)
        if better is None:
            return found
        again = _judged(target, fit_family(target, plan, better.gaussian, seed), better.others, seed)
    except KeyboardInterrupt:
        return found
    return again if again.diagnosis.elbo > found.diagnosis.elbo else found


def _other_start(target: Target, start: Start, seed: int) -> Start | None:
    """A start that is better than the first one, from other points: its modes may all have been lower ones."""
    target.tell("looking for another start", start.elbo)
    try:
        other = find_start(target, seed)
    except OutOfGradients:
        return None
    return other if other is not None and other.elbo > start.elbo + _BETTER else None


def _judged(target: Target, fitted: Fitted, others: list[tuple[Gaussian, float]], seed: int) -> Found:
    approximation = fitted.ladder.gaussian
    spent, most = target.gradients, target.most
    target.most = spent + 2 * DRAWS
    found = of_judged = diagnose(target, approximation, seed + 1)
    name = ""
    if fitted.response is not None:
        # A mean-field Gaussian leaves correlations out on purpose: what is judged is the one that it implies.
        judged = Gaussian(approximation.mean, cholesky(fitted.response))
        of_judged, name = diagnose(target, judged, seed + 1), "the Gaussian by linear response"
    target.most = most
    close = [lower for _, lower in others if lower < _CLOSE]
    notes = [
        f"another mode is only {lower:.1f} nats lower" if lower < _CLOSE else f"a mode {lower:.0f} nats lower was left"
        for _, lower in others
    ]
    words = verdict(
        fitted.ladder,
        found,
        of_judged.log_weights,
        notes,
        judged=name,
        is_independent=fitted.family == "meanfield" and fitted.response is None,
        has_rival=bool(close),
    )
    return Found(fitted, found, words, others, spent)
